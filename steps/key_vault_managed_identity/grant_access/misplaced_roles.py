"""Roles that read a secret, and are not where they should be: on another scope, or for somebody else."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, looks, role_actions
from steps.key_vault_managed_identity.explaining import if_told
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
from steps.kit.findings import not_yet
from steps.kit.records import RoleAssignment, Seen, Vault, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice, Finding

Given = tuple[RoleAssignment, ...]


def _may_read(seen: Seen[Given | AzureProblem]) -> Given:
    """None where Azure did not tell: what only explains hides nothing."""
    given = () if isinstance(seen.value, AzureProblem) else seen.value
    return tuple(one for one in given if role_actions.reads(one) is not False)


def misplaced(
    ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], holding: Seen[Given], *, wanted: str
) -> Finding | None:
    """The finding about such a role, where none that holds for the VM (``holding``) reads; None if there is none.

    Where the VM has roles in the vault itself, somebody else's say nothing about it. Those that it has only from
    further up may be there for quite another reason."""
    names = ctx.names
    everywhere = looks.roles_of(vm.value.principal_id, f"/subscriptions/{names.subscription_id}", below=True)
    everybody = looks.roles_given_at(role_actions.vault_scope(names))
    facts.ask(everywhere, everybody)
    elsewhere, others = if_told(facts, everywhere), if_told(facts, everybody)
    if _may_read(elsewhere):
        return _on_other_scope(names, _may_read(elsewhere), vm.value, (vm, holding, elsewhere), wanted=wanted)
    at_vault = [one for one in holding.value if role_actions.covers(role_actions.vault_scope(names), one.scope)]
    if not _may_read(others) or at_vault:
        return None
    given = _may_read(others)
    asked = who_is_who(ctx, facts, vm.value, (one.principal_id for one in given))
    who = asked.strangers[0]
    if holding.value and who.kind > Kind.OTHER_VM:
        return None
    role = next(name_of(one) for one in given if common.same(one.principal_id, who.object_id))
    return _for_stranger(
        who,
        wanted=wanted,
        found=f"No role in {names.vault} that reads is for {names.vm} (object id {vm.value.principal_id})."
        f"{policy_is_idle(vault.value, vm.value)} {role} is for {in_words(names, who)}",
        next_step=f"Give the machine one: {how(names, vm.value)} {what_of_it(who)}",
        seen=(vm, holding, others, *asked.seen),
    )


def policy_is_idle(vault: Vault, vm: VirtualMachine) -> str:
    """A sentence about the VM's access policy; "" if it has none."""
    has = common.policies_of(vault, vm.principal_id)
    return " Its access policy there does nothing: the vault goes by roles." if has else ""


def how(names: Names, vm: VirtualMachine) -> str:
    """Two sentences: what to click, and what to type instead."""
    command = az.assign_role(names, "Key Vault Secrets User", az.machine(vm.principal_id))
    return (
        f"Open {names.vault}, Access control (IAM), Add role assignment: the role Key Vault Secrets User, Managed "
        f"identity, and {names.vm}. Or: `{command}`."
    )


def _on_other_scope(
    names: Names, given: Given, vm: VirtualMachine, seen: tuple[Seen[Any], ...], *, wanted: str
) -> Finding:
    listed = ", ".join(f"{name_of(one)} on {scope_in_words(one.scope)}" for one in given[:3])
    vaults = list(dict.fromkeys(name for one in given if (name := _vault_beside(names, one.scope))))[:3]
    meant_other = f" Or, if {' or '.join(vaults)} is the vault of your lab, choose it below." if vaults else ""
    return not_yet(
        "role_on_other_scope",
        wanted=wanted,
        found=f"{names.vm} has {listed}. That does not hold for {names.secret} in {names.vault}: a role counts where "
        "it is given and in what is inside.",
        next_step=f"{how(names, vm)}{meant_other}",
        seen=seen,
        choices=tuple(Choice("vault", name, f"Use the vault {name}") for name in vaults),
    )


def _vault_beside(names: Names, scope: str) -> str:
    """The name of another vault of the group, if ``scope`` is one; "" otherwise."""
    prefix, _, name = scope.rpartition("/")
    beside = common.same(prefix, role_actions.vault_scope(names).rpartition("/")[0])
    return name if beside and not common.same(name, names.vault) else ""


def _for_stranger(who: Stranger, *, wanted: str, found: str, next_step: str, seen: tuple[Seen[Any], ...]) -> Finding:
    match who.kind:
        case Kind.FORMER | Kind.APPLICATION | Kind.NOBODY:
            return _for_nobody(who.kind, wanted=wanted, found=found, next_step=next_step, seen=seen)
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


def _for_nobody(kind: Kind, *, wanted: str, found: str, next_step: str, seen: tuple[Seen[Any], ...]) -> Finding:
    """Ids by which nobody comes, or not any more."""
    if kind is Kind.FORMER:
        return not_yet("role_for_former_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)
    if kind is Kind.APPLICATION:
        return not_yet("role_for_application_id", wanted=wanted, found=found, next_step=next_step, seen=seen)
    return not_yet("role_for_no_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)
