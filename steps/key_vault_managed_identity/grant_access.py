"""Task 3: an access policy of the template Secret Management for the VM's identity."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.guides.grant_access import guide
from steps.kit.azure import AccessPolicy, Seen, Vault, VirtualMachine
from steps.kit.findings import not_yet, passed
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding


def grant(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    names = ctx.names
    vault, vm = common.vault_to_build_on(ctx), common.vm_with_identity(ctx)
    if vault.value.rbac:
        raise common.blocked(
            "VaultInRbacMode",
            f"{names.vault} goes by role-based access control, so a policy would have no effect. "
            "Switch it to Vault access policy under Access configuration first.",
            vault.source,
        )
    principal = vm.value.principal_id
    if common.rights(vault.value, principal).issuperset(az.SECRET_MANAGEMENT):
        if token is None:
            said = f"{names.vm} already has this access to {names.vault}; nothing was changed."
            return ActionDone(said, False, (vault.source, vm.source))
        return ActionDone(_granted(names), True, (vault.source, vm.source))
    if token is None:
        return ActionIntent(common.INTENT)
    policy = AccessPolicy(principal, vault.value.tenant_id, secrets=az.SECRET_MANAGEMENT)
    answer = ctx.azure.add_access_policy(names.resource_group, names.vault, policy)
    return ActionDone(_granted(names), True, (answer.source,))


def _granted(names: Names) -> str:
    return f"The identity of {names.vm} may now manage the secrets of {names.vault}."


def judge_identity(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.vm} has a system-assigned identity that can be given access."
    seen = facts.of(looks.VM)
    if seen.value is None:
        return common.vm_missing(names, seen, wanted=wanted)
    if not seen.value.principal_id:
        return common.identity_off(names, seen, wanted=wanted)
    found = f"It has; the object id is {seen.value.principal_id}."
    return passed("vm_can_be_granted", wanted=wanted, found=found, seen=(seen,))


def judge_model(ctx: Context, facts: Facts) -> Finding:
    wanted = "Access policies count in the vault."
    seen = facts.of(looks.VAULT)
    if seen.value is None:
        return common.vault_missing(ctx.names, (seen,), wanted=wanted)
    if seen.value.rbac:
        return common.vault_in_rbac_mode(ctx.names, seen, wanted=wanted)
    return passed("policies_count", wanted=wanted, found="They do.", seen=(seen,))


def _nobody_yet(ctx: Context, facts: Facts, *, wanted: str) -> Finding | None:
    """The finding when there is no vault, or nobody to grant access to."""
    names, vault, vm = ctx.names, facts.of(looks.VAULT), facts.of(looks.VM)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    if vm.value is None:
        return common.vm_missing(names, vm, wanted=wanted)
    return None if vm.value.principal_id else common.identity_off(names, vm, wanted=wanted)


def judge_policy(ctx: Context, facts: Facts) -> Finding:
    wanted = f"An access policy in {ctx.names.vault} for the identity of {ctx.names.vm}."
    nobody = _nobody_yet(ctx, facts, wanted=wanted)
    if nobody is not None:
        return nobody
    vault, vm = common.there(facts.of(looks.VAULT)), common.there(facts.of(looks.VM))
    if _has_policy(vault.value, vm.value):
        found = f"There is one for the object id {vm.value.principal_id}."
        return passed("policy_for_vm", wanted=wanted, found=found, seen=(vault, vm))
    if vault.value.rbac:  # Azure lets nobody add a policy until that is put right
        return common.vault_in_rbac_mode(ctx.names, vault, wanted=wanted)
    return _no_policy(ctx.names, vault, vm, ctx.azure.caller_object_id(), wanted=wanted)


def _has_policy(vault: Vault, vm: VirtualMachine) -> bool:
    return any(common.same(one.object_id, vm.principal_id) for one in vault.access_policies)


def _no_policy(names: Names, vault: Seen[Vault], vm: Seen[VirtualMachine], caller: str, *, wanted: str) -> Finding:
    others = [one.object_id for one in vault.value.access_policies if not common.same(one.object_id, caller)]
    how = f"Access policies, Create, template Secret Management, and as the principal {names.vm}"
    command = f"Or: `{az.set_policy(names, f'--object-id {vm.value.principal_id}')}`."
    if others:
        return not_yet(
            "policy_for_other_identity",
            wanted=wanted,
            found=f"No policy is for {names.vm} (object id {vm.value.principal_id}). There is one for "
            f"{', '.join(others[:5])}: another user, app or machine.",
            next_step=f"Add one for the machine: {how}. Take the entry whose object id is {vm.value.principal_id}. "
            f"{command}",
            seen=(vault, vm),
        )
    if vault.value.access_policies:
        return not_yet(
            "policy_only_for_caller",
            wanted=wanted,
            found=f"The only policy is for the identity you or your connection work as, not for {names.vm}.",
            next_step=f"That one may stay. Add another: {how}. {command}",
            seen=(vault, vm),
        )
    return not_yet(
        "policy_missing",
        wanted=wanted,
        found=f"{names.vault} has no access policy at all.",
        next_step=f"Open {names.vault}: {how}. Then Review + create. {command}",
        seen=(vault, vm),
    )


def judge_rights(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The policy lets {names.vm} get secrets; the template Secret Management does."
    nobody = _nobody_yet(ctx, facts, wanted=wanted)
    if nobody is not None:
        return nobody
    vault, vm = common.there(facts.of(looks.VAULT)), common.there(facts.of(looks.VM))
    seen = (vault, vm)
    if not _has_policy(vault.value, vm.value):
        return not_yet(
            "policy_not_there_to_look_at",
            wanted=wanted,
            found=f"There is no policy for {names.vm} yet.",
            next_step="Add it first, with the template Secret Management.",
            seen=seen,
        )
    return _judge_rights(names, vault, vm, wanted=wanted)


def _judge_rights(names: Names, vault: Seen[Vault], vm: Seen[VirtualMachine], *, wanted: str) -> Finding:
    seen, principal = (vault, vm), vm.value.principal_id
    rights = common.rights(vault.value, principal)
    if "get" not in rights:
        return not_yet(
            "policy_without_get",
            wanted=wanted,
            found=f"{names.vm} may not get secrets. Its rights on secrets: {', '.join(sorted(rights)) or 'none'}.",
            next_step=f"Access policies, the entry of {names.vm}, Edit: under Secret permissions tick Get, then save. "
            f"Or: `{az.set_policy(names, f'--object-id {principal}')}`.",
            seen=seen,
        )
    lacking = [right for right in az.SECRET_MANAGEMENT if right not in rights]
    beyond = sorted(rights - set(az.SECRET_MANAGEMENT))
    if lacking or beyond:
        return passed(
            "policy_differs_from_template",
            wanted=wanted,
            found=f"{names.vm} may get secrets. {_difference(lacking, beyond)}",
            seen=seen,
        )
    return passed("policy_is_template", wanted=wanted, found="It is the template Secret Management.", seen=seen)


def _difference(lacking: list[str], beyond: list[str]) -> str:
    parts = []
    if lacking:
        parts.append(f"it leaves out {', '.join(lacking)}")
    if beyond:
        parts.append(f"it adds {', '.join(beyond)}")
    return f"That is enough. Compared with Secret Management, {' and '.join(parts)}."


def _plan(names: Names) -> str:
    return (
        f"Add an access policy to {names.vault} that gives the system-assigned identity of {names.vm} the rights of "
        f"Secret Management: {', '.join(az.SECRET_MANAGEMENT)}. Other policies stay as they are."
    )


TASK = Task(
    id="grant-access",
    number=3,
    title="Let the VM into the vault",
    summary="Give the virtual machine's identity an access policy for the vault's secrets.",
    guide=guide,
    actions=(Action("grant-access", "Add the access policy", _plan, grant, expected_seconds=3.0),),
    checks=(
        Check("vm-identity", "The VM has an identity", (looks.VM,), judge_identity),
        Check("permission-model", "Access policies count in the vault", (looks.VAULT,), judge_model),
        Check("policy-exists", "A policy for the VM", (looks.VAULT, looks.VM), judge_policy),
        Check("policy-rights", "The policy's rights", (looks.VAULT, looks.VM), judge_rights),
    ),
)
