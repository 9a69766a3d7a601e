"""What this lab has made for a student, and how it is told from what belongs to others.

The agreed vault in the agreed group is the lab's if it was made since the walk began, whoever made it: the student
named it. One that was there before was made for something else. Any other vault is the lab's only where the portal
made it in this very walk *and* it still carries the portal's tag. The tag alone tells that a portal made it, not for
whom: several students may share a group, and what is purged never comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from steps.key_vault_managed_identity.common import same
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import (
    AccessPolicy,
    DeletedVault,
    RoleAssignment,
    Seen,
    Vault,
)
from steps.kit.task import Context, Look, Names

T = TypeVar("T")

MAKES_VAULT = "create-vault"
"""The id of the action that makes a vault: what it did is found under it in ``Context.carried_out``."""
REMAKES_VAULT = "remake-vault"
"""The id of the remedy that replaces one by a new one, and notes the same."""
_TAG = ("created-by", "lab-portal")
_CLOCKS = timedelta(minutes=5)


def if_allowed(ask: Callable[[], Seen[T]]) -> Seen[T | None]:
    """None where the portal's caller may not see that: a right on the whole subscription, not only on the group."""
    try:
        seen = ask()
    except AzureProblem as problem:
        if problem.kind is not ProblemKind.NOT_AUTHORIZED:
            raise
        return Seen(None, problem.source)
    return Seen(seen.value, seen.source)


DELETED: Look[tuple[DeletedVault, ...] | None] = Look(
    "deleted-vaults",
    "The deleted key vaults of your subscription",
    lambda ctx: if_allowed(ctx.azure.deleted_vaults),
)
"""None where the caller may not see them."""


def _vaults(ctx: Context) -> Seen[tuple[Vault, ...]]:
    mine = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
    every = if_allowed(ctx.azure.vaults_in_subscription)
    others = tuple(one for one in every.value or () if mine.value is None or not same(one.id, mine.value.id))
    return Seen((mine.value, *others) if mine.value else others, mine.source if every.value is None else every.source)


VAULTS: Look[tuple[Vault, ...]] = Look("vaults-and-yours", "Your key vault, and all you may see", _vaults)
"""The agreed vault first, which is seen even by who may see no other."""


def tagged(vault: Vault) -> bool:
    """The portal made it, in whichever walk."""
    key, value = _TAG
    return vault.tags.get(key) == value


def by_portal(ctx: Context, vault: Vault) -> bool:
    """The portal made it in this walk: the name alone may be another vault's by now, and the tag a classmate's."""
    return vault.name.casefold() in of_portal(ctx) and tagged(vault)


def group_id(names: Names) -> str:
    return f"/subscriptions/{names.subscription_id}/resourceGroups/{names.resource_group}"


def vault_id(names: Names, name: str) -> str:
    return f"{group_id(names)}/providers/Microsoft.KeyVault/vaults/{name}"


def of_portal(ctx: Context) -> frozenset[str]:
    """The names of the vaults that the portal made in this walk, folded."""
    noted = (one for action in (MAKES_VAULT, REMAKES_VAULT) for one in ctx.carried_out.get(action, ()))
    return frozenset(one["vault"].casefold() for one in noted if "vault" in one)


def grants(ctx: Context) -> list[Mapping[str, str]]:
    """What ``granting`` noted each time the portal let a VM in, carrying out or mending."""
    return [facts for times in ctx.carried_out.values() for facts in times if {"principal", "vault"} <= facts.keys()]


def labs_names(ctx: Context) -> frozenset[str]:
    """The names that vaults of this walk have or had, folded."""
    return of_portal(ctx) | {ctx.names.vault.casefold()}


def is_labs(ctx: Context, vault: Vault) -> bool:
    if not same(vault.resource_group, ctx.names.resource_group):
        return False
    return by_portal(ctx, vault) or (same(vault.name, ctx.names.vault) and not _before(ctx, vault.created_at))


def was_labs(ctx: Context, vault: DeletedVault) -> bool:
    """Of a deleted one, Azure tells the group it was in and when it was deleted, but not when it was made."""
    if not same(vault.resource_group, ctx.names.resource_group):
        return False
    return vault.name.casefold() in labs_names(ctx) and not _before(ctx, vault.deletion_date)


