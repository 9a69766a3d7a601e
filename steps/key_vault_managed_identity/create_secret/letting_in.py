"""The portal's own identity needs rights in a vault before it can write there; a fresh right takes a while to count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steps.key_vault_managed_identity import az, common, role_actions
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import AccessPolicy, Done, Vault
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context
from steps.kit.verdict import Source

_POLICY_WAITS = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Azure names no time for a policy to take effect; the documents say to retry after a 403."""

_ROLE_WAITS = (10.0, 20.0, 30.0, *(60.0 for _ in range(9)))
"""The documents give a role up to ten minutes."""

_BY_NETWORK = {"forbiddenbyfirewall", "forbiddenbyconnection"}
"""What a vault says to whom its network does not let in, whatever rights they have."""

_REFUSED = "refused:"
"""The token while the vault does not yet apply what the portal was given: this, and how often it said so."""


def intent(ctx: Context, vault: Vault, right: str) -> ActionIntent:
    """The token holds what the portal is about to be given besides, so that it is known what can be taken back."""
    lacks = not vault.rbac and right not in common.rights(vault, ctx.azure.caller_object_id())
    return ActionIntent(f"{common.INTENT} {right} {vault.name}" if lacks else common.INTENT)


def let_in(token: str) -> dict[str, str]:
    """The right that the portal's own identity was given for this, and where, as the facts ``let_in`` and ``vault``."""
    right, _, vault = token.partition(" ")[2].partition(" ")
    return {"let_in": right, "vault": vault} if right else {}


def at_vault(
    ctx: Context, vault: Vault, token: str, *, right: str, do: Callable[[], Done[Any]], summary: str
) -> ActionDone | ActionPending:
    """Do something to a secret that needs ``right`` there, letting the portal's own identity in first if need be.

    ``token`` is that of ``intent``, or "refused:<n>" with the same behind it. Raises the AzureProblem that is no
    matter of waiting.
    """
    given = _let_caller_in(ctx, vault, right)
    try:
        answer = do()
    except AzureProblem as problem:
        return _refused(ctx, vault, token, problem)
    sources = (answer.source,) if given is None else (given, answer.source)
    return ActionDone(summary, did=True, sources=sources, facts=let_in(token))


def _let_caller_in(ctx: Context, vault: Vault, right: str) -> Source | None:
    """Nothing where it has the right already, or where the student has not settled for what the vault goes by."""
    caller = ctx.azure.caller_object_id()
    if vault.rbac:
        return _give_role(ctx, vault, caller) if ctx.names.by_roles else None
    if right in common.rights(vault, caller):
        return None
    policy = AccessPolicy(caller, vault.tenant_id, secrets=(right,))
    return ctx.azure.add_access_policy(ctx.names.resource_group, ctx.names.vault, policy).source


def _give_role(ctx: Context, vault: Vault, caller: str) -> Source | None:
    """Secrets Officer: no smaller role that Azure brings along lets anybody write a secret."""
    given = ctx.azure.role_assignments(vault.id, caller).value
    if any(role_actions.allows(one.permissions, role_actions.SET) for one in given):
        return None
    try:
        return ctx.azure.assign_role(vault.id, role_actions.SECRETS_OFFICER, caller).source
    except AzureProblem as problem:
        if problem.kind not in {ProblemKind.NOT_AUTHORIZED, ProblemKind.INVALID_REQUEST}:
            raise
        command = az.assign_role(ctx.names, "Key Vault Secrets Officer", f"--assignee {caller}")
        raise common.blocked(
            "RoleOfCallerMissing",
            f"The identity your connection uses has no role that writes secrets in {vault.name}, and may not give "
            f"itself one. Give it one: `{command}`. Azure's words: {problem.code}: {problem.message}",
            problem.source,
        ) from problem


def _refused(ctx: Context, vault: Vault, token: str, problem: AzureProblem) -> ActionPending:
    """Wait for the right to take effect, as long as that is a likely reason; raises ``problem`` otherwise."""
    if problem.kind is not ProblemKind.NOT_AUTHORIZED or (vault.rbac and not ctx.names.by_roles):
        raise problem
    if problem.code.casefold() in _BY_NETWORK:
        raise common.blocked(
            "VaultFirewall",
            f"The network of {vault.name} is closed to the portal. Open it under Settings, Networking, or do this "
            "yourself from where you are let in.",
            problem.source,
        ) from problem
    waits = _ROLE_WAITS if vault.rbac else _POLICY_WAITS
    state, behind, given = token.partition(" ")
    tries = int(state.removeprefix(_REFUSED)) if state.startswith(_REFUSED) else 0
    if tries >= len(waits):
        raise problem
    what = "role" if vault.rbac else "access policy"
    summary = f"{vault.name} does not apply the portal's {what} yet; that can take {_long(vault)}."
    return ActionPending(f"{_REFUSED}{tries + 1}{behind}{given}", waits[tries], summary, (problem.source,))


def _long(vault: Vault) -> str:
    return "up to ten minutes" if vault.rbac else "a moment"
