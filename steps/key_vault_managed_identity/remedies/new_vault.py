"""A vault that nobody can mend, because Azure failed to set it up or because it is in another region: deleted, purged,
and made anew.

What is purged never comes back, so nothing is touched unless the vault is the student's own of this walk, and unless
all of it can be done: a vault that was deleted and cannot be purged would keep its name from everybody.
"""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity import common, made, patience, purging
from steps.key_vault_managed_identity.create_vault import ordering
from steps.key_vault_managed_identity.preflight.rights import PURGING, allowed
from steps.kit.azure import effect
from steps.kit.reasons import Remedy
from steps.kit.records import DeletedVault, Running, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Context, Names
from steps.kit.verdict import Source

Step = ActionDone | ActionPending | ActionIntent


def make_anew(ctx: Context, token: str | None) -> Step:
    """Raises a BLOCKED AzureProblem, before anything is changed, for a vault that may not go."""
    names = ctx.names
    seen = ctx.azure.vault(names.resource_group, names.vault)
    if seen.value is None:
        return _begin_with_the_name(ctx) if token is None else _free_the_name_and_make(ctx, token)
    vault = common.there(seen)
    if vault.value.provisioning_state == ordering.GOING:
        return patience.later(token, common.INTENT, f"Azure is deleting {names.vault}.", seen.source, began=bool(token))
    if not _beyond_mending(names, vault.value):
        return _new_one(names, vault, token)
    if token is None:
        _may_go(ctx, vault)
        return ActionIntent(common.INTENT, {"replaces": names.vault})
    with effect():
        ctx.azure.delete_vault(names.resource_group, names.vault)
    return _free_the_name_and_make(ctx, token)


def _beyond_mending(names: Names, vault: Vault) -> bool:
    elsewhere = common.region(vault.location) != common.region(names.location)
    return elsewhere or vault.provisioning_state in ordering.FAILED


def _may_go(ctx: Context, seen: Seen[Vault]) -> None:
    name = ctx.names.vault
    if not made.is_labs(ctx, seen.value):
        since = f" (since {seen.value.created_at:%d %B %Y})" if seen.value.created_at else ""
        said = f"{name} was there before you began this lab{since}, so the portal does not delete it."
        raise common.blocked("OlderThanTheWalk", said, seen.source)
    if seen.value.purge_protection:
        said = f"The purge protection of {name} is on: deleted, it would keep its name. It was left as it is."
        raise common.blocked("PurgeProtected", said, seen.source)
    _may_be_purged(ctx, seen.source)


def _may_be_purged(ctx: Context, source: Source) -> None:
    above = made.if_allowed(ctx.azure.permissions_in_subscription)
    if not allowed(above.value or (), PURGING.action):
        said = (
            f"Your connection may not purge {ctx.names.vault}: deleted, it would keep its name. It was left as it is. "
            "The role Contributor on the subscription would allow it."
        )
        raise common.blocked("MayNotPurge", said, source)


def _begin_with_the_name(ctx: Context) -> ActionIntent:
    """An earlier try may have come as far as deleting the vault, or further."""
    names, listed = ctx.names, made.if_allowed(ctx.azure.deleted_vaults)
    gone = next((one for one in listed.value or () if common.same(one.name, names.vault)), None)
    if gone is not None and (gone.purge_protection or not made.was_labs(ctx, gone)):
        said = (
            f"The deleted vault that keeps the name {names.vault} may not be purged for this lab, as far as this walk "
            f"knows. It was left alone. If it is yours, and nothing in it is needed: `az keyvault purge --name "
            f"{names.vault}`."
        )
        raise common.blocked("NotOfThisWalk", said, listed.source)
    if gone is not None:
        _may_be_purged(ctx, listed.source)
    return ActionIntent(common.INTENT)


def _free_the_name_and_make(ctx: Context, token: str) -> Step:
    names = ctx.names
    purged = purging.purge(ctx, token, lambda one: _was_it(ctx, one), deleted=(names.vault,))
    if not isinstance(purged, ActionDone):
        return purged
    answer = ordering.order(ctx)
    if isinstance(answer, Running):
        said = f"Azure is making {names.vault} anew."
        waits = patience.later(token, common.INTENT, said, answer.source, retry_after=answer.retry_after)
        return replace(waits, facts=ordering.facts(names))
    return _new_one(names, Seen(answer.value, answer.source), token)


def _was_it(ctx: Context, gone: DeletedVault) -> bool:
    return common.same(gone.name, ctx.names.vault) and made.was_labs(ctx, gone)


def _new_one(names: Names, seen: Seen[Vault], token: str | None) -> Step:
    """The vault that is there needs no replacing (any more)."""
    if token is None:
        return ActionDone(f"{names.vault} is as it should be; nothing was replaced.", False, (seen.source,))
    if seen.value.provisioning_state != "Succeeded":
        waits = patience.later(token, common.INTENT, f"Azure is making {names.vault} anew.", seen.source)
        return replace(waits, facts=ordering.facts(names))
    said = f"{names.vault} was deleted, purged, and made anew in {names.location}."
    return ActionDone(said, True, (seen.source,), ordering.facts(names))


def _plan(names: Names) -> str:
    return (
        f"Delete the key vault {names.vault} with every secret and access policy in it, and purge it for good: nobody "
        f"can bring it back then. After that: {ordering.plan(names)} This is only done to a vault that was made since "
        "you began this lab, without purge protection, and by a connection that may purge it (a Contributor on the "
        "subscription may)."
    )


MAKE_ANEW = Remedy(Action(made.REMAKES_VAULT, "Make the vault anew", _plan, make_anew, 60.0))
"""Taken back by undoing Task 1 or cleaning up, as any vault is that the portal made."""

REMEDIES: tuple[Remedy, ...] = (MAKE_ANEW,)
