"""The reasons that findings of Task 1 give."""

from __future__ import annotations

from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "vault_there": Reason("The vault is in the group."),
    "vault_under_other_name": Reason("The name is free, and the group has vaults of other names."),
    "vault_in_region": Reason("The vault is in the region."),
    "vault_in_other_region": Reason("The vault is in another region."),
    "vault_ready": Reason("The vault is set up."),
    "vault_being_set_up": Reason("Azure is still setting the vault up."),
    "vault_setup_failed": Reason("Setting the vault up failed or was cancelled."),
    "vault_uses_policies": Reason("The vault goes by access policies."),
}
