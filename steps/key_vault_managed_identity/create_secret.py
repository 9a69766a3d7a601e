"""Task 2: a secret in the vault. Its value is made here, sent, and forgotten."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.guides.create_secret import guide
from steps.kit.azure import AccessPolicy, AzureProblem, ProblemKind, SecretInfo, Seen, Vault
from steps.kit.findings import not_yet, passed
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding, Source

_POLICY_WAITS = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Azure names no time for a policy to take effect; the documents say to retry after a 403."""


def create(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    """Tokens: the intent, then "refused:<n>" while the vault does not yet know the caller's policy."""
    names = ctx.names
    vault = common.vault_to_build_on(ctx)
    there = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    if there.value is not None:
        if token is None:
            return ActionDone(f"{names.secret} was already there; nothing was changed.", False, (there.source,))
        return _made(names, there.source)
    if token is None:
        return ActionIntent(common.INTENT)
    source = _let_caller_in(ctx, vault.value)
    try:
        answer = ctx.azure.set_secret(vault.value.uri, names.secret, secrets.token_urlsafe(24))
    except AzureProblem as problem:
        return _refused(vault.value, token, problem)
    sources = (answer.source,) if source is None else (source, answer.source)
    return _made(names, *sources)


def _made(names: Names, *sources: Source) -> ActionDone:
    summary = f"{names.secret} was created in {names.vault}, with a random value that only the vault knows."
    return ActionDone(summary, did=True, sources=sources)


def _let_caller_in(ctx: Context, vault: Vault) -> Source | None:
    """A policy to set secrets for the portal's own identity, unless it has one or policies do not count."""
    caller = ctx.azure.caller_object_id()
    if vault.rbac or "set" in common.rights(vault, caller):
        return None
    policy = AccessPolicy(caller, vault.tenant_id, secrets=("set",))
    return ctx.azure.add_access_policy(ctx.names.resource_group, ctx.names.vault, policy).source


def _refused(vault: Vault, token: str, problem: AzureProblem) -> ActionPending:
    """Wait for the policy to take effect, as long as that is a likely reason; raises ``problem`` otherwise."""
    tries = int(token.partition(":")[2] or 0)
    if problem.kind is not ProblemKind.NOT_AUTHORIZED or vault.rbac or tries >= len(_POLICY_WAITS):
        raise problem
    summary = f"{vault.name} does not apply the portal's access policy yet; that can take a moment."
    return ActionPending(f"refused:{tries + 1}", _POLICY_WAITS[tries], summary, (problem.source,))


def judge_there(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"A secret {names.secret} in {names.vault}."
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    seen = facts.of(looks.SECRET)
    if seen.value is not None:
        found = f"{names.secret} is there. Its value was not looked at."
        return passed("secret_there", wanted=wanted, found=found, seen=(seen,))
    if vault.value.rbac:  # whoever follows the guide is turned away until that is put right
        return common.vault_in_rbac_mode(names, vault, wanted=wanted)
    return _not_there(names, seen, facts, wanted=wanted)


def _not_there(names: Names, seen: Seen[SecretInfo | None], facts: Facts, *, wanted: str) -> Finding:
    deleted = (
        "If Azure says that the name is deleted but recoverable, open Secrets, Manage deleted secrets, and recover it. "
        f"Or: `az keyvault secret recover --vault-name {names.vault} --name {names.secret}`."
    )
    others = facts.of(looks.ALL_SECRETS)
    if others.value:
        listed = ", ".join(sorted(one.name for one in others.value)[:10])
        return not_yet(
            "secret_under_other_name",
            wanted=wanted,
            found=f"{names.vault} has no {names.secret}. It has: {listed}.",
            next_step=f"Create a secret named exactly {names.secret}, or set the name of yours under Your names. "
            f"{deleted}",
            seen=(seen, others),
        )
    return not_yet(
        "secret_missing",
        wanted=wanted,
        found=f"{names.vault} has no secret yet.",
        next_step=f"Create {names.secret} as the guide shows. {deleted}",
        seen=(seen, others),
    )


def judge_usable(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = "The secret is enabled, and no date keeps it from being read."
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    seen = facts.of(looks.SECRET)
    if seen.value is None:
        return secret_absent(names, seen, wanted=wanted)
    return _dates(names, common.there(seen), datetime.now(UTC), wanted=wanted)


def secret_absent(names: Names, seen: Seen[SecretInfo | None], *, wanted: str) -> Finding:
    return not_yet(
        "secret_not_there_to_look_at",
        wanted=wanted,
        found=f"There is no secret {names.secret} in {names.vault} yet.",
        next_step=f"Do Task 2: create {names.secret}.",
        seen=(seen,),
    )


def _dates(names: Names, seen: Seen[SecretInfo], now: datetime, *, wanted: str) -> Finding:
    secret = seen.value
    how = f"Open {names.secret}, its current version"
    renew = "Or create it once more as the guide shows: the new version has no dates."
    if not secret.enabled:
        return not_yet(
            "secret_disabled",
            wanted=wanted,
            found=f"{names.secret} is disabled.",
            next_step=f"{how}, set Enabled to Yes, and apply. Or: `az keyvault secret set-attributes "
            f"--vault-name {names.vault} --name {names.secret} --enabled true`.",
            seen=(seen,),
        )
    if secret.not_before is not None and secret.not_before > now:
        return not_yet(
            "secret_not_active_yet",
            wanted=wanted,
            found=f"{names.secret} becomes active on {secret.not_before:%d %B %Y at %H:%M} UTC.",
            next_step=f"{how}, clear Set activation date, and apply. {renew}",
            seen=(seen,),
        )
    if secret.expires is not None and secret.expires <= now:
        return not_yet(
            "secret_expired",
            wanted=wanted,
            found=f"{names.secret} expired on {secret.expires:%d %B %Y at %H:%M} UTC.",
            next_step=f"{how}, clear Set expiration date, and apply. {renew}",
            seen=(seen,),
        )
    return passed("secret_usable", wanted=wanted, found=f"{names.secret} is enabled and active.", seen=(seen,))


def _plan(names: Names) -> str:
    return (
        f"Put a secret {names.secret} with a random value into {names.vault}. If the identity your connection uses "
        "may not set secrets there, it gets an access policy for that first."
    )


TASK = Task(
    id="create-secret",
    number=2,
    title="Create a secret",
    summary="Put into the vault what the virtual machine is to read later.",
    guide=guide,
    actions=(Action("create-secret", "Create the secret", _plan, create, expected_seconds=5.0),),
    checks=(
        Check("secret-exists", "The secret is in your vault", (looks.VAULT, looks.SECRET), judge_there),
        Check("secret-usable", "The secret can be read", (looks.VAULT, looks.SECRET), judge_usable),
    ),
)
