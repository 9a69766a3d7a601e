"""Judges Task 3 where the vault goes by roles (Azure RBAC)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity import az, common, role_actions, told_once
from steps.key_vault_managed_identity.grant_access.idle_grants import roles
from steps.key_vault_managed_identity.grant_access.misplaced_roles import how, misplaced, policy_is_idle
from steps.key_vault_managed_identity.role_actions import in_words as scope_in_words
from steps.key_vault_managed_identity.role_actions import name_of
from steps.kit.azure import AzureProblem
from steps.kit.findings import could_not_tell, not_yet, passed
from steps.kit.records import RoleAssignment, Seen, Vault, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding, Verdict

Given = tuple[RoleAssignment, ...]

_LONGEST = 300
"""Characters of a condition that are told: Azure's may go on for pages."""


def _reading(given: Given) -> Given:
    return tuple(one for one in given if role_actions.reads(one))


def _conditional(given: Given) -> Given:
    """Those that would read, were it not for a condition. What only Azure can tell comes first."""
    held_up = [one for one in given if role_actions.allows(one.permissions, role_actions.GET)]
    held_up = [one for one in held_up if not role_actions.reads(one)]
    return tuple(sorted(held_up, key=lambda one: role_actions.reads(one) is not None))


def _holding(names: Names, facts: Facts, vm: VirtualMachine) -> Seen[Given]:
    """Those that hold for the secret, the nearest to it first."""
    seen = facts.of(roles(names, vm))
    return Seen(role_actions.that_hold(seen.value, role_actions.secret_scope(names)), seen.source)


def _elsewhere(
    ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], holding: Seen[Given], *, wanted: str
) -> Finding | None:
    """What tells more than the roles that hold: those would read nothing, and one that would is misplaced."""
    if _reading(holding.value) or _conditional(holding.value):
        return None
    return misplaced(ctx, facts, vault, vm, holding, wanted=wanted)


def judge_role(ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, wanted: str) -> Finding:
    """Has the VM's identity a role that holds in the vault?"""
    names = ctx.names
    holding = _holding(names, facts, vm.value)
    elsewhere = _elsewhere(ctx, facts, vault, vm, holding, wanted=wanted)
    if elsewhere is not None:
        return elsewhere
    if not holding.value:
        return not_yet(
            "role_missing",
            wanted=wanted,
            found=f"{names.vm} (object id {vm.value.principal_id}) has no role in {names.vault}."
            f"{policy_is_idle(vault.value, vm.value)}",
            next_step=how(names, vm.value),
            seen=(vm, holding),
        )
    best = next(iter((*_reading(holding.value), *_conditional(holding.value), *holding.value)))
    found = f"{names.vm} has the role {name_of(best)} on {scope_in_words(best.scope)}{_through(best, vm.value)}."
    seen = (vm, holding)
    if role_actions.on_the_vault(best, names):
        return passed("role_for_vm", wanted=wanted, found=found, seen=seen)
    if role_actions.covers(role_actions.vault_scope(names), best.scope):
        narrow = f"{found} It holds for this one secret alone, which is as narrow as can be."
        return passed("role_on_the_secret", wanted=wanted, found=narrow, seen=seen)
    wide = f"{found} It holds in {names.vault} because that is part of it."
    if role_actions.reads(best):
        wide += " A remark: it opens every other vault there as well. A role on the vault alone would do."
    return passed("role_inherited", wanted=wanted, found=wide, seen=seen)


def _through(one: RoleAssignment, vm: VirtualMachine) -> str:
    return "" if common.same(one.principal_id, vm.principal_id) else f", through the group {one.principal_id}"


def judge_rights(
    ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, own: str, waits_for: str, wanted: str
) -> Finding:
    """Do the roles that hold let the VM read the secret? ``own``: this check's id; ``waits_for``: that of the one that
    tells of their absence."""
    names = ctx.names
    try:
        holding = _holding(names, facts, vm.value)
    except AzureProblem as problem:
        return told_once.waits(waits_for, problem, wanted=wanted)
    if _reading(holding.value):
        return _enough(names, _reading(holding.value), (vm, holding), wanted=wanted)
    if _conditional(holding.value):
        held_up = _with_condition(names, _conditional(holding.value)[0], vm, holding, wanted=wanted)
        return held_up if held_up.verdict is Verdict.NOT_YET else replace(held_up, waits_for=own)
    if not holding.value or _elsewhere(ctx, facts, vault, vm, holding, wanted=wanted) is not None:
        return common.waits_for(waits_for, f"a role for {names.vm} that reads", (holding,), wanted=wanted)
    return _not_reading(names, holding, vm, wanted=wanted)


def _with_condition(
    names: Names, one: RoleAssignment, vm: Seen[VirtualMachine], holding: Seen[Given], *, wanted: str
) -> Finding:
    """Whether a condition lets something through may be Azure's alone to know, however often it is looked at."""
    has = f"{names.vm} has the role {name_of(one)} on {scope_in_words(one.scope)} with a condition"
    again = _without_condition(names, one, vm.value)
    if role_actions.reads(one) is None:
        return could_not_tell(
            "role_with_condition",
            wanted=wanted,
            found=f"{has}. Only Azure knows whether that lets the machine read. {_said(one.condition)}",
            next_step="Check Task 4: there the machine tries. To be sure, give it the role without a condition. "
            f"{again}",
            seen=(vm, holding),
        )
    return not_yet(
        "role_condition_denies",
        wanted=wanted,
        found=f"{has} that keeps it from reading a secret's value. {_said(one.condition)}",
        next_step=f"Give it the role without a condition. {again}",
        seen=(vm, holding),
    )


