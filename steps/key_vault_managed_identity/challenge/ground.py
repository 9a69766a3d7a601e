"""What the challenge stands on and does not find: told as the task says it that is about it, with what to do."""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity import az, common, looks, role_actions
from steps.key_vault_managed_identity.challenge import look
from steps.key_vault_managed_identity.create_secret.missing_secret import secret_missing
from steps.key_vault_managed_identity.grant_access import task as grant_access
from steps.key_vault_managed_identity.grant_access.idle_grants import roles
from steps.key_vault_managed_identity.preflight import rights
from steps.kit.findings import not_yet
from steps.kit.records import RoleAssignment, Seen, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding, Verdict

_AGAIN = "Then take the challenge again."


def lacking(ctx: Context, facts: Facts, *, wanted: str) -> Finding | None:
    """What has to be there before anything can be taken away; None if all of it is."""
    finding = _of_the_tasks(ctx, facts) or _from_elsewhere(ctx, facts) or _may_not_put_back(ctx, facts)
    if finding is None:
        return None
    return replace(finding, wanted=wanted, next_step=f"{finding.next_step} {_AGAIN}", choices=())


def _of_the_tasks(ctx: Context, facts: Facts) -> Finding | None:
    names = ctx.names
    facts.ask(looks.VM, looks.VAULT, looks.SECRET)
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted="")
    asleep = common.vm_asleep(names, facts.of(looks.VM), wanted="")
    if asleep is not None:
        return asleep
    secret = facts.of(looks.SECRET)
    if secret.value is None:
        return secret_missing(ctx, facts, common.there(vault), secret, wanted="")
    judges = (
        grant_access.judge_identity,
        grant_access.judge_model,
        grant_access.judge_let_in,
        grant_access.judge_rights,
    )
    found = (judge(ctx, facts) for judge in judges)
    return next((one for one in found if one.verdict is Verdict.NOT_YET), None)


def _from_elsewhere(ctx: Context, facts: Facts) -> Finding | None:
    names, vm = ctx.names, common.there(facts.of(looks.VM))
    if not names.by_roles:
        return None
    given = facts.of(roles(names, vm.value))
    own, others = look.reading(names, vm.value.principal_id, given.value)
    return _inherited(names, others[0], not own, vm, given) if others else None


def _inherited(
    names: Names,
    one: RoleAssignment,
    alone: bool,
    vm: Seen[VirtualMachine],
    given: Seen[tuple[RoleAssignment, ...]],
) -> Finding:
    principal = vm.value.principal_id
    by_group = not common.same(one.principal_id, principal)
    back = f"take that other one back: `az role assignment delete --ids {one.id}`."
    if by_group:
        command = f"az ad group member remove --group {one.principal_id} --member-id {principal}"
        back = f"take the machine out of the group: `{command}`."
    own = az.assign_role(names, "Key Vault Secrets User", az.machine(principal))
    first = f"Give {names.vm} the role Key Vault Secrets User on {names.vault} itself: `{own}`. Then {back}"
    return not_yet(
        "challenge_access_inherited",
        wanted="",
        found=f"{names.vm} reads by the role {role_actions.name_of(one)} on {role_actions.in_words(one.scope)}"
        f"{f', through the group {one.principal_id}' if by_group else ''}. That opens more than the lab, so the "
        "challenge leaves it alone, and with it the machine would go on reading.",
        next_step=first if alone else f"{back[0].upper()}{back[1:]}",
        seen=(vm, given),
    )


def _may_not_put_back(ctx: Context, facts: Facts) -> Finding | None:
    names, seen = ctx.names, facts.of(looks.RIGHTS)
    missing = look.rights_to_put_back(names, seen.value)
    if not missing:
        return None
    role = rights.GIVING_ROLES if names.by_roles else rights.VAULTS
    return not_yet(
        "challenge_may_not_put_back",
        wanted="",
        found=f"The identity of your connection may not do {' and '.join(missing)} in {names.resource_group}, so it "
        "could not put back what it takes. Nothing was touched.",
        next_step=f"Give it the role {role}: {rights.give_role(names, role, ctx.azure.caller_object_id())}, and wait a "
        "few minutes. Or do the challenge by hand, as the guide shows.",
        seen=(seen,),
    )
