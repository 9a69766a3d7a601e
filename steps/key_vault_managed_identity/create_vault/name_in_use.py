"""Why the vault's name is not free: a vault elsewhere in the subscription, a deleted one, one that is just going, or a
stranger's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from steps.key_vault_managed_identity import looks, made
from steps.key_vault_managed_identity.common import region, same
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet
from steps.kit.records import DeletedVault, Seen, Vault
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice, Finding

MOST = 10
"""Candidates that are named."""


def vault_name_in_use(ctx: Context, facts: Facts, *, wanted: str) -> Finding:
    """Who has the name, as far as the connection may see; Azure itself says only that somebody has. Vaults of other
    names in the group are offered besides: the student may have made one of them instead."""
    found = holder_of_the_name(ctx, facts, wanted=wanted) or _unseen(ctx, facts, wanted=wanted)
    everywhere, _ = _both(facts)
    others = choices(ctx.names, everywhere.value) if isinstance(everywhere.value, tuple) else ()
    if not others:
        return found
    step = f"{found.next_step} Or work with another vault of {ctx.names.resource_group}: choose it below."
    return replace(found, next_step=step, choices=others)


def choices(names: Names, vaults: tuple[Vault, ...]) -> tuple[Choice, ...]:
    """The vaults of the student's group, to be chosen from."""
    here = sorted((one for one in vaults if same(one.resource_group, names.resource_group)), key=lambda one: one.name)
    return tuple(Choice("vault", one.name, f"Use {one.name}{_about(names, one)}") for one in here[:MOST])


def _about(names: Names, vault: Vault) -> str:
    """What helps to choose."""
    remarks = [] if region(vault.location) == region(names.location) else [f"in {vault.location}"]
    remarks += ["goes by roles"] if vault.rbac and not names.by_roles else []
    return f" ({', '.join(remarks)})" if remarks else ""


def _unseen(ctx: Context, facts: Facts, *, wanted: str) -> Finding:
    names = ctx.names
    seen = (facts.of(looks.NAME_AVAILABILITY), *_both(facts))
    if any(note.casefold().endswith(f"/vaults/{names.vault}".casefold()) for note in ctx.noted.get(made.WAS_THERE, ())):
        return could_not_tell(
            "vault_name_not_free_yet",
            wanted=wanted,
            found=f"{names.vault} was yours a while ago. Azure shows neither it nor a deleted vault, and still keeps "
            "the name: it is being deleted or purged.",
            next_step=LOOKS_AGAIN,
            seen=seen,
        )
    return _taken(names, seen, wanted=wanted)


def holder_of_the_name(ctx: Context, facts: Facts, *, wanted: str) -> Finding | None:
    """A vault of that name in another group, or a deleted one; None where the subscription shows neither."""
    everywhere, deleted = _both(facts)
    if isinstance(everywhere.value, tuple):
        for vault in everywhere.value:
            if same(vault.name, ctx.names.vault) and not same(vault.resource_group, ctx.names.resource_group):
                return _elsewhere(ctx.names, Seen(vault, everywhere.source), wanted=wanted)
    if isinstance(deleted.value, tuple):
        for gone in deleted.value:
            if same(gone.name, ctx.names.vault):
                return _deleted(ctx.names, Seen(gone, deleted.source), wanted=wanted)
    return None


def _both(
    facts: Facts,
) -> tuple[Seen[tuple[Vault, ...] | AzureProblem], Seen[tuple[DeletedVault, ...] | AzureProblem]]:
    facts.ask(looks.ALL_VAULTS, looks.DELETED_VAULTS)
    return if_told(facts, looks.ALL_VAULTS), if_told(facts, looks.DELETED_VAULTS)


