"""Cleaning up: what the look has found is removed, and nothing else. Actions touch only what stands in its facts."""

from __future__ import annotations

import json
from dataclasses import replace

from steps.key_vault_managed_identity import common, given, made, purging
from steps.key_vault_managed_identity.clean_up import look
from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.reasons import Remedy
from steps.kit.records import DeletedVault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Context, Names
from steps.kit.verdict import Source

_PURGE_ID = "clean-up-purge"


def take_roles(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Before the vault goes: what is given at a vault that is gone can hang on for a while, for nobody to see."""
    wanted = {one.casefold() for one in look.seen(ctx, "roles")}
    if not wanted:
        return ActionDone("There is no role to take back.", False)
    roles = given.ROLES.fetch(ctx)
    left = [role for role in roles.value or () if role.id.casefold() in wanted]
    if left and token is None:
        return ActionIntent(common.INTENT)
    sources = tuple(ctx.azure.remove_role(role.id).source for role in left)
    return ActionDone(
        "Neither the VM nor the portal has a role in the lab's vaults any more.", token is not None, sources
    )


def take_rights(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Access policies go with their vault; where that stays, what the portal added to them is taken out again."""
    names = ctx.names
    everywhere = made.VAULTS.fetch(ctx)
    left = [(vault.name, one) for vault in everywhere.value for one in given.rights_left(ctx, vault)]
    if not left:
        said = "In no vault that cleaning up leaves alone is anything left that the portal had given."
        return ActionDone(said, token is not None, (everywhere.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    done = [ctx.azure.remove_access_policy(names.resource_group, vault, one).source for vault, one in left]
    said = f"What the portal had given in {', '.join(dict.fromkeys(vault for vault, _ in left))} was taken back."
    return ActionDone(said, True, tuple(done))


def delete(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """What is no more the lab's by now is left alone. Facts: ``deleted``, the names of those that are gone."""
    names, sources, gone = ctx.names, list[Source](), list[str]()
    for vault in look.seen(ctx, "vaults"):
        there = ctx.azure.vault(names.resource_group, vault)
        sources.append(there.source)
        if there.value is not None and not made.is_labs(ctx, there.value):
            continue
        gone.append(vault)
        if there.value is None:
            continue
        if token is None:
            return ActionIntent(common.INTENT)
        sources.append(ctx.azure.delete_vault(names.resource_group, vault).source)
    if token is None:
        return ActionDone("There was no vault to delete.", False, tuple(sources), {"deleted": json.dumps(gone)})
    said = f"Deleted, with all that was in it: {', '.join(gone)}."
    return ActionDone(said, True, tuple(sources), {"deleted": json.dumps(gone)})


def purge(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    unlisted = look.seen(ctx, "unlisted")
    wanted = {one.casefold() for one in (*look.seen(ctx, "vaults"), *look.seen(ctx, "deleted"), *unlisted)}

    def going(vault: DeletedVault) -> bool:
        return vault.name.casefold() in wanted and look.is_ours(ctx, vault)

    if not wanted:
        return ActionDone("There was nothing to purge.", False)
    return purging.purge(ctx, token, going, deleted=(*look.deleted_now(ctx), *unlisted))


def _taken_back(remedy: Remedy, reverse: Action) -> Action:
    """``reverse``, for a walk in which the portal did what that takes back. Otherwise it is the student's own."""

    def plan(names: Names) -> str:
        return f"The portal has done it for you ({remedy.action.title}): {reverse.plan(names)}"

    return replace(
        reverse, plan=plan, whatever_happened=True, in_walk=lambda walk: remedy.id in walk.mended, settles=look.SETTINGS
    )


def _plan_delete(names: Names) -> str:
    return (
        f"Delete {names.vault} in {names.resource_group}, with every secret and access policy in it, unless it was "
        "there before you began the lab; and any other vault there that the portal made in this walk. No other vault."
    )


REVERSES = tuple(_taken_back(one, one.reverse) for _, one in sorted(REMEDIES.items()) if one.reverse is not None)
TAKE_ROLES = Action(
    "clean-up-roles",
    "Take the roles back",
    lambda names: f"Take the roles back that {names.vm} and the portal itself were given at {names.vault}.",
    take_roles,
    whatever_happened=True,
    due=look.looked,
    settles=look.ACCESS,
)
TAKE_RIGHTS = Action(
    "clean-up-rights",
    "Take access back in a vault that is left alone",
    lambda names: (
        f"In a vault of {names.resource_group} that is not deleted, as it was there before the lab, take from the "
        f"access policies what the portal gave to {names.vm} and to itself."
    ),
    take_rights,
    whatever_happened=True,
    in_walk=given.gave_rights,
    settles=look.ACCESS,
)
DELETE = Action(
    look.DELETE_ID,
    "Delete the lab's vaults",
    _plan_delete,
    delete,
    5.0,
    whatever_happened=True,
    due=look.looked,
    settles=look.ACCESS | look.VAULTS,
)
PURGE = Action(
    _PURGE_ID,
    "Purge the deleted vaults",
    lambda names: f"Purge {names.vault}, and what else was deleted so, for good. The names are free again then.",
    purge,
    purging.SECONDS,
    whatever_happened=True,
    due=look.looked,
    settles=look.NAMES,
)
ACTIONS = (look.LOOK, TAKE_ROLES, TAKE_RIGHTS, DELETE, PURGE, *REVERSES)
