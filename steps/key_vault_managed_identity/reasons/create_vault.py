"""The reasons that findings of Task 1 give."""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity.reasons import vault_name
from steps.kit.reasons import Reason

_SHUT = Reason(
    "",
    why="The firewall comes before the permissions: whoever it does not let in gets no secret, whatever they may.",
    hints=(
        lambda names: "Who may read is one question, from where is another.",
        lambda names: f"Look at {names.vault}, Settings, Networking.",
        lambda names: "Choose Allow public access from all networks there, and apply; or let the portal do it.",
    ),
    idea="network-rules",
    remedies=("open-network",),
)
"""What there is to say of a vault that the VM does not reach, whichever way it is shut."""

REASONS: dict[str, Reason] = {
    **vault_name.REASONS,
    "vault_there": Reason("The vault is in the group."),
    "vault_there_protected": Reason("The vault is in the group, and its purge protection is on.", remark=True),
    "vault_under_other_name": Reason(
        "The name is free, and the group has vaults of other names.",
        why="The following tasks put the secret into one vault and read it from there: it has to be clear which.",
        hints=(
            lambda names: "Compare the name of what you made with the one that was agreed.",
            lambda names: f"The lab looks for {names.vault}, letter for letter.",
            lambda names: "Choose yours with its button here, or create another one with the agreed name.",
        ),
        idea="control-and-data-plane",
    ),
    "vault_being_deleted": Reason(
        "The vault is being deleted.",
        why="Nothing can be put into a vault that is on its way out.",
        hints=(
            lambda names: "Somebody, or a script, has ordered this deletion a moment ago.",
            lambda names: (
                f"Once it is over, {names.vault} is among the deleted vaults and can be recovered from there."
            ),
        ),
        idea="soft-delete",
    ),
    "vault_in_region": Reason("The vault is in the region."),
    "vault_in_other_region": Reason(
        "The vault is in another region.",
        why="A vault stays where it was made, and the lab agreed on a region, so that what belongs together is close "
        "together.",
        hints=(
            lambda names: "The region is chosen on the first page when a vault is created.",
            lambda names: f"A vault cannot move to {names.location}: it has to be made anew there.",
            lambda names: f"The name is free for that only once {names.vault} is deleted and purged.",
        ),
        idea="soft-delete",
        remedies=("remake-vault",),
    ),
    "vault_kept_in_other_region": Reason(
        "The vault is in another region, and the portal may not replace it: it is older than the walk, or has purge "
        "protection.",
        why="A vault stays where it was made. What it holds may be needed, so nobody deletes it for the lab's sake.",
        hints=(
            lambda names: "Is this the vault you made for this lab, or one that was there before?",
            lambda names: "Another name under Your names leaves this one in peace.",
            lambda names: f"With the new name make a vault in {names.resource_group}, {names.location}.",
        ),
        idea="soft-delete",
    ),
    "vault_ready": Reason("The vault is set up."),
    "vault_being_set_up": Reason(
        "Azure is still setting the vault up.",
        why="Until the vault's own address is known everywhere, nobody can put a secret into it.",
        hints=(
            lambda names: f"Azure is making {names.vault_uri} known. That takes up to half a minute.",
            lambda names: f"{names.vault}, Overview in the Azure portal shows when it is done.",
        ),
        idea="control-and-data-plane",
    ),
    "vault_setup_failed": Reason(
        "Setting the vault up failed or was cancelled.",
        why="Such a vault is listed, but cannot keep a secret.",
        hints=(
            lambda names: f"{names.resource_group}, Deployments in the Azure portal tells what went wrong.",
            lambda names: f"Delete {names.vault} and purge it, then create it again; or let the portal do it.",
        ),
        idea="control-and-data-plane",
        remedies=("remake-vault",),
    ),
    "vault_kept_though_failed": Reason(
        "Setting the vault up failed, and the portal may not replace it: it is older than the walk, or has purge "
        "protection.",
        why="Such a vault cannot keep a secret, and what it may hold from before nobody deletes for the lab's sake.",
        hints=(
            lambda names: "Is this the vault you made for this lab, or one that was there before?",
            lambda names: "Another name under Your names is the quickest way on.",
        ),
        idea="control-and-data-plane",
    ),
    "vault_uses_policies": Reason("The vault goes by access policies."),
    "vault_uses_roles": Reason("The vault goes by roles, as the student has chosen."),
    "vault_network_open": Reason("The vault is reached from every network."),
    "vault_network_by_rules": Reason(
        "The vault's firewall has rules; whether the VM is among them cannot be seen.", remark=True
    ),
    "vault_network_lets_vm_in": Reason("The vault's firewall has rules, and the VM is among those it lets in."),
    "vault_network_closed_to_vm": replace(
        _SHUT, meaning="The vault's firewall has rules, and the VM is not among them."
    ),
    "vault_network_private": replace(
        _SHUT, meaning="Public access to the vault is disabled, and it has no private endpoint."
    ),
    "vault_network_closed": replace(_SHUT, meaning="The vault's firewall lets nobody in."),
}
