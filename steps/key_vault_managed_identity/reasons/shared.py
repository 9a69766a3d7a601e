"""The reasons that findings of several tasks give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "waits_for_another_check": Reason("A check cannot be made before another one of the task is put right."),
    "vm_missing": Reason("The VM is not in the group."),
    "vm_not_up_yet": Reason("The VM is starting, or in a state Azure does not name."),
    "vm_not_running": Reason("The VM is stopped or deallocated."),
    "vm_agent_not_ready": Reason("The VM is on, but its agent is not ready."),
    "vm_identity_off": Reason("The VM has no identity at all."),
    "vm_only_user_assigned": Reason("The VM has a user-assigned identity, and its system-assigned one is off."),
    "vault_missing": Reason("The vault is not in the group."),
    "vault_in_rbac_mode": Reason("The vault goes by roles, so that access policies do not count."),
    "vault_goes_by_policies": Reason("The vault goes by access policies, and the student works with roles."),
    "vault_elsewhere": Reason("The vault is in another group of the subscription."),
    "vault_name_deleted": Reason("A deleted vault still keeps the name."),
    "vault_name_taken": Reason("The name is in use outside the subscription, or by a vault deleted in another region."),
    "vault_name_not_allowed": Reason("Azure does not allow the vault name."),
}
