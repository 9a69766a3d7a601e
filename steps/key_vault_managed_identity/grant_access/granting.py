"""Lets the VM's identity into the vault: by an access policy, or by a role where the student works with roles.

What is given is noted as facts before it is given, so that it is known and can be taken back even if the worker dies,
or the attempt is cancelled, in the middle of it.
"""

from __future__ import annotations

from steps.key_vault_managed_identity import az, common, role_actions
from steps.kit.azure import effect
from steps.kit.records import AccessPolicy
from steps.kit.task import ActionDone, ActionIntent, Context, Names


def grant_policy(ctx: Context, token: str | None, *, wanted: tuple[str, ...]) -> ActionDone | ActionIntent:
    """Adds those of the ``wanted`` rights on secrets that the VM's identity lacks.

    The token is the intent and the rights to add.
    Facts: ``vault``, ``principal``, and ``added`` (those rights, with commas between), for whoever takes it back.
    """
    names = ctx.names
    vault, vm = common.vault_to_build_on(ctx), common.vm_with_identity(ctx)
    if vault.value.rbac:
        raise common.blocked(
            "VaultInRbacMode",
            f"{names.vault} goes by role-based access control, so a policy would have no effect. "
            "Switch it to Vault access policy under Access configuration first, or choose to work with roles.",
            vault.source,
        )
    principal = vm.value.principal_id
    has = common.rights(vault.value, principal)
    lacking = [right for right in wanted if right not in has]
    if not lacking and token is None:
        said = f"{names.vm} already has this access to {names.vault}; nothing was changed."
        return ActionDone(said, False, (vault.source, vm.source), _facts(names, principal))
    if token is None:
        return ActionIntent(f"{common.INTENT} {','.join(lacking)}", _added(names, principal, lacking))
    source = vault.source
    if lacking:
        policy = AccessPolicy(principal, vault.value.tenant_id, secrets=tuple(lacking))
        with effect():
            source = ctx.azure.add_access_policy(names.resource_group, names.vault, policy).source
    added = token.partition(" ")[2].split(",")
    also = " also" if has - set(added) else ""
    said = f"The identity of {names.vm} may now{also} do this with the secrets of {names.vault}: {', '.join(added)}."
    return ActionDone(said, True, (source,), _added(names, principal, added))


def grant_role(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Key Vault Secrets User on the vault. Facts: ``vault``, ``principal``, and ``role`` if it was given."""
    names = ctx.names
    vault, vm = common.vault_to_build_on(ctx), common.vm_with_identity(ctx)
    if not vault.value.rbac:
        raise common.blocked(
            "VaultGoesByPolicies",
            f"{names.vault} goes by access policies, so a role would have no effect. "
            "Switch it to Azure role-based access control under Access configuration first, or choose to work with "
            "access policies.",
            vault.source,
        )
    facts = _facts(names, vm.value.principal_id)
    gives = facts | {"role": role_actions.SECRETS_USER}
    secret = role_actions.secret_scope(names)
    there = ctx.azure.role_assignments(secret, vm.value.principal_id)
    held = role_actions.that_hold(there.value, secret)
    if any(role_actions.reads(one) for one in held):
        said = f"{names.vm} has a role that reads the secrets of {names.vault}."
        return ActionDone(said, token is not None, (vault.source, vm.source), facts if token is None else gives)
    if any(role_actions.is_lab_role(one, names) and one.condition for one in held):
        raise common.blocked(
            "RoleWithCondition",
            f"{names.vm} has the role Key Vault Secrets User on {names.vault} with a condition, and Azure takes no "
            "second one without. Remove it under Access control (IAM), Role assignments, then come again.",
            there.source,
        )
    if token is None:
        return ActionIntent(common.INTENT, gives)
    with effect():
        answer = ctx.azure.assign_role(vault.value.id, role_actions.SECRETS_USER, vm.value.principal_id)
    said = f"{names.vm} has the role Key Vault Secrets User on {names.vault}. Azure may take minutes to apply it."
    return ActionDone(said, True, (answer.source,), gives)


def _facts(names: Names, principal: str) -> dict[str, str]:
    return {"vault": names.vault, "principal": principal}


def _added(names: Names, principal: str, rights: list[str]) -> dict[str, str]:
    return _facts(names, principal) | {"added": ",".join(rights)}


def plan_role(names: Names) -> str:
    return (
        f"Give the system-assigned identity of {names.vm} the role Key Vault Secrets User on {names.vault} alone. "
        "Other roles stay as they are."
    )


def plan_policy(names: Names) -> str:
    return (
        f"Give the system-assigned identity of {names.vm} the rights of Secret Management by its access policy in "
        f"{names.vault}: {', '.join(az.SECRET_MANAGEMENT)}. What it has already, and other policies, stay as they are."
    )
