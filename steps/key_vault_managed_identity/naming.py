"""Names Azure accepts, and why the vault's name may not be free."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.common import same, there
from steps.kit.azure import DeletedVault, NameAvailability, Seen
from steps.kit.findings import not_yet
from steps.kit.task import Facts, Names
from steps.kit.verdict import Finding

VAULT_NAME = re.compile(r"(?=.{3,24}\Z)[A-Za-z](?:-?[A-Za-z0-9])*\Z")
"""3 to 24 letters, digits and hyphens; a letter first, no hyphen last, none doubled."""

SECRET_NAME = re.compile(r"[0-9A-Za-z-]{1,127}\Z")


def vault_name_in_use(names: Names, facts: Facts, *, wanted: str) -> Finding:
    """Why Azure calls the name taken: a vault elsewhere in the subscription, a deleted one, or a stranger's."""
    facts.ask(looks.ALL_VAULTS, looks.DELETED_VAULT)
    everywhere = facts.of(looks.ALL_VAULTS)
    for vault in everywhere.value:
        if same(vault.name, names.vault):
            return not_yet(
                "vault_elsewhere",
                wanted=wanted,
                found=f"{vault.name} is in the resource group {vault.resource_group}, not in {names.resource_group}.",
                next_step=f"Move it to {names.resource_group} (Overview, Move). Or delete and purge it, or choose "
                f"another name under Your names; then create it in {names.resource_group}.",
                seen=(everywhere,),
            )
    deleted = facts.of(looks.DELETED_VAULT)
    if deleted.value is not None:
        return _deleted(names, there(deleted), wanted=wanted)
    return not_yet(
        "vault_name_taken",
        wanted=wanted,
        found=f"The name {names.vault} is in use outside your subscription (or by a vault deleted in another region). "
        "Vault names are unique in the whole of Azure.",
        next_step=f"If you have just deleted it yourself, purge it too: `az keyvault purge --name {names.vault}`. "
        "Otherwise choose another name under Your names.",
        seen=(facts.of(looks.NAME_AVAILABILITY), everywhere, deleted),
    )


def _deleted(names: Names, seen: Seen[DeletedVault], *, wanted: str) -> Finding:
    purge = seen.value.scheduled_purge_date
    until = f" until {purge:%d %B %Y}" if purge else ""
    return not_yet(
        "vault_name_deleted",
        wanted=wanted,
        found=f"A vault {names.vault} was deleted, and Azure keeps its name{until}.",
        next_step=f"Recover it (Key vaults, Manage deleted vaults; or `az keyvault recover --name {names.vault}`), "
        f"purge it (`az keyvault purge --name {names.vault}`), or choose another name under Your names.",
        seen=(seen,),
    )


def vault_name_not_allowed(names: Names, seen: Seen[NameAvailability], *, wanted: str) -> Finding:
    said = f" Azure says: {seen.value.message}" if seen.value.message else ""
    return not_yet(
        "vault_name_not_allowed",
        wanted=wanted,
        found=f"Azure does not allow the name {names.vault!r}.{said}",
        next_step="Under Your names choose one of 3 to 24 letters, digits and single hyphens, "
        "a letter first and no hyphen last.",
        seen=(seen,),
    )
