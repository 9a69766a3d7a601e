"""What the portal has given in this walk, to the student's VM and to its own identity, and what is left of it.

Whoever gave something noted it as facts: ``vault``, where it was; for the VM ``principal``, and ``added`` or ``role``;
for the portal's own identity ``let_in``, rights on secrets, or ``let_in_role``, the id of a role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain

from steps.key_vault_managed_identity import made, role_actions
from steps.key_vault_managed_identity.common import same
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.problems import beside
from steps.kit.records import AccessPolicy, RoleAssignment, Seen, Vault
from steps.kit.task import Context, Look, Names, Walk

Roles = tuple[RoleAssignment, ...]


def _noted(ctx: Walk) -> Iterator[Mapping[str, str]]:
    return (facts for times in ctx.carried_out.values() for facts in times if "vault" in facts)


def grants(ctx: Walk) -> list[Mapping[str, str]]:
    """What ``granting`` noted each time the portal let a VM in, carrying out or mending."""
    return [facts for facts in _noted(ctx) if "principal" in facts]


def _to_itself(ctx: Context, vault: str) -> Iterator[Mapping[str, str]]:
    """In earlier attempts, and in this one: undoing gives itself something, too."""
    here = (beside(facts) for facts in ctx.facts.values())
    return (one for one in chain(_noted(ctx), here) if "vault" in one and same(one["vault"], vault))


def own_rights(ctx: Context, vault: str) -> set[str]:
    """The rights on secrets that the portal gave its own identity in ``vault``."""
    return {right for one in _to_itself(ctx, vault) for right in one.get("let_in", "").split()}


def own_roles(ctx: Context, vault: str) -> set[str]:
    """The ids of the roles that it gave its own identity at ``vault``, folded."""
    return {one["let_in_role"].casefold() for one in _to_itself(ctx, vault) if "let_in_role" in one}


def gave_rights(ctx: Walk) -> bool:
    """Ever in this walk, in whichever vault."""
    return any("let_in" in one or one.get("added") for one in _noted(ctx))


def rights_left(ctx: Context, vault: Vault) -> list[AccessPolicy]:
    """What the portal gave in a vault that stays, and is there still: to the student's VM, or to its own identity."""
    if not same(vault.resource_group, ctx.names.resource_group) or made.is_labs(ctx, vault):
        return []
    left: list[AccessPolicy] = []
    for object_id, rights in _rights(ctx, vault.name):
        mine = [one for one in vault.access_policies if same(one.object_id, object_id) and not one.application_id]
        has = {right for one in mine for right in one.secrets} & rights
        if has:
            left.append(AccessPolicy(object_id, vault.tenant_id, secrets=tuple(sorted(has))))
    return left


def _rights(ctx: Context, vault: str) -> list[tuple[str, set[str]]]:
    """By whom, as it was noted when it was given."""
    given: dict[str, set[str]] = {}
    own = own_rights(ctx, vault)
    if own:
        given[ctx.azure.caller_object_id()] = own
    for told in grants(ctx):
        if same(told["vault"], vault) and told.get("added"):
            given.setdefault(told["principal"], set()).update(told["added"].split(","))
    return list(given.items())


def principals(ctx: Context, principal_now: str) -> frozenset[str]:
    """The object ids by which the student's VM is known, or was when the portal let it in; folded."""
    before = {one["principal"] for one in grants(ctx)}
    return frozenset(one.casefold() for one in {*before, principal_now} if one)


def roles(ctx: Context) -> Seen[tuple[RoleAssignment, ...]]:
    """Of the student's VM and of the portal's own identity, given at a vault of the group or in it: what comes from
    further up is not the lab's. With the group gone there are none. Raises NOT_AUTHORIZED for a caller who may not see
    roles."""
    vm = ctx.azure.virtual_machine(ctx.names.resource_group, ctx.names.vm)
    source, within = vm.source, made.vault_id(ctx.names, "").casefold()
    found: list[RoleAssignment] = []
    who = principals(ctx, vm.value.principal_id if vm.value else "")
    for principal in sorted({*who, ctx.azure.caller_object_id()}):
        answer = _roles_in_group(ctx, principal)
        source = answer.source
        found += [one for one in answer.value if same(one.principal_id, principal)]
    return Seen(tuple(one for one in found if one.scope.casefold().startswith(within)), source)


