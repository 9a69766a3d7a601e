"""Judges Task 3 where the vault goes by roles (Azure RBAC)."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, looks, role_actions, told_once
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.grant_access.idle_grants import reads, roles
from steps.key_vault_managed_identity.grant_access.strangers import (
    Kind,
    Stranger,
    in_words,
    meant,
    what_of_it,
    who_is_who,
)
from steps.key_vault_managed_identity.role_actions import in_words as scope_in_words
from steps.key_vault_managed_identity.role_actions import name_of
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet, passed
from steps.kit.records import RoleAssignment, Seen, Vault, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice, Finding

Given = tuple[RoleAssignment, ...]


def _reading(given: Given) -> Given:
    return tuple(one for one in given if reads(one))


def _holding(names: Names, facts: Facts, vm: VirtualMachine) -> Seen[Given]:
    """Those that hold for the secret, the nearest to it first."""
    seen = facts.of(roles(names, vm))
    return Seen(role_actions.that_hold(seen.value, role_actions.secret_scope(names)), seen.source)


def judge_role(ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, wanted: str) -> Finding:
    """Has the VM's identity a role that holds in the vault?"""
    names = ctx.names
    holding = _holding(names, facts, vm.value)
    if not holding.value:
        idle = bool(common.policies_of(vault.value, vm.value.principal_id))
        return _no_role(ctx, facts, vm, holding, idle=idle, wanted=wanted)
    best = next(iter(_reading(holding.value)), holding.value[0])
    found = f"{names.vm} has the role {name_of(best)} on {scope_in_words(best.scope)}{_through(best, vm.value)}."
    seen = (vm, holding)
    if common.same(best.scope.rstrip("/"), role_actions.vault_scope(names)):
        return passed("role_for_vm", wanted=wanted, found=found, seen=seen)
    if role_actions.covers(role_actions.vault_scope(names), best.scope):
        narrow = f"{found} It holds for this one secret alone, which is as narrow as can be."
        return passed("role_on_the_secret", wanted=wanted, found=narrow, seen=seen)
    wide = f"{found} It holds in {names.vault} because that is part of it."
    if reads(best):
        wide += " A remark: it opens every other vault there as well. A role on the vault alone would do."
    return passed("role_inherited", wanted=wanted, found=wide, seen=seen)


def _through(one: RoleAssignment, vm: VirtualMachine) -> str:
    return "" if common.same(one.principal_id, vm.principal_id) else f", through the group {one.principal_id}"


def _no_role(
    ctx: Context, facts: Facts, vm: Seen[VirtualMachine], holding: Seen[Given], *, idle: bool, wanted: str
) -> Finding:
    """On another scope, for somebody else, or none. ``idle``: it has an access policy, which does nothing here."""
    names = ctx.names
    everywhere = looks.roles_of(vm.value.principal_id, f"/subscriptions/{names.subscription_id}", below=True)
    everybody = looks.roles_given_at(role_actions.vault_scope(names))
    facts.ask(everywhere, everybody)
    elsewhere, others = if_told(facts, everywhere), if_told(facts, everybody)
    if not isinstance(elsewhere.value, AzureProblem) and _reading(elsewhere.value):
        seen = (vm, holding, elsewhere)
        return _on_other_scope(names, _reading(elsewhere.value), _how(names, vm.value), seen, wanted=wanted)
    if not isinstance(others.value, AzureProblem) and _reading(others.value):
        given = Seen(_reading(others.value), others.source)
        return _for_others(ctx, facts, vm, given, holding, wanted=wanted)
    return not_yet(
        "role_missing",
        wanted=wanted,
        found=f"{names.vm} (object id {vm.value.principal_id}) has no role in {names.vault}.{_policy_is_idle(idle)}",
        next_step=_how(names, vm.value),
        seen=(vm, holding, elsewhere, others),
    )


def _for_others(
    ctx: Context, facts: Facts, vm: Seen[VirtualMachine], given: Seen[Given], holding: Seen[Given], *, wanted: str
) -> Finding:
    names = ctx.names
    asked = who_is_who(ctx, facts, vm.value, (one.principal_id for one in given.value))
    who = asked.strangers[0]
    role = next(name_of(one) for one in given.value if common.same(one.principal_id, who.object_id))
    return _for_stranger(
        who,
        wanted=wanted,
        found=f"No role in {names.vault} is for {names.vm} (object id {vm.value.principal_id}). {role} is for "
        f"{in_words(names, who)}",
        next_step=f"{what_of_it(who)} Give the machine one: {_how(names, vm.value)}",
        seen=(vm, holding, given, *asked.seen),
    )


def _policy_is_idle(idle: bool) -> str:
    return " Its access policy there does nothing: the vault goes by roles." if idle else ""


