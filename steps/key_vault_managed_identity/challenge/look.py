"""The challenge notes down what the VM has before it touches anything.

Whoever puts it back, after whatever happened, knows it from there. Access that the VM has from further up is left
alone, and the challenge is not begun then: the machine would go on reading.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity import common, role_actions
from steps.key_vault_managed_identity.challenge.access import KINDS, Access, Role, entry_of, in_words
from steps.key_vault_managed_identity.preflight import rights
from steps.key_vault_managed_identity.read_secret.ask_vm import hindrance
from steps.kit.records import Permission, RoleAssignment, Seen, Vault, VirtualMachine
from steps.kit.task import ActionDone, Context, Names

LOOK_ID, BACK_ID = "challenge-look", "challenge-put-back"


def taken(ctx: Context) -> Access | None:
    """What this attempt is about; None while it has found nothing to take."""
    said = ctx.facts.get(LOOK_ID, {}).get("access")
    return Access.load(said) if said else None


def look(ctx: Context, token: str | None) -> ActionDone:
    """Changes nothing. Facts: ``access``, and ``runs``: ids of the times that what it names was taken away.

    Raises a BLOCKED AzureProblem where the challenge cannot be done, or what it takes could not be put back.
    """
    names = ctx.names
    vault, vm = common.vault_to_build_on(ctx), common.vm_with_identity(ctx)
    if bool(vault.value.rbac) != names.by_roles:
        what = "roles" if vault.value.rbac else "access policies"
        said = f"{names.vault} goes by {what}, and you do not. Task 3 says how to settle that."
        raise common.blocked("OtherModel", said, vault.source)
    hindered = hindrance(ctx)
    if hindered is not None:
        said = f"{hindered.summary} Task 4 says what to do; the challenge needs a machine that can read."
        raise common.blocked("VmCannotAsk", said, hindered.sources[0])
    there = _by_roles(ctx, vm) if names.by_roles else _by_policy(vault, vm)
    runs = secrets.token_hex(8)
    before, earlier = _left_away(ctx, vm.value.principal_id)
    if not _reads(there.value) and before is None:
        said = f"{names.vm} has no access to {names.vault} that could be taken away. Do Task 3 first."
        raise common.blocked("NothingToTake", said, there.source)
    access = there.value if before is None else _joined(before, there.value)
    _may_put_back(ctx)
    facts = {"access": access.dump(), "runs": " ".join([runs, *earlier])}
    said = f"{names.vm} has {in_words(access)} in {names.vault}. That is noted, so that precisely that is put back."
    return ActionDone(said, False, (there.source, vm.source), facts)


def _by_policy(vault: Seen[Vault], vm: Seen[VirtualMachine]) -> Seen[Access]:
    return Seen(entry_of(vault.value, vm.value.principal_id, vault.value.tenant_id), vault.source)


def _by_roles(ctx: Context, vm: Seen[VirtualMachine]) -> Seen[Access]:
    """Those that read, at the vault or the secret. Raises BLOCKED for one from elsewhere: it would go on letting in."""
    names, principal = ctx.names, vm.value.principal_id
    seen = ctx.azure.role_assignments(role_actions.secret_scope(names), principal)
    own, others = reading(names, principal, seen.value)
    if others:
        where = role_actions.in_words(others[0].scope)
        raise common.blocked(
            "AccessFromElsewhere",
            f"{names.vm} reads by the role {role_actions.name_of(others[0])} on {where}, which the challenge leaves "
            "alone. Nothing was touched.",
            seen.source,
        )
    roles = tuple(Role(one.scope, one.role_id, one.role_name, one.description, one.condition) for one in own)
    return Seen(Access(names.vault, principal, names.tenant_id, roles=roles), seen.source)


def reading(
    names: Names, principal: str, given: tuple[RoleAssignment, ...]
) -> tuple[list[RoleAssignment], list[RoleAssignment]]:
    """Those that let the machine read the secret: its own at the vault or in it, and those from elsewhere. Where only
    Azure knows whether a condition holds, the role is taken away with the rest, and put back as it was."""
    holding = role_actions.that_hold(given, role_actions.secret_scope(names))
    own, others = list[RoleAssignment](), list[RoleAssignment]()
    for one in holding:
        if role_actions.reads(one) is not False:
            (own if _at_vault(names, one) and common.same(one.principal_id, principal) else others).append(one)
    return own, others


def _at_vault(names: Names, one: RoleAssignment) -> bool:
    return role_actions.covers(role_actions.vault_scope(names), one.scope)


def _reads(access: Access) -> bool:
    return bool(access.roles) or bool({"get", "all"} & set(access.secrets))


def _left_away(ctx: Context, principal: str) -> tuple[Access | None, list[str]]:
    """What an earlier attempt took from this identity and could not put back, and the ids of those times."""
    back = {run for one in ctx.carried_out.get(BACK_ID, ()) for run in one.get("runs", "").split()}
    for one in reversed(ctx.carried_out.get(LOOK_ID, ())):
        access, runs = Access.load(one["access"]), [run for run in one["runs"].split() if run not in back]
        ours = common.same(access.vault, ctx.names.vault) and common.same(access.principal, principal)
        if runs and ours and bool(access.roles) == ctx.names.by_roles:
            return access, runs
    return None, []


def _joined(one: Access, other: Access) -> Access:
    kinds: dict[str, Any] = {kind: tuple(dict.fromkeys((*getattr(one, kind), *getattr(other, kind)))) for kind in KINDS}
    return replace(one, **kinds, roles=tuple(dict.fromkeys((*one.roles, *other.roles))))


def _may_put_back(ctx: Context) -> None:
    """Taking away without being allowed to give again would leave the student without."""
    names, seen = ctx.names, ctx.azure.permissions(ctx.names.resource_group)
    missing = rights_to_put_back(names, seen.value)
    if missing:
        said = (
            f"The identity of your connection may not do {' and '.join(missing)} in {names.resource_group}, so "
            "it could not put back what it takes. Nothing was touched."
        )
        raise common.blocked("MayNotPutBack", said, seen.source)


def rights_to_put_back(names: Names, permissions: tuple[Permission, ...]) -> list[str]:
    """The actions that it takes and that are not allowed."""
    needed = ["Microsoft.KeyVault/vaults/accessPolicies/write"]
    if names.by_roles:
        needed = [f"Microsoft.Authorization/roleAssignments/{what}" for what in ("write", "delete")]
    return [action for action in needed if not rights.allowed(permissions, action)]