def _roles_in_group(ctx: Context, principal: str, *, below: bool = True) -> Seen[tuple[RoleAssignment, ...]]:
    try:
        return ctx.azure.role_assignments(made.group_id(ctx.names), principal, below)
    except AzureProblem as problem:
        group = ctx.azure.resource_group(ctx.names.resource_group) if problem.kind is ProblemKind.NOT_FOUND else None
        if group is None or group.value is not None:
            raise
        return Seen((), group.source)


ROLES: Look[tuple[RoleAssignment, ...] | None] = Look(
    "lab-roles", "The roles given at the vaults of your group", lambda ctx: made.if_allowed(partial(roles, ctx))
)
"""None where the caller may not see them."""


def _above(ctx: Context) -> Seen[tuple[RoleAssignment, ...]]:
    """Of the student's VM, in its own name, and opening what is in vaults."""
    vm = ctx.azure.virtual_machine(ctx.names.resource_group, ctx.names.vm)
    found, source = list[RoleAssignment](), vm.source
    for principal in sorted(principals(ctx, vm.value.principal_id if vm.value else "")):
        answer = _roles_in_group(ctx, principal, below=False)
        source = answer.source
        found += [one for one in answer.value if same(one.principal_id, principal) and role_actions.about_vaults(one)]
    return Seen(tuple(found), source)


ABOVE: Look[tuple[RoleAssignment, ...] | None] = Look(
    "roles-above", "The VM's roles on the group and above", lambda ctx: made.if_allowed(partial(_above, ctx))
)
"""Given further up than a vault, they are not the lab's to take; None where the caller may not see them."""


def at_vault(names: Names, vault: str, given: tuple[RoleAssignment, ...] | None) -> tuple[RoleAssignment, ...]:
    """Those at this vault, or in it; none where they could not be seen."""
    within = f"{made.vault_id(names, vault).casefold()}/"
    return tuple(one for one in given or () if f"{one.scope.casefold()}/".startswith(within))


def of_portal(ctx: Context, vault: str, given: Roles | None) -> Roles:
    """Those at ``vault`` that the portal gave, to the VM or to its own identity."""
    return (*of_machine(ctx, vault, given), *of_itself(ctx, vault, given))


def of_machine(ctx: Context, vault: str, given: Roles | None) -> Roles:
    """Those that it gave to the VM."""
    noted = (one for one in grants(ctx) if one.get("role") and same(one["vault"], vault))
    return _noted_at(ctx, vault, {(one["principal"].casefold(), one["role"].casefold()) for one in noted}, given)


def of_itself(ctx: Context, vault: str, given: Roles | None) -> Roles:
    """Those that it gave to its own identity."""
    caller = ctx.azure.caller_object_id().casefold()
    return _noted_at(ctx, vault, {(caller, role) for role in own_roles(ctx, vault)}, given)


def _noted_at(ctx: Context, vault: str, noted: set[tuple[str, str]], given: Roles | None) -> Roles:
    """The portal gives roles at the vault itself: the same one at a secret in it is somebody else's doing."""
    whole = made.vault_id(ctx.names, vault)
    here = (one for one in given or () if same(one.scope.rstrip("/"), whole))
    return tuple(one for one in here if (one.principal_id.casefold(), one.role_id.casefold()) in noted)


def gave_roles(ctx: Walk, vault: str) -> bool:
    """Ever in this walk, to whomever."""
    here = [one for one in _noted(ctx) if same(one["vault"], vault)]
    return any("let_in_role" in one or ("principal" in one and one.get("role")) for one in here)


def roles_left(
    ctx: Context, vaults: tuple[Vault, ...], given: tuple[RoleAssignment, ...] | None
) -> tuple[RoleAssignment, ...]:
    """All at the lab's vaults, there or gone; at one that stays, only those that the portal gave."""
    group = [one for one in vaults if same(one.resource_group, ctx.names.resource_group)]
    stay = {one.name.casefold() for one in group if not made.is_labs(ctx, one)}
    if made.seen_old(ctx) and not made.agreed_by_portal(ctx):  # deleted by now, and can be brought back
        stay.add(ctx.names.vault.casefold())
    left = [role for vault in sorted(made.labs_names(ctx) - stay) for role in at_vault(ctx.names, vault, given)]
    left += [role for vault in sorted(stay) for role in of_portal(ctx, vault, given)]
    return tuple(left)
