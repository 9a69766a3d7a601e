"""A vault that is there and that nobody can mend: it has to be made anew, or another one be made instead.

What the portal may replace is decided in ``made``, and by purge protection: a vault that has it keeps its name even
once it is deleted.
"""

from __future__ import annotations

from steps.key_vault_managed_identity import made
from steps.kit.findings import not_yet
from steps.kit.records import Seen, Vault
from steps.kit.task import Context, Names
from steps.kit.verdict import Finding

_FIXED = "A vault cannot change its region"


def elsewhere(ctx: Context, seen: Seen[Vault], *, wanted: str) -> Finding:
    names, vault = ctx.names, seen.value
    found = f"{names.vault} is in {vault.location}, not in {names.location}."
    if _replaceable(ctx, vault):
        return not_yet(
            "vault_in_other_region",
            wanted=wanted,
            found=found,
            next_step=f"{_FIXED}: delete and purge it, then create it in {names.location}. {_by_hand(names)}",
            seen=(seen,),
        )
    return not_yet(
        "vault_kept_in_other_region",
        wanted=wanted,
        found=f"{found} {_why_kept(vault)}",
        next_step=f"{_FIXED}. {_instead(names, vault)}",
        seen=(seen,),
    )


def failed(ctx: Context, seen: Seen[Vault], *, wanted: str) -> Finding:
    names, vault = ctx.names, seen.value
    found = (
        f"Setting up {names.vault} ended as {vault.provisioning_state}. It is listed, but nothing can be put into it."
    )
    if _replaceable(ctx, vault):
        return not_yet(
            "vault_setup_failed",
            wanted=wanted,
            found=found,
            next_step=f"Delete {names.vault}, purge it, and create it again. {_by_hand(names)}",
            seen=(seen,),
        )
    return not_yet(
        "vault_kept_though_failed",
        wanted=wanted,
        found=f"{found} {_why_kept(vault)}",
        next_step=_instead(names, vault),
        seen=(seen,),
    )


def _replaceable(ctx: Context, vault: Vault) -> bool:
    return made.is_labs(ctx, vault) and not vault.purge_protection


def _by_hand(names: Names) -> str:
    clicks = f"{names.vault}, Overview, Delete; then Key vaults, Manage deleted vaults, Purge"
    return f"In the portal: {clicks}. Or: {_az(names)}."


def _az(names: Names) -> str:
    return f"`az keyvault delete --name {names.vault}`, then `az keyvault purge --name {names.vault}`"


def _why_kept(vault: Vault) -> str:
    if vault.purge_protection:
        return "Its purge protection is on: even deleted, it keeps its name until its retention is over."
    since = f", since {vault.created_at:%d %B %Y}" if vault.created_at else ""
    return f"It was there before you began this lab{since}, so the portal does not touch it."


def _instead(names: Names, vault: Vault) -> str:
    another = f"hoose another name under Your names, and create that one in {names.resource_group}, {names.location}."
    if vault.purge_protection:
        return f"C{another}"
    return f"If nothing in it is needed, delete and purge it yourself: {_az(names)}. Otherwise c{another}"
