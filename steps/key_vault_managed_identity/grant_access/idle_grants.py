"""Access that was given to the right identity and does not count: in another vault, of the other kind, or in the way
that the walk does not go."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, looks, made, role_actions
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet
from steps.kit.records import RoleAssignment, Seen, Vault, VirtualMachine
from steps.kit.task import POLICIES, ROLES, Context, Facts, Look, Names
from steps.kit.verdict import Choice, Finding


def policy_without_effect(names: Names, vault: Seen[Vault], vm: Seen[VirtualMachine], *, wanted: str) -> Finding | None:
    """The finding about the VM's policy in a vault that goes by roles; None if there is none."""
    if not common.policies_of(vault.value, vm.value.principal_id):
        return None
    return not_yet(
        "policy_without_effect",
        wanted=wanted,
        found=f"There is one for {names.vm}, but {names.vault} goes by roles: as long as it does, no policy counts.",
        next_step="Put the permission model right, as the check above says. The policy then counts as it is.",
        seen=(vault, vm),
    )


def right_the_other_way(names: Names, facts: Facts, vault: Seen[Vault], *, wanted: str) -> Finding | None:
    """The finding about a VM that is let in just as its vault goes, in a walk that goes the other way: only the walk is
    to be changed. None where the VM is not."""
    vm = if_told(facts, looks.VM)
    if not isinstance(vm.value, VirtualMachine) or not vm.value.principal_id:
        return None
    if not vault.value.rbac:
        if "get" not in common.rights(vault.value, vm.value.principal_id):
            return None
        return not_yet(
            "done_by_policies",
            wanted=wanted,
            found=f"{names.vault} goes by access policies, and one lets {names.vm} get secrets: that is right. Only "
            "here it says that you work with roles.",
            next_step="Choose access policies below. The task is checked again at once, your policy counts as it is, "
            f"and nothing has to change in Azure. Or, if you would rather work with roles, switch {names.vault} to "
            "them under Settings, Access configuration, and give the machine one.",
            seen=(vault, vm),
            choices=(Choice("permission_model", POLICIES, "Do this lab by access policies"),),
        )
    given = if_told(facts, roles(names, vm.value))
    if isinstance(given.value, AzureProblem) or not (reading := _reading(names, given.value)):
        return None
    return not_yet(
        "done_by_roles",
        wanted=wanted,
        found=f"{names.vault} goes by roles, and {names.vm} has one that reads its secrets: {_on(reading[0])}. That is "
        "right. Only here it says that you work with access policies.",
        next_step="Choose roles below. The task is checked again at once, your role counts as it is, and nothing has "
        f"to change in Azure. Or, if you would rather work with access policies, switch {names.vault} to them under "
        "Settings, Access configuration, and add one for the machine.",
        seen=(vault, vm, given),
        choices=(Choice("permission_model", ROLES, "Do this lab by roles"),),
    )


def _reading(names: Names, given: tuple[RoleAssignment, ...]) -> list[RoleAssignment]:
    """Those that let read the secret, the nearest to it first."""
    holding = role_actions.that_hold(given, role_actions.secret_scope(names))
    return [one for one in holding if role_actions.reads(one)]


def _on(role: RoleAssignment) -> str:
    return f"{role_actions.name_of(role)} on {role_actions.in_words(role.scope)}"


def roles(names: Names, vm: VirtualMachine) -> Look[tuple[RoleAssignment, ...]]:
    """All that the VM was given at the vault, in it, or further up."""
    return looks.roles_of(vm.principal_id, role_actions.vault_scope(names), below=True)


def in_vain(
    ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, how: str, wanted: str
) -> Finding | None:
    """In a vault that goes by policies and has none for the VM: its policy in another vault of the group, or a role
    that would read the secret if roles counted. ``how``: what to do about it here."""
    facts.ask(looks.ALL_VAULTS, roles(ctx.names, vm.value))
    vaults = if_told(facts, looks.ALL_VAULTS)
    if not isinstance(vaults.value, AzureProblem):
        others = [one for one in vaults.value if _beside(ctx.names, one, vm.value)]
        if others:
            return _in_other_vault(ctx.names, others[0], how, (vault, vm, vaults), wanted=wanted)
    given = if_told(facts, roles(ctx.names, vm.value))
    if isinstance(given.value, AzureProblem):
        return None
    reading = _reading(ctx.names, given.value)
    return _role(ctx.names, reading[0], how, (vault, vm, given), wanted=wanted) if reading else None


def _beside(names: Names, vault: Vault, vm: VirtualMachine) -> bool:
    """It is another vault of the group, goes by policies, and its policy lets the VM get secrets."""
    another = common.same(vault.resource_group, names.resource_group) and not common.same(vault.name, names.vault)
    return another and not vault.rbac and "get" in common.rights(vault, vm.principal_id)


def _in_other_vault(names: Names, other: Vault, how: str, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    return not_yet(
        "policy_in_other_vault",
        wanted=wanted,
        found=f"{names.vault} has no policy for {names.vm}, but another vault of {names.resource_group} has one: "
        f"{other.name}. A policy counts only in the vault it is in.",
        next_step=f"{how} Or, if {other.name} is the vault of your lab, choose it below: all tasks go on with it.",
        seen=seen,
        choices=(Choice("vault", other.name, f"Use the vault {other.name}"),),
        notes=made.offering(names, other.name),
    )


def _role(names: Names, role: RoleAssignment, how: str, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    return not_yet(
        "role_without_effect",
        wanted=wanted,
        found=f"{names.vm} has the role {_on(role)}, but {names.vault} goes by access policies: as long as it does, no "
        "role opens what is in it.",
        next_step=f"{how} Or do this lab by roles: then switch {names.vault} to them as well, under Settings, Access "
        f"configuration, or with `{az.use_roles(names)}`.",
        seen=seen,
        choices=(Choice("permission_model", ROLES, "Do this lab by roles"),),
    )
