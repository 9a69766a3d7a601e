"""Task 3: the VM's identity is let into the vault, by an access policy or by a role."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, common, looks, renamed
from steps.key_vault_managed_identity.grant_access import grants_by_policy, grants_by_role, undo_grant
from steps.key_vault_managed_identity.grant_access.granting import grant_policy, grant_role, plan_policy, plan_role
from steps.key_vault_managed_identity.grant_access.idle_grants import policy_without_effect, right_the_other_way
from steps.key_vault_managed_identity.grant_access.strangers import former_ids, note_of
from steps.key_vault_managed_identity.guides.grant_access import guide
from steps.key_vault_managed_identity.reasons import mended_by
from steps.key_vault_managed_identity.told_once import after
from steps.kit.findings import passed
from steps.kit.records import Seen, Vault, VirtualMachine
from steps.kit.task import Action, ActionDone, ActionIntent, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding

IDENTITY, MODEL, LET_IN, RIGHTS = "vm-identity", "permission-model", "policy-exists", "policy-rights"


def grant(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    if ctx.names.by_roles:
        return grant_role(ctx, token)
    return grant_policy(ctx, token, wanted=az.SECRET_MANAGEMENT)


def judge_identity(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.vm} has a system-assigned identity that can be given access."
    seen = facts.of(looks.VM)
    if seen.value is None:
        return common.vm_missing(names, seen, wanted=wanted)
    if not seen.value.principal_id:
        return common.identity_off(names, common.there(seen), wanted=wanted)
    found = f"It has; the object id is {seen.value.principal_id}."
    former = former_ids(ctx, seen.value)
    if former:
        found += f" Earlier it was {former[0]}: what that one was given does not pass on to the new one."
    return passed("vm_can_be_granted", wanted=wanted, found=found, seen=(seen,), notes=note_of(seen.value))


def judge_model(ctx: Context, facts: Facts) -> Finding:
    what = "roles" if ctx.names.by_roles else "access policies"
    wanted = f"{ctx.names.vault} goes by {what}, as you chose."
    seen = facts.of(looks.VAULT)
    if seen.value is None:
        return common.vault_missing(ctx.names, (seen,), wanted=wanted)
    other = common.other_model(ctx.names, common.there(seen), wanted=wanted)
    if other is not None:
        return right_the_other_way(ctx.names, facts, common.there(seen), wanted=wanted) or other
    if ctx.names.by_roles:
        return passed("roles_count", wanted=wanted, found="It does: who has a role there is let in.", seen=(seen,))
    found = "It does: who has an access policy there is let in."
    return passed("policies_count", wanted=wanted, found=found, seen=(seen,))


def _both(ctx: Context, facts: Facts, *, wanted: str) -> tuple[Seen[Vault], Seen[VirtualMachine]] | Finding:
    """The vault and the VM with its identity, or what is waited for."""
    names, vault, vm = ctx.names, facts.of(looks.VAULT), facts.of(looks.VM)
    if vault.value is None:
        return common.waits_for(MODEL, f"the vault {names.vault}", (vault,), wanted=wanted)
    if vm.value is None:
        return common.waits_for(IDENTITY, f"the virtual machine {names.vm}", (vm,), wanted=wanted)
    if not vm.value.principal_id:
        return common.waits_for(IDENTITY, f"the identity of {names.vm}", (vm,), wanted=wanted)
    return common.there(vault), common.there(vm)


def _model_is_other(names: Names, vault: Vault) -> bool:
    return names.by_roles != bool(vault.rbac)


def judge_let_in(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    what = "A role" if names.by_roles else "An access policy"
    wanted = f"{what} in {names.vault} for the identity of {names.vm}."
    both = _both(ctx, facts, wanted=wanted)
    if isinstance(both, Finding):
        return both
    vault, vm = both
    if _model_is_other(names, vault.value):
        right = names.by_roles or right_the_other_way(names, facts, vault, wanted=wanted)
        idle = None if right else policy_without_effect(names, vault, vm, wanted=wanted)
        return idle or common.waits_for(MODEL, f"the permission model of {names.vault}", (vault,), wanted=wanted)
    if names.by_roles:
        return grants_by_role.judge_role(ctx, facts, vault, vm, wanted=wanted)
    return grants_by_policy.judge_policy(ctx, facts, vault, vm, wanted=wanted)


def judge_rights(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"It lets {names.vm} get secrets; {_what_does(names)} does."
    both = _both(ctx, facts, wanted=wanted)
    if isinstance(both, Finding):
        return both
    vault, vm = both
    if _model_is_other(names, vault.value):
        return common.waits_for(MODEL, f"the permission model of {names.vault}", (vault,), wanted=wanted)
    if names.by_roles:
        return grants_by_role.judge_rights(ctx, facts, vault, vm, own=RIGHTS, waits_for=LET_IN, wanted=wanted)
    return grants_by_policy.judge_rights(ctx, facts, vault, vm, waits_for=LET_IN, wanted=wanted)


def _what_does(names: Names) -> str:
    return "the role Key Vault Secrets User" if names.by_roles else "the template Secret Management"


def _plan(names: Names) -> str:
    return plan_role(names) if names.by_roles else plan_policy(names)


HINTS = (
    lambda names: (
        f"The vault asks of everyone who comes: who are you, and what may you do? {names.vm} has an answer "
        "to the first question. The second is for the vault to know."
    ),
    lambda names: (
        f"What {names.vm} is known by is the object id of its system-assigned identity: {names.vm}, Security, "
        f"Identity. Look for that id among {_list(names)} of {names.vault}."
    ),
    lambda names: f"{names.vault}, {_where(names)}, and {names.vm} as the one to be let in. Nothing else.",
)


def _list(names: Names) -> str:
    return "the role assignments" if names.by_roles else "the access policies"


def _where(names: Names) -> str:
    if names.by_roles:
        return "Access control (IAM), Add role assignment, the role Key Vault Secrets User"
    return "Access policies, Create, the template Secret Management"


SETTLES = mended_by("add-policy-for-vm", "complete-policy", "assign-role")
"""Whatever those put right, letting the VM in would have put right as well."""

_VM, _VAULT = (IDENTITY, looks.VM), (MODEL, looks.VAULT)
"""The checks that tell what became of these looks."""

TASK = Task(
    id="grant-access",
    number=3,
    title="Let the VM into the vault",
    summary="Give the virtual machine's identity access to the vault's secrets.",
    guide=guide,
    actions=(Action("grant-access", "Let the VM in", _plan, grant, expected_seconds=3.0, settles=SETTLES),),
    checks=(
        Check(IDENTITY, "The VM has an identity", (looks.VM,), judge_identity),
        Check(MODEL, "What counts in the vault", (looks.VAULT,), after(renamed.aware(judge_model), "What counts", _VM)),
        Check(
            LET_IN, "The VM has been let in", (looks.VAULT, looks.VM), after(judge_let_in, "Who is let in", _VM, _VAULT)
        ),
        Check(RIGHTS, "It may read secrets", (looks.VAULT, looks.VM), after(judge_rights, "Rights", _VM, _VAULT)),
    ),
    hints=HINTS,
    undo=undo_grant.UNDO_GRANT,
    undone=undo_grant.UNDONE_GRANT,
    undo_reopens=undo_grant.REOPENED_BY_GRANT,
    to_undo=undo_grant.to_undo,
)
