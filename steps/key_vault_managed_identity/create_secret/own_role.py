"""The role of the portal's own identity in a vault that goes by roles: whether it has one, and giving itself one."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, common, role_actions
from steps.kit.azure import AzureProblem, ProblemKind, effect
from steps.kit.records import RoleAssignment, Seen, Vault
from steps.kit.task import Context
from steps.kit.verdict import Source

OFFICER = "Key Vault Secrets Officer"
"""No smaller role that Azure brings along lets anybody write a secret, or purge one."""

MISSING, BOUND = "RoleOfCallerMissing", "RoleWithCondition"
"""Codes of the BLOCKED problems: it may not give itself the role; it has it on a condition, and can have no other."""


def may(ctx: Context, vault: Vault, action: str) -> Seen[bool | None]:
    """Whether it may do that with the secrets of ``vault``; None where that hangs on a condition that only Azure
    knows."""
    has = ctx.azure.role_assignments(vault.id, ctx.azure.caller_object_id())
    told = [role_actions.lets(one, action) for one in role_actions.that_hold(has.value, vault.id)]
    return Seen(True if True in told else None if None in told else False, has.source)


def give(ctx: Context, vault: Vault) -> Source:
    """The call that an intent has noted. Raises a BLOCKED AzureProblem where it may not, and where it has the role on a
    condition: Azure would leave that as it is, and it is not the portal's to take back."""
    caller = ctx.azure.caller_object_id()
    has = ctx.azure.role_assignments(vault.id, caller)
    with effect():
        if any(on_condition(one, vault.id, caller) for one in has.value):
            raise common.blocked(BOUND, f"{bound(vault.name)} {unbind(vault.name)}", has.source)
        return _assigned(ctx, vault, caller)


def _assigned(ctx: Context, vault: Vault, caller: str) -> Source:
    try:
        return ctx.azure.assign_role(vault.id, role_actions.SECRETS_OFFICER, caller).source
    except AzureProblem as problem:
        if problem.kind not in {ProblemKind.NOT_AUTHORIZED, ProblemKind.INVALID_REQUEST}:
            raise
        command = az.assign_role(ctx.names, OFFICER, f"--assignee {caller}")
        raise common.blocked(
            MISSING,
            f"The identity your connection uses has no role that writes secrets in {vault.name}, and may not give "
            f"itself one. Give it one: `{command}`. Azure's words: {problem.code}: {problem.message}",
            problem.source,
        ) from problem


def on_condition(one: RoleAssignment, vault_id: str, caller: str) -> bool:
    """The very role that the portal would give itself, but bound."""
    here = common.same(one.scope.rstrip("/"), vault_id) and common.same(one.principal_id, caller)
    return here and one.role_id == role_actions.SECRETS_OFFICER and bool(one.condition.strip())


def bound(vault: str) -> str:
    return f"The identity of your connection has the role {OFFICER} on {vault} only on a condition."


def unbind(vault: str) -> str:
    """A whole sentence: Azure keeps one of a kind, and leaves that as it is."""
    return f"Remove that one first: open {vault}, Access control (IAM), Role assignments, mark it, and choose Remove."