def was_there(ctx: Context, vault: Vault) -> bool:
    """The agreed vault, but older than the walk: it holds what nobody may purge for the lab's sake."""
    agreed = same(vault.name, ctx.names.vault) and same(vault.resource_group, ctx.names.resource_group)
    return agreed and not is_labs(ctx, vault)


def _before(ctx: Context, when: datetime | None) -> bool:
    """Before the walk began; what nobody knows counts as since. Azure's clock and ours may differ a little."""
    return ctx.began is not None and when is not None and when < ctx.began - _CLOCKS


def rights_left(ctx: Context, vault: Vault) -> list[AccessPolicy]:
    """What the portal gave in a vault that stays, and is there still: to the student's VM, or to its own identity."""
    if not same(vault.resource_group, ctx.names.resource_group) or is_labs(ctx, vault):
        return []
    left: list[AccessPolicy] = []
    for object_id, rights in _given(ctx, vault.name):
        mine = [one for one in vault.access_policies if same(one.object_id, object_id) and not one.application_id]
        has = {right for one in mine for right in one.secrets} & rights
        if has:
            left.append(AccessPolicy(object_id, vault.tenant_id, secrets=tuple(sorted(has))))
    return left


def gave_rights(ctx: Context) -> bool:
    """Ever in this walk, in whichever vault."""
    return any("let_in" in one or one.get("added") for times in ctx.carried_out.values() for one in times)


def _given(ctx: Context, vault: str) -> list[tuple[str, set[str]]]:
    """By whom, as it was noted when it was given."""
    given: dict[str, set[str]] = {}
    for told in (one for times in ctx.carried_out.values() for one in times if same(one.get("vault", ""), vault)):
        if "let_in" in told:
            given.setdefault(ctx.azure.caller_object_id(), set()).add(told["let_in"])
        if told.get("added") and "principal" in told:
            given.setdefault(told["principal"], set()).update(told["added"].split(","))
    return list(given.items())


def principals(ctx: Context, principal_now: str) -> frozenset[str]:
    """The object ids by which the student's VM is known, or was when the portal let it in; folded."""
    before = {one["principal"] for one in grants(ctx)}
    return frozenset(one.casefold() for one in {*before, principal_now} if one)


def roles(ctx: Context) -> Seen[tuple[RoleAssignment, ...]]:
    """Of the student's VM and of the portal's own identity, given at a vault of the group or in it: what comes from
    further up is not the lab's. Raises NOT_AUTHORIZED for a caller who may not see roles."""
    vm = ctx.azure.virtual_machine(ctx.names.resource_group, ctx.names.vm)
    source, within = vm.source, vault_id(ctx.names, "").casefold()
    found: list[RoleAssignment] = []
    who = principals(ctx, vm.value.principal_id if vm.value else "")
    for principal in sorted({*who, ctx.azure.caller_object_id()}):
        answer = ctx.azure.role_assignments(group_id(ctx.names), principal, below=True)
        source = answer.source
        found += [one for one in answer.value if same(one.principal_id, principal)]
    return Seen(tuple(one for one in found if one.scope.casefold().startswith(within)), source)


ROLES: Look[tuple[RoleAssignment, ...] | None] = Look(
    "lab-roles", "The roles given at the vaults of your group", lambda ctx: if_allowed(partial(roles, ctx))
)
"""None where the caller may not see them."""


def at_vaults(
    names: Names, vaults: frozenset[str], given: tuple[RoleAssignment, ...] | None
) -> tuple[RoleAssignment, ...]:
    """Those at one of these vaults (folded names), or in it; none where they could not be seen."""
    within = tuple(f"{vault_id(names, vault).casefold()}/" for vault in vaults)
    return tuple(one for one in given or () if f"{one.scope.casefold()}/".startswith(within))


def roles_left(
    ctx: Context, vaults: tuple[Vault, ...], given: tuple[RoleAssignment, ...] | None
) -> tuple[RoleAssignment, ...]:
    """All at the lab's vaults, there or gone; at one that stays, only those that the portal gave the VM."""
    stay = {one.name.casefold() for one in vaults if was_there(ctx, one)}
    noted = {(one["principal"].casefold(), one["role"].casefold()) for one in grants(ctx) if one.get("role")}
    there = at_vaults(ctx.names, frozenset(stay), given)
    ours = (one for one in there if (one.principal_id.casefold(), one.role_id.casefold()) in noted)
    return (*at_vaults(ctx.names, labs_names(ctx) - stay, given), *ours)