def _how(names: Names, vm: VirtualMachine) -> str:
    command = az.assign_role(names, "Key Vault Secrets User", az.machine(vm.principal_id))
    return (
        f"Open {names.vault}, Access control (IAM), Add role assignment: the role Key Vault Secrets User, Managed "
        f"identity, and {names.vm}. Or: `{command}`."
    )


def _on_other_scope(names: Names, given: Given, how: str, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    listed = ", ".join(f"{name_of(one)} on {scope_in_words(one.scope)}" for one in given[:3])
    vaults = dict.fromkeys(name for one in given if (name := _vault_beside(names, one.scope)))
    return not_yet(
        "role_on_other_scope",
        wanted=wanted,
        found=f"{names.vm} has {listed}. That does not hold for {names.secret} in {names.vault}: a role counts where "
        "it is given and in what is inside.",
        next_step=how,
        seen=seen,
        choices=tuple(Choice("vault", name, f"Use the vault {name}") for name in list(vaults)[:3]),
    )


def _vault_beside(names: Names, scope: str) -> str:
    """The name of another vault of the group, if ``scope`` is one; "" otherwise."""
    prefix, _, name = scope.rpartition("/")
    beside = common.same(prefix, role_actions.vault_scope(names).rpartition("/")[0])
    return name if beside and not common.same(name, names.vault) else ""


def _for_stranger(who: Stranger, *, wanted: str, found: str, next_step: str, seen: tuple[Seen[Any], ...]) -> Finding:
    match who.kind:
        case Kind.FORMER:
            return not_yet("role_for_former_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.APPLICATION:
            return not_yet("role_for_application_id", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.USER_ASSIGNED:
            return not_yet("role_for_user_assigned", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.CALLER:
            return not_yet("role_only_for_caller", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.UNKNOWN:
            return not_yet("role_for_other_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.OTHER_VM:
            return not_yet(
                "role_for_other_vm", wanted=wanted, found=found, next_step=next_step, seen=seen, choices=meant(who)
            )


def judge_rights(names: Names, facts: Facts, vm: Seen[VirtualMachine], *, waits_for: str, wanted: str) -> Finding:
    """Do the roles that hold let the VM read the secret? ``waits_for``: the check that tells of their absence."""
    try:
        holding = _holding(names, facts, vm.value)
    except AzureProblem as problem:
        return told_once.waits(waits_for, problem, wanted=wanted)
    if not holding.value:
        return common.waits_for(waits_for, f"a role for {names.vm}", (holding,), wanted=wanted)
    reading = _reading(holding.value)
    if reading:
        return _enough(names, reading, (vm, holding), wanted=wanted)
    named = list(dict.fromkeys(name_of(one) for one in holding.value))
    several, listed = len(named) > 1, " and ".join(named)
    how = f"Add one that reads, beside it: {_how(names, vm.value)}"
    if any(permission.data_actions for one in holding.value for permission in one.permissions):
        return not_yet(
            "role_without_get",
            wanted=wanted,
            found=f"{listed} {'let' if several else 'lets'} {names.vm} see things about what is in {names.vault}, "
            "but not read a secret's value.",
            next_step=how,
            seen=(vm, holding),
        )
    return not_yet(
        "role_of_control_plane",
        wanted=wanted,
        found=f"{listed} {'are' if several else 'is'} about {names.vault} as a resource: seeing, changing or deleting "
        "it. However much that is, it opens nothing that is inside. Reading a secret takes a role with data actions.",
        next_step=how,
        seen=(vm, holding),
    )


_FURTHER = {
    "write secrets": role_actions.SET,
    "delete secrets": "Microsoft.KeyVault/vaults/secrets/delete",
    "purge secrets": "Microsoft.KeyVault/vaults/secrets/purge/action",
    "use keys": "Microsoft.KeyVault/vaults/keys/sign/action",
    "manage certificates": "Microsoft.KeyVault/vaults/certificates/create/action",
}
"""What nothing in this lab needs, each with a data action that stands for it."""


def _enough(names: Names, reading: Given, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    role = name_of(reading[0])
    beyond = [
        words
        for words, action in _FURTHER.items()
        if any(role_actions.allows(one.permissions, action) for one in reading)
    ]
    if not beyond:
        found = f"{role} lets {names.vm} read secrets and what they are called, and no more."
        return passed("role_reads_secrets", wanted=wanted, found=found, seen=seen)
    wide = ", ".join(dict.fromkeys(name_of(one) for one in reading))
    return passed(
        "role_wider_than_needed",
        wanted=wanted,
        found=f"{names.vm} may read secrets. A remark: {wide} also lets it {', '.join(beyond)}. Key Vault Secrets User "
        "would do, and whoever gets hold of the machine could do less.",
        seen=seen,
    )
