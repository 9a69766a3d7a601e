"""The portal's own identity needs rights in a vault before it can write there; a fresh right takes a while to count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steps.key_vault_managed_identity import common, role_actions
from steps.key_vault_managed_identity.create_secret import in_the_way, own_role
from steps.key_vault_managed_identity.patience import ROLE_WAITS
from steps.kit.azure import AzureProblem, ProblemKind, effect
from steps.kit.problems import NOT_APPLIED
from steps.kit.records import AccessPolicy, Done, Vault
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context
from steps.kit.verdict import Source

_POLICY_WAITS = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Azure names no time for a policy to take effect; the documents say to retry after a 403."""

_ROLE = "role"
"""In a token, in the place of a right: the role Key Vault Secrets Officer."""

_GIVEN = "given"
"""The token once the portal was given what it lacked."""

_REFUSED = "refused:"
"""The token while the vault does not yet apply what the portal was given: this, and how often it said so."""


def intent(ctx: Context, vault: Vault, right: str) -> ActionIntent:
    """The token holds what the portal is about to be given besides. It is noted as facts before it is given, so that it
    is known what can be taken back; a giving that Azure refuses leaves no note."""
    caller = ctx.azure.caller_object_id()
    if vault.rbac:
        lacks = ctx.names.by_roles and own_role.may(ctx, vault, role_actions.SET).value is False
        given = _ROLE
    else:
        lacks, given = right not in common.rights(vault, caller), right
    if not lacks:
        return ActionIntent(common.INTENT)
    token = f"{common.INTENT} {given} {vault.name}"
    return ActionIntent(token, let_in(token))


def let_in(token: str) -> dict[str, str]:
    """What the portal's own identity was given for this, and where: ``let_in`` or ``let_in_role``, and ``vault``."""
    given, _, vault = token.partition(" ")[2].partition(" ")
    if given == _ROLE:
        return {"let_in_role": role_actions.SECRETS_OFFICER, "vault": vault}
    return {"let_in": given, "vault": vault} if given else {}


def at_vault(
    ctx: Context, vault: Vault, token: str, *, right: str, do: Callable[[], Done[Any]], summary: str
) -> ActionDone | ActionPending:
    """Do something to a secret that needs ``right`` there, letting the portal's own identity in first if need be.

    ``token`` is that of ``intent``; once it was let in "given", or "refused:<n>", with the same behind it. Raises the
    AzureProblem that is no matter of waiting.
    """
    given, (state, behind, what) = _let_caller_in(ctx, vault, right), token.partition(" ")
    if given is not None and state == common.INTENT:  # known before anything is done by it
        said = f"For this, the identity of your connection got {_in_words(vault, right)} in {vault.name}."
        return ActionPending(f"{_GIVEN}{behind}{what}", 0.0, said, (given,), began=True, facts=let_in(token))
    try:
        answer = do()
    except AzureProblem as problem:
        return _refused(ctx, vault, token, problem)
    return ActionDone(summary, did=True, sources=(answer.source,), facts=let_in(token))


def _in_words(vault: Vault, right: str) -> str:
    return f"the role {own_role.OFFICER}" if vault.rbac else f"the permission {right} on secrets"


def _let_caller_in(ctx: Context, vault: Vault, right: str) -> Source | None:
    """Nothing where it has the right already, or where the student has not settled for what the vault goes by."""
    caller = ctx.azure.caller_object_id()
    if vault.rbac:
        return _give_role(ctx, vault) if ctx.names.by_roles else None
    if right in common.rights(vault, caller):
        return None
    policy = AccessPolicy(caller, vault.tenant_id, secrets=(right,))
    with effect():
        return ctx.azure.add_access_policy(ctx.names.resource_group, ctx.names.vault, policy).source


def _give_role(ctx: Context, vault: Vault) -> Source | None:
    may = own_role.may(ctx, vault, role_actions.SET).value
    return own_role.give(ctx, vault) if may is False else None


def _refused(ctx: Context, vault: Vault, token: str, problem: AzureProblem) -> ActionPending:
    """Wait for the right to take effect, as long as that is a likely reason; raises ``problem`` otherwise."""
    if problem.kind is not ProblemKind.NOT_AUTHORIZED:
        raise problem
    if common.shut_out(problem):
        raise common.blocked(
            in_the_way.CLOSED,
            f"The network of {vault.name} is closed to the portal. Open it under Settings, Networking, or do this "
            "yourself from where you are let in.",
            problem.source,
        ) from problem
    if vault.rbac and not ctx.names.by_roles:
        raise common.blocked(
            "OtherModel",
            f"{vault.name} goes by roles, and you do not. Task 1 says how to settle that.",
            problem.source,
        ) from problem
    if vault.rbac and own_role.may(ctx, vault, role_actions.SET).value is None:
        said = f"{own_role.bound(vault.name)} {own_role.unbind(vault.name)}"
        raise common.blocked(own_role.BOUND, said, problem.source) from problem
    waits = ROLE_WAITS if vault.rbac else _POLICY_WAITS
    state, behind, given = token.partition(" ")
    tries = int(state.removeprefix(_REFUSED)) if state.startswith(_REFUSED) else 0
    what = "role" if vault.rbac else "access policy"
    if tries >= len(waits):
        raise common.blocked(
            NOT_APPLIED,
            f"{vault.name} has not applied the portal's {what} in {int(sum(waits)) // 60} minutes. That is Azure's "
            f"delay, not yours: let the portal do it once more in a while. Azure's words: {problem.message}",
            problem.source,
        ) from problem
    summary = f"{vault.name} does not apply the portal's {what} yet; that can take {_long(vault)}."
    further, facts = f"{_REFUSED}{tries + 1}{behind}{given}", let_in(token)
    return ActionPending(further, waits[tries], summary, (problem.source,), began=bool(facts), facts=facts)


def _long(vault: Vault) -> str:
    return "up to ten minutes" if vault.rbac else "a moment"