def _taken(names: Names, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    unseen = any(isinstance(one.value, AzureProblem) for one in seen)
    blind = "Your connection could not see all vaults and deleted vaults of the subscription; it may be one of these. "
    purge = f"If it is a vault you have deleted yourself, purge it too: `az keyvault purge --name {names.vault}`. "
    return not_yet(
        "vault_name_taken",
        wanted=wanted,
        found=f"The name {names.vault} is in use, and not by a vault your connection sees in this subscription. "
        f"{blind if unseen else ''}Vault names are unique in the whole of Azure: it may be a stranger's, "
        "or yours in another subscription, or yours and just being deleted.",
        next_step=f"{purge if unseen else ''}If you have deleted {names.vault} a moment ago, check again in a minute: "
        "then it is among the deleted vaults. Otherwise choose another name under Your names, also if you have "
        f"made it in another subscription by mistake: then make a new one in {names.resource_group}.",
        seen=seen,
    )


def _elsewhere(names: Names, seen: Seen[Vault], *, wanted: str) -> Finding:
    vault = seen.value
    in_region = region(vault.location) == region(names.location)
    where = "" if in_region else f" It is in another region besides: {vault.location} instead of {names.location}."
    return not_yet(
        "vault_elsewhere",
        wanted=wanted,
        found=f"{vault.name} is in the resource group {vault.resource_group}, not in {names.resource_group}.{where}",
        next_step=_moved(names, vault) if in_region else _made_here(names, vault),
        seen=(seen,),
    )


def _moved(names: Names, vault: Vault) -> str:
    """The subscription may be a whole class's, and the vault a classmate's."""
    anew = (
        f" If nothing in it is needed, you can as well delete and purge it (`az keyvault delete --name {vault.name}`, "
        f"`az keyvault purge --name {vault.name}`) and create it in {names.resource_group}."
    )
    return (
        f"Move it: open {vault.name}, Overview, Move, Move to another resource group, and take "
        f"{names.resource_group}. Or: `az resource move --destination-group {names.resource_group} --ids {vault.id}`."
        f"{'' if vault.purge_protection else anew} If it is not yours, leave it and choose another name under Your "
        "names."
    )


def _made_here(names: Names, vault: Vault) -> str:
    """Moved to another group it would still be in its region."""
    if vault.purge_protection:
        return (
            "A vault cannot change its region, and with its purge protection on this one keeps its name even once "
            f"deleted: choose another name under Your names, and create that one in {names.resource_group}, "
            f"{names.location}."
        )
    return (
        f"A vault cannot change its region. If it is yours and nothing in it is needed, delete and purge it (`az "
        f"keyvault delete --name {vault.name}`, `az keyvault purge --name {vault.name}`) and create it in "
        f"{names.resource_group}, {names.location}. Otherwise choose another name under Your names."
    )


def _deleted(names: Names, seen: Seen[DeletedVault], *, wanted: str) -> Finding:
    gone = seen.value
    fits = same(gone.resource_group or names.resource_group, names.resource_group) and region(gone.location) == region(
        names.location
    )
    if gone.purge_protection:
        return _kept(names, seen, fits=fits, wanted=wanted)
    if fits:
        return not_yet(
            "vault_name_deleted",
            wanted=wanted,
            found=_until(gone),
            next_step=f"Recover it as it was (Key vaults, Manage deleted vaults; or `az keyvault recover --name "
            f"{gone.name}`), or purge it for good (`az keyvault purge --name {gone.name}`) and create it anew. "
            "If you have purged it a moment ago, check again in half a minute.",
            seen=(seen,),
        )
    return not_yet(
        "vault_deleted_elsewhere",
        wanted=wanted,
        found=f"{_until(gone)} Recovered, it would be there again, and not in {names.resource_group}, "
        f"{names.location}.",
        next_step=f"If it was yours, purge it for good (`az keyvault purge --name {gone.name} --location "
        f"{gone.location}`) and create it anew. Otherwise choose another name under Your names.",
        seen=(seen,),
    )


def _kept(names: Names, seen: Seen[DeletedVault], *, fits: bool, wanted: str) -> Finding:
    """Purge protection: nobody can purge it before its day."""
    gone = seen.value
    found = f"{_until(gone)} It has purge protection: nobody can purge it before that day, Azure itself does it then."
    if fits:
        return not_yet(
            "vault_deleted_protected",
            wanted=wanted,
            found=found,
            next_step=f"Recover it as it was (Key vaults, Manage deleted vaults; or `az keyvault recover --name "
            f"{gone.name}`), or choose another name under Your names.",
            seen=(seen,),
        )
    return not_yet(
        "vault_deleted_out_of_reach",
        wanted=wanted,
        found=f"{found} Recovered, it would be there again, and not in {names.resource_group}, {names.location}.",
        next_step="Choose another name under Your names.",
        seen=(seen,),
    )


def _until(gone: DeletedVault) -> str:
    on = f" on {gone.deletion_date:%d %B %Y}" if gone.deletion_date else ""
    until = _kept_until(gone.scheduled_purge_date)
    where = f"{gone.resource_group or 'some resource group'}, {gone.location}"
    return f"A vault {gone.name} ({where}) was deleted{on}, and Azure keeps its name{until}."


def _kept_until(day: datetime | None) -> str:
    """With a space before it. Azure purges within hours of the day, not to the minute."""
    if day is None:
        return ""
    return f" until {day:%d %B %Y}" if day > datetime.now(UTC) else f"; it was to go on {day:%d %B %Y}, and is overdue"
