"""What the portal can do about a deleted vault that keeps the name."""

from __future__ import annotations

from functools import partial

from steps.key_vault_managed_identity import common, patience
from steps.key_vault_managed_identity.remedies.with_right import with_right
from steps.kit.reasons import Remedy
from steps.kit.records import (
    DeletedVault,
    Done,
    Running,
    Seen,
    Vault,
)
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Context, Names

Step = ActionDone | ActionPending | ActionIntent


def recover(ctx: Context, token: str | None) -> Step:
    """Raises a BLOCKED AzureProblem for one of another group, into which Azure would bring it back."""
    names = ctx.names
    there = ctx.azure.vault(names.resource_group, names.vault)
    if there.value is not None:
        return _back(common.there(there), token)
    gone = _deleted(ctx)
    if gone.value is None:
        raise common.blocked(
            "NothingToRecover", f"There is no deleted vault {names.vault} to recover (any more).", gone.source
        )
    if not common.same(gone.value.resource_group, names.resource_group):
        was = gone.value.resource_group or "another resource group"
        said = f"The deleted vault {names.vault} was in {was}, not in {names.resource_group}: it was left alone."
        raise common.blocked("DeletedElsewhere", said, gone.source)
    if token is None:
        return ActionIntent(common.INTENT)
    operation = patience.inside(token)
    answer: Done[Vault] | Running
    if operation == common.INTENT:
        answer = ctx.azure.recover_vault(gone.value.vault_id, gone.value.location)
    else:
        answer = ctx.azure.resume_create_vault(operation)
    if isinstance(answer, Running):
        said = f"Azure is recovering {names.vault}."
        return patience.later(token, answer.token, said, answer.source, retry_after=answer.retry_after)
    return ActionDone(f"{names.vault} was recovered, with what was in it.", did=True, sources=(answer.source,))


def _back(seen: Seen[Vault], token: str | None) -> ActionDone | ActionPending:
    """The vault is there (again): looking tells as much as Azure's own operation would."""
    name, state = seen.value.name, seen.value.provisioning_state
    if token is None:
        return ActionDone(f"{name} is there; nothing had to be recovered.", did=False, sources=(seen.source,))
    if state not in {"Succeeded", "Failed", "Canceled"}:
        return patience.later(token, patience.inside(token), f"Azure is recovering {name} ({state}).", seen.source)
    return ActionDone(f"{name} was recovered, with what was in it.", did=True, sources=(seen.source,))


def purge(ctx: Context, token: str | None) -> Step:
    """Raises a BLOCKED AzureProblem for one that purge protection keeps."""
    names, gone = ctx.names, _deleted(ctx)
    if gone.value is None:
        said = f"{names.vault} was purged: its name is free." if token else f"There is no deleted vault {names.vault}."
        return ActionDone(said, did=token is not None, sources=(gone.source,))
    if gone.value.purge_protection:
        until = gone.value.scheduled_purge_date
        said = (
            f"Purge protection keeps {names.vault}{f' until {until:%d %B %Y}' if until else ''}: nobody can purge it."
        )
        raise common.blocked("PurgeProtected", said, gone.source)
    if token is None:
        return ActionIntent(common.INTENT)
    operation = patience.inside(token)
    if operation == common.INTENT:
        answer = with_right(partial(ctx.azure.purge_vault, names.vault, gone.value.location), _may_not_purge(names))
    else:
        answer = ctx.azure.resume_purge_vault(operation)
    if isinstance(answer, Running):
        said = f"Azure is purging {names.vault}."
        return patience.later(token, answer.token, said, answer.source, retry_after=answer.retry_after)
    return ActionDone(f"{names.vault} was purged: its name is free.", did=True, sources=(answer.source,))


def _may_not_purge(names: Names) -> str:
    return (
        f"Your connection may not purge {names.vault}: it needs the role Contributor on the whole subscription for "
        "that. You can do it yourself under Key vaults, Manage deleted vaults."
    )


def _deleted(ctx: Context) -> Seen[DeletedVault | None]:
    """In whichever region it was."""
    listed = ctx.azure.deleted_vaults()
    found = (one for one in listed.value if common.same(one.name, ctx.names.vault))
    return Seen(next(found, None), listed.source)


def _plan_recover(names: Names) -> str:
    return (
        f"Recover the deleted vault {names.vault}, as it was: its settings, its access policies and the secrets "
        "in it come back. Cleaning up later deletes and purges it if it was first made after you began this lab; an "
        "older one it leaves."
    )


def _plan_purge(names: Names) -> str:
    return (
        f"Purge the deleted vault {names.vault} that is told of above, with every secret in it, for good: nobody can "
        "bring it back then. Do this only if the resource group and the day named there show you that it was yours. "
        "Its name is free afterwards. Your connection needs the role Contributor on the subscription for this; on the "
        "resource group alone it is not enough."
    )


RECOVER = Remedy(Action("recover-vault", "Recover the deleted vault", _plan_recover, recover, 30.0))
"""Taken back by cleaning up as any vault of the lab is: it is deleted again."""
PURGE = Remedy(Action("purge-vault", "Purge the deleted vault", _plan_purge, purge, 30.0))

REMEDIES: tuple[Remedy, ...] = (RECOVER, PURGE)
