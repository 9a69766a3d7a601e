"""The reasons that findings of Task 3 give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "vm_can_be_granted": Reason("The VM has an identity to grant access to."),
    "policies_count": Reason("The vault goes by access policies, so a policy has effect."),
    "policy_for_vm": Reason("A policy is for the VM's identity."),
    "policy_missing": Reason("The vault has no policy at all."),
    "policy_only_for_caller": Reason("The only policy is for the identity the portal works as."),
    "policy_for_other_identity": Reason("Policies are for others, none for the VM."),
    "policy_not_there_to_look_at": Reason("A check needs the VM's policy, which is not there."),
    "policy_is_template": Reason("The policy is exactly Secret Management."),
    "policy_differs_from_template": Reason("The policy allows get, and differs from Secret Management otherwise."),
    "policy_without_get": Reason("The VM's policy does not allow getting secrets."),
}
