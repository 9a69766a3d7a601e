"""Cleaning up: look at what the lab made, then remove that and nothing else.

What the look found is kept as facts, and the actions after it touch only what stands there.
"""

from __future__ import annotations

import json
from dataclasses import replace

from steps.key_vault_managed_identity import common, given, made, purging
from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.reasons import Remedy
from steps.kit.records import DeletedVault, RoleAssignment
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Context, Names
from steps.kit.verdict import Source

LOOK_ID = "clean-up-look"
DELETE_ID, PURGE_ID = "clean-up-delete", "clean-up-purge"
_ACCESS, _SETTINGS = frozenset({"lab_access_left"}), frozenset({"lab_settings_left"})
_VAULTS, _NAMES = frozenset({"lab_vaults_left"}), frozenset({"lab_names_kept"})
"""What the receipt says where the actions that see to it were not done."""


def look(ctx: Context, token: str | None) -> ActionDone:
    """Facts: the names of vaults that go, of deleted ones that are purged, of those that Azure does not list as
    deleted yet, and the ids of role assignments, with ``taken``, what these are in words."""
    unlisted = NOT_LISTED.fetch(ctx).value  # asked first: what is listed in between is then on one list at least
    everywhere, deleted, roles = made.VAULTS.fetch(ctx), made.DELETED.fetch(ctx), given.ROLES.fetch(ctx)
    going = [one.name for one in everywhere.value if made.is_labs(ctx, one)]
    gone = [one for one in deleted.value or () if is_ours(ctx, one)]
    unlisted = tuple(name for name in unlisted if not any(common.same(name, one.name) for one in gone))
    access = given.roles_left(ctx, everywhere.value, roles.value)
    facts = {
        "vaults": json.dumps(going),
        "deleted": json.dumps([one.name for one in gone]),
        "unlisted": json.dumps(unlisted),
        "roles": json.dumps([role.id for role in access]),
        "taken": json.dumps(sorted(role_in_words(ctx, role) for role in access)),
    }
    said = _listed(ctx, going, gone, unlisted, [role.role_name for role in access])
    return ActionDone(said, False, (everywhere.source, deleted.source, roles.source), facts)


def role_in_words(ctx: Context, role: RoleAssignment) -> str:
    whose = "your connection" if common.same(role.principal_id, ctx.azure.caller_object_id()) else ctx.names.vm
    return f"the role {role.role_name} of {whose} at {role.scope.rpartition('/')[2]}"


def _vanished(ctx: Context) -> list[str]:
    """The names of vaults that this walk has had and that are no more there: on their way to the list of
    deleted ones, if not on it."""
    deleted = deleted_now(ctx)
    was_seen = {ctx.names.vault.casefold()} if made.seen_young(ctx) else set[str]()
    others = (made.of_portal(ctx) | was_seen) - {one.casefold() for one in deleted}
    there = {one.name.casefold() for one in made.VAULTS.fetch(ctx).value} if others else set[str]()
    return [*deleted, *sorted(others - there)]


def had_vault(ctx: Context) -> bool:
    """This walk has had a vault, as far as the portal knows."""
    return bool(made.of_portal(ctx) or ctx.noted.get(made.WAS_THERE) or seen(ctx, "vaults") or deleted_now(ctx))


NOT_LISTED = purging.unlisted(_vanished)


def _listed(
    ctx: Context, going: list[str], gone: list[DeletedVault], unlisted: tuple[str, ...], access: list[str]
) -> str:
    parts = {
        f"vaults to delete and purge in {ctx.names.resource_group}": going,
        "deleted vaults to purge": [one.name for one in gone if not one.purge_protection],
        "deleted vaults to purge once Azure lists them": list(unlisted),
        "deleted vaults that purge protection keeps": [one.name for one in gone if one.purge_protection],
        "roles to take back": access,
        "settings to put back": [one.reverse.title for one in to_reverse(ctx) if one.reverse],
    }
    said = [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]
    return f"Found of this lab: {'; '.join(said)}. Nothing else is touched." if said else "Of this lab nothing is left."


def looked(ctx: Context) -> bool:
    """The look of this attempt came to its end: what nobody could look for is neither there nor gone."""
    return "vaults" in ctx.facts.get(LOOK_ID, {})


def seen(ctx: Context, what: str) -> list[str]:
    """What the look of this attempt found of that kind; nothing if it could not look."""
    found: list[str] = json.loads(ctx.facts.get(LOOK_ID, {}).get(what, "[]"))
    return found


def take_roles(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Before the vault goes: what is given at a vault that is gone can hang on for a while, for nobody to see."""
    wanted = {one.casefold() for one in seen(ctx, "roles")}
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
    for vault in seen(ctx, "vaults"):
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


def deleted_now(ctx: Context) -> list[str]:
    """What this very attempt has deleted."""
    names: list[str] = json.loads(ctx.facts.get(DELETE_ID, {}).get("deleted", "[]"))
    return names


def is_ours(ctx: Context, vault: DeletedVault) -> bool:
    """What this attempt has deleted was the lab's when it was there, whoever has seen it before."""
    deleted = common.same(vault.resource_group, ctx.names.resource_group) and any(
        common.same(vault.name, one) for one in deleted_now(ctx)
    )
    return deleted or made.was_labs(ctx, vault)


def purge(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    unlisted = seen(ctx, "unlisted")
    wanted = {one.casefold() for one in (*seen(ctx, "vaults"), *seen(ctx, "deleted"), *unlisted)}

    def going(vault: DeletedVault) -> bool:
        return vault.name.casefold() in wanted and is_ours(ctx, vault)

    if not wanted:
        return ActionDone("There was nothing to purge.", False)
    return purging.purge(ctx, token, going, deleted=(*deleted_now(ctx), *unlisted))


def to_reverse(ctx: Context) -> list[Remedy]:
    """What the portal changed for the student in this walk, where that outlives the vault."""
    return [one for remedy, one in sorted(REMEDIES.items()) if one.reverse is not None and remedy in ctx.mended]


def _taken_back(remedy: Remedy, reverse: Action) -> Action:
    """``reverse``, for a walk in which the portal did what that takes back. Otherwise it is the student's own."""

    def plan(names: Names) -> str:
        return f"The portal has done it for you ({remedy.action.title}): {reverse.plan(names)}"

    return replace(
        reverse, plan=plan, whatever_happened=True, in_walk=lambda walk: remedy.id in walk.mended, settles=_SETTINGS
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
    due=looked,
    settles=_ACCESS,
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
    settles=_ACCESS,
)
DELETE = Action(
    DELETE_ID,
    "Delete the lab's vaults",
    _plan_delete,
    delete,
    5.0,
    whatever_happened=True,
    due=looked,
    settles=_ACCESS | _VAULTS,
)
PURGE = Action(
    PURGE_ID,
    "Purge the deleted vaults",
    lambda names: f"Purge {names.vault}, and what else was deleted so, for good. The names are free again then.",
    purge,
    purging.SECONDS,
    whatever_happened=True,
    due=looked,
    settles=_NAMES,
)
LOOK = Action(
    LOOK_ID,
    "Look at what the lab made",
    lambda names: f"List what this lab made in {names.resource_group}. Only what is on that list is touched.",
    look,
    settles=_ACCESS | _VAULTS | _NAMES,
)
ACTIONS = (LOOK, TAKE_ROLES, TAKE_RIGHTS, DELETE, PURGE, *REVERSES)
