"""Purging deleted vaults, one after the other: Azure takes some 20 to 30 seconds for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from steps.key_vault_managed_identity import patience
from steps.key_vault_managed_identity.common import INTENT, same
from steps.kit.azure import DeletedVault, Running, Seen
from steps.kit.findings import not_yet
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context, Names
from steps.kit.verdict import Finding

SECONDS = 30.0


def purge(
    ctx: Context, token: str | None, going: Callable[[DeletedVault], bool]
) -> ActionDone | ActionPending | ActionIntent:
    """All that are ``going`` and that Azure lets go.

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
    kept = [one for one in ours if one.purge_protection]
    return ActionDone(_said(kept, did=token is not None), did=token is not None, sources=tuple(sources))


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


def hidden(names: Names, seen: Seen[None], *, wanted: str) -> Finding:
    """What a check says that may not see the deleted vaults."""
    return not_yet(
        "deleted_vaults_hidden",
        wanted=wanted,
        found="The identity of your connection may not see deleted vaults: that takes a right on the whole "
        f"subscription. Azure may still keep {names.vault}, and its name.",
        next_step=f"With an account that has the role Contributor on the subscription run "
        f"`az keyvault purge --name {names.vault}`. Or leave it: it costs nothing, and Azure removes it by itself "
        "after 90 days at most.",
        seen=(seen,),
    )
