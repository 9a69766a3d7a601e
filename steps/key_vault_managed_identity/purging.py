"""Purging deleted vaults, one after the other: Azure takes some 20 to 30 seconds for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from steps.key_vault_managed_identity import patience
from steps.key_vault_managed_identity.common import INTENT, same
from steps.key_vault_managed_identity.made import if_allowed
from steps.kit.findings import LOOKS_AGAIN, could_not_tell
from steps.kit.records import DeletedVault, Running, Seen
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context, Look, Names
from steps.kit.verdict import Finding

SECONDS = 30.0


def purge(
    ctx: Context, token: str | None, going: Callable[[DeletedVault], bool], *, deleted: tuple[str, ...] = ()
) -> ActionDone | ActionPending | ActionIntent:
    """All that are ``going`` and that Azure lets go. ``deleted`` are the names of those that were deleted just now:
    Azure may list them later, so they are waited for until they are listed or their names are free.

    Tokens: the intent, then "<vault>:<that of Azure>", as ``patience`` keeps it.
    """
    listed = ctx.azure.deleted_vaults()
    ours = [one for one in listed.value if going(one)]
    free = [one for one in ours if not one.purge_protection]
    if free and token is None:
        return ActionIntent(INTENT)
    under_way, _, operation = patience.inside(token or "").partition(":")
    sources = [listed.source]
    for one in free:
        resumed = bool(operation) and same(one.name, under_way)
        ask = ctx.azure.resume_purge_vault
        answer = ask(operation) if resumed else ctx.azure.purge_vault(one.name, one.location)
        sources.append(answer.source)
        if isinstance(answer, Running):
            going_on, said = f"{one.name}:{answer.token}", f"Azure is purging {one.name}."
            return patience.later(token, going_on, said, answer.source, retry_after=answer.retry_after)
    unlisted = not_listed(ctx, deleted, listed)
    if unlisted.value:
        said = f"Azure does not list {', '.join(unlisted.value)} among the deleted vaults yet."
        return patience.later(token, INTENT, said, unlisted.source)
    kept = [one for one in ours if one.purge_protection]
    return ActionDone(_said(kept, did=token is not None), did=token is not None, sources=tuple(sources))


def not_listed(ctx: Context, names: Iterable[str], listed: Seen[tuple[DeletedVault, ...]]) -> Seen[tuple[str, ...]]:
    """Those of these names that no deleted vault on the list has, and that are not free either."""
    missing = [name for name in names if not any(same(name, one.name) for one in listed.value)]
    taken, source = list[str](), listed.source
    for name in missing:
        answer = if_allowed(partial(ctx.azure.vault_name_availability, name))
        source = answer.source
        if answer.value is not None and not answer.value.available:
            taken.append(name)
    return Seen(tuple(taken), source)


def _said(kept: list[DeletedVault], *, did: bool) -> str:
    said = ["Azure has purged what was deleted." if did else "There was nothing to purge."]
    said += [f"{one.name} may not be purged: {protected(one)}" for one in kept]
    return " ".join(said)


def protected(vault: DeletedVault) -> str:
    """Why a vault stays among the deleted ones, and until when."""
    return (
        f"its purge protection is on, so Azure keeps it{until(vault.scheduled_purge_date)} and then removes it itself."
    )


def until(date: datetime | None) -> str:
    """With a space before it, or "" where Azure names no date."""
    return f" until {date:%d %B %Y}" if date else ""


def hidden(names: Names, seen: Seen[None], check: str, *, wanted: str) -> Finding:
    """What the check of this id says that may not see the deleted vaults. It never will, also when all is purged: that
    is held against nobody, and looking again tells no more."""
    told = could_not_tell(
        "deleted_vaults_hidden",
        wanted=wanted,
        found="The identity of your connection may not see deleted vaults: that takes a right on the whole "
        f"subscription. Azure may still keep {names.vault}, and its name.",
        next_step=f"With an account that has the role Contributor on the subscription run "
        f"`az keyvault purge --name {names.vault}`; you see yourself then that it is gone. Or leave it: it costs "
        "nothing, and Azure removes it by itself after 90 days at most.",
        seen=(seen,),
    )
    return replace(told, waits_for=check)


def unlisted(deleted: Callable[[Context], Iterable[str]]) -> Look[tuple[str, ...]]:
    """Of the names ``deleted`` tells, those that Azure neither lists as deleted nor has set free."""

    def fetch(ctx: Context) -> Seen[tuple[str, ...]]:
        names = tuple(deleted(ctx))
        listed = if_allowed(ctx.azure.deleted_vaults)
        return not_listed(ctx, names if listed.value is not None else (), Seen(listed.value or (), listed.source))

    return Look("unlisted-vaults", "Whether the names of the deleted vaults are free", fetch)


def on_its_way(names: Iterable[str], seen: Seen[Any], *, wanted: str) -> Finding:
    """What a check says of vaults that are deleted and neither listed nor gone."""
    return could_not_tell(
        "deleted_vault_not_listed",
        wanted=wanted,
        found=f"Deleted: {', '.join(names)}. Azure does not list it among the deleted vaults yet, and still keeps the "
        "name.",
        next_step=f"{LOOKS_AGAIN} Should it stay so for an hour, somebody else has taken the name since, and nothing "
        "of yours is left.",
        seen=(seen,),
    )