def _said(condition: str) -> str:
    text = " ".join(condition.split())
    return f"It is: {text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}"


def _without_condition(names: Names, one: RoleAssignment, vm: VirtualMachine) -> str:
    """Azure takes the same role for the same identity at the same place only once, with a condition or without."""
    if not role_actions.is_lab_role(one, names):
        return how(names, vm)
    again = az.assign_role(names, "Key Vault Secrets User", az.machine(vm.principal_id))
    return (
        f"Open {names.vault}, Access control (IAM), Role assignments, and remove the entry of {names.vm}; then Add "
        f"role assignment: the role Key Vault Secrets User, Managed identity, and {names.vm}. "
        f"Or: `az role assignment delete --ids {one.id} && {again}`."
    )


def _not_reading(names: Names, holding: Seen[Given], vm: Seen[VirtualMachine], *, wanted: str) -> Finding:
    opening = [one for one in holding.value if role_actions.about_vaults(one)]
    others = [one for one in holding.value if any(part.data_actions for part in one.permissions)]
    seen, next_step = (vm, holding), f"Add one that reads, beside it: {how(names, vm.value)}"
    if opening:
        listed, verb = _listed(opening, "gives", "give")
        taken = any(role_actions.takes_reading_away(one) for one in opening)
        return not_yet(
            "role_without_get",
            wanted=wanted,
            found=f"{listed} {verb} {names.vm} data actions in {names.vault}, but not the one that reads a secret's "
            f"value, getSecret.{' The NotDataActions take it away.' if taken else ''}",
            next_step=next_step,
            seen=seen,
        )
    if others:
        listed, verb = _listed(others, "has", "have")
        return not_yet(
            "role_for_other_service",
            wanted=wanted,
            found=f"{listed} {verb} data actions, but of other services than Key Vault: nothing in {names.vault} is "
            "opened by them.",
            next_step=next_step,
            seen=seen,
        )
    listed, verb = _listed(holding.value, "is", "are")
    in_vain = any(role_actions.names_reading_in_vain(one) for one in holding.value)
    return not_yet(
        "role_of_control_plane",
        wanted=wanted,
        found=f"{listed} {verb} about {names.vault} as a resource: seeing, changing or deleting it. However much that "
        "is, it opens nothing that is inside. Reading a secret takes a role with data actions."
        f"{' It names getSecret under Actions, where that does nothing: DataActions is its place.' if in_vain else ''}",
        next_step=next_step,
        seen=seen,
    )


def _above(names: Names, wide: Iterable[RoleAssignment]) -> str:
    """A sentence where one of these is given further up than the vault, else "". (Of the nearest role that reads, the
    check before this one tells it.)"""
    above = [one for one in wide if not role_actions.covers(role_actions.vault_scope(names), one.scope)]
    listed, verb = _listed(above, "is", "are")
    places = " and ".join(dict.fromkeys(scope_in_words(one.scope) for one in above))
    opens = "opens" if verb == "is" else "open"
    return f" {listed} {verb} given on {places}, and so {opens} every other vault there as well." if above else ""


def _listed(given: Iterable[RoleAssignment], one: str, several: str) -> tuple[str, str]:
    """The names of the roles, and the verb for as many."""
    named = list(dict.fromkeys(name_of(role) for role in given))
    return " and ".join(named), several if len(named) > 1 else one


_FURTHER = {
    "write secrets": role_actions.SET,
    "delete secrets": "Microsoft.KeyVault/vaults/secrets/delete",
    "purge secrets": "Microsoft.KeyVault/vaults/secrets/purge/action",
    "use keys": "Microsoft.KeyVault/vaults/keys/sign/action",
    "read certificates": "Microsoft.KeyVault/vaults/certificates/read",
    "manage certificates": "Microsoft.KeyVault/vaults/certificates/create/action",
}
"""What nothing in this lab needs, each with a data action that stands for it."""


def _enough(names: Names, reading: Given, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    beyond = {
        words: [one for one in reading if role_actions.allows(one.permissions, action)]
        for words, action in _FURTHER.items()
    }
    wide = [one for given in beyond.values() for one in given]
    if not wide:
        sees = any(role_actions.allows(one.permissions, role_actions.SEE) for one in reading)
        what = "secrets and what they are called" if sees else "the value of a secret that it knows the name of"
        found = f"{name_of(reading[0])} lets {names.vm} read {what}, and no more."
        return passed("role_reads_secrets", wanted=wanted, found=found, seen=seen)
    listed, verb = _listed(wide, "lets", "let")
    rights = ", ".join(words for words, given in beyond.items() if given)
    further = [one for one in wide if one is not reading[0]]
    return passed(
        "role_wider_than_needed",
        wanted=wanted,
        found=f"{names.vm} may read secrets. A remark: {listed} also {verb} it {rights}. Key Vault Secrets User "
        f"would do, and whoever gets hold of the machine could do less.{_above(names, further)}",
        seen=seen,
    )
