"""What cleaning up finds of the lab before it touches anything: kept as facts, and known to the actions after it."""

from __future__ import annotations

import json

from steps.key_vault_managed_identity import common, given, made, purging
from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.reasons import Remedy
from steps.kit.records import DeletedVault, RoleAssignment
from steps.kit.task import Action, ActionDone, Context

LOOK_ID, DELETE_ID = "clean-up-look", "clean-up-delete"
ACCESS, SETTINGS = frozenset({"lab_access_left"}), frozenset({"lab_settings_left"})
VAULTS, NAMES = frozenset({"lab_vaults_left"}), frozenset({"lab_names_kept"})
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


def to_reverse(ctx: Context) -> list[Remedy]:
    """What the portal changed for the student in this walk, where that outlives the vault."""
    return [one for remedy, one in sorted(REMEDIES.items()) if one.reverse is not None and remedy in ctx.mended]


LOOK = Action(
    LOOK_ID,
    "Look at what the lab made",
    lambda names: f"List what this lab made in {names.resource_group}. Only what is on that list is touched.",
    look,
    settles=ACCESS | VAULTS | NAMES,
)
