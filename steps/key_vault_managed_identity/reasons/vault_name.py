"""The reasons why the vault's name may not be free, and what stands behind each."""

from __future__ import annotations

from steps.kit.reasons import Reason

_KEPT = "A deleted vault is not gone: Azure keeps it, and its name, for 7 to 90 days, so that a slip can be put right."

REASONS: dict[str, Reason] = {
    "vault_elsewhere": Reason(
        "The vault is in another group of the subscription.",
        why="The tasks look for it in the group of the lab, where your connection's roles hold.",
        hints=(
            lambda names: "The resource group is chosen on the first page when a vault is created.",
            lambda names: f"Open {names.vault}, Overview: Resource group says where it is.",
            lambda names: f"Move it to {names.resource_group}: Overview, Move, Move to another resource group.",
        ),
        idea="control-and-data-plane",
    ),
    "vault_name_deleted": Reason(
        "A deleted vault of the lab's group and region keeps the name.",
        why=_KEPT,
        hints=(
            lambda names: f"Was there a {names.vault} before, perhaps from an earlier try?",
            lambda names: "Key vaults, Manage deleted vaults in the Azure portal lists those that were deleted.",
            lambda names: f"Recover {names.vault} there to have it back as it was, or purge it to begin afresh.",
        ),
        idea="soft-delete",
        remedies=("recover-vault", "purge-vault"),
    ),
    "vault_deleted_elsewhere": Reason(
        "A deleted vault of another group or region keeps the name.",
        why=f"{_KEPT} Recovered, it would be where it was, and not where the lab wants it.",
        hints=(
            lambda names: f"Was there a {names.vault} in another place before?",
            lambda names: "Key vaults, Manage deleted vaults in the Azure portal lists those of every region.",
            lambda names: f"Purge {names.vault} there, then create it anew in {names.resource_group}.",
        ),
        idea="soft-delete",
        remedies=("purge-vault",),
    ),
    "vault_deleted_protected": Reason(
        "A deleted vault of the lab's group and region keeps the name, and may not be purged.",
        why=f"{_KEPT} With purge protection even an owner cannot shorten that.",
        hints=(
            lambda names: "What cannot be purged can still be brought back.",
            lambda names: f"Key vaults, Manage deleted vaults: select {names.vault} and recover it.",
        ),
        idea="soft-delete",
        remedies=("recover-vault",),
    ),
    "vault_deleted_out_of_reach": Reason(
        "A deleted vault of another group or region keeps the name, and may not be purged.",
        why=f"{_KEPT} With purge protection even an owner cannot shorten that.",
        hints=(
            lambda names: f"The name {names.vault} cannot be had before that day.",
            lambda names: "Choose another one under Your names: a digit more is enough.",
        ),
        idea="soft-delete",
    ),
    "vault_name_not_free_yet": Reason(
        "The vault was there in this walk, is neither there nor among the deleted ones, and its name is not free.",
        why="Deleting and purging go on for a while after the order, and the name is free at the end of it.",
        hints=(
            lambda names: "Nobody else has the name: it is on its way to be free.",
            lambda names: f"Purging takes up to half a minute. Then create {names.vault} again.",
        ),
        idea="soft-delete",
    ),
    "vault_name_taken": Reason(
        "The name is in use, and not by a vault the connection sees in the subscription.",
        why="A vault's name is its address on the internet, so there can be only one of each in the whole of Azure.",
        hints=(
            lambda names: f"Somebody has {names.vault_uri} already. Might that be you, in another subscription?",
            lambda names: "A name with your initials and a few digits is mostly free.",
            lambda names: "Set the new name under Your names, and then create the vault with exactly that one.",
        ),
    ),
    "vault_name_not_allowed": Reason(
        "Azure does not allow the vault name.",
        why="A vault's name becomes part of its address, and not every character may stand there.",
        hints=(
            lambda names: "Look at the name letter by letter, and at how long it is.",
            lambda names: "3 to 24 letters, digits and single hyphens; a letter first, no hyphen last.",
        ),
    ),
}
