"""What the portal can mend about the secret. None of it shows or keeps a value."""

from __future__ import annotations

import secrets

from steps.key_vault_managed_identity import common
from steps.key_vault_managed_identity.create_secret import letting_in
from steps.key_vault_managed_identity.create_secret.usable import in_use
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.reasons import Remedy
from steps.kit.records import Done, SecretInfo, Seen, Vault
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Context, Names
from steps.kit.verdict import Source

Answer = ActionDone | ActionPending | ActionIntent


def enable(ctx: Context, token: str | None) -> Answer:
    names, vault = ctx.names, common.vault_to_build_on(ctx).value
    secret = _to_mend(ctx)
    summary = f"{names.secret} is enabled."
    if secret.value.enabled:
        return _as_it_should_be(summary, token, secret.source)
    if token is None:
        return letting_in.intent(ctx, vault, "set")

    def put_on() -> Done[None]:
        return ctx.azure.enable_secret(vault.uri, names.secret)

    return letting_in.at_vault(ctx, vault, token, right="set", do=put_on, summary=summary)


def make_new_version(ctx: Context, token: str | None) -> Answer:
    names, vault = ctx.names, common.vault_to_build_on(ctx).value
    secret = _to_mend(ctx)
    summary = f"{names.secret} has a new version, enabled and without dates. Its value is random; only the vault knows."
    if in_use(secret.value, secret.now):
        return _as_it_should_be(summary, token, secret.source)
    if token is None:
        return letting_in.intent(ctx, vault, "set")

    def renew() -> Done[SecretInfo]:
        return ctx.azure.set_secret(vault.uri, names.secret, secrets.token_urlsafe(24))

    return letting_in.at_vault(ctx, vault, token, right="set", do=renew, summary=summary)


_RECOVERING = "recovering:"
"""The token once recovering was ordered: this, how often the secret was not back yet, and what the portal was given."""

_BACK_WAITS = (2.0, 5.0, 10.0, 20.0, 30.0)


def recover(ctx: Context, token: str | None) -> Answer:
    """Azure takes a moment until a recovered secret is back; ordered twice, it knows of no deleted one any more."""
    names, vault = ctx.names, common.vault_to_build_on(ctx).value
    secret = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    summary = f"{names.secret} is back in {names.vault}, as it was."
    if secret.value is not None:
        return _as_it_should_be(summary, token, secret.source)
    if token is None:
        return letting_in.intent(ctx, vault, "recover")
    if token.startswith(_RECOVERING):
        return _not_back(ctx, vault, token, secret.source)
    try:
        answer = letting_in.at_vault(
            ctx,
            vault,
            token,
            right="recover",
            do=lambda: ctx.azure.recover_secret(vault.uri, names.secret),
            summary=summary,
        )
    except AzureProblem as problem:
        if problem.kind is not ProblemKind.NOT_FOUND:
            raise
        return _not_back(ctx, vault, token, problem.source)
    return answer if isinstance(answer, ActionPending) else _not_back(ctx, vault, token, *answer.sources)


def _not_back(ctx: Context, vault: Vault, token: str, *sources: Source) -> ActionPending:
    names, (state, behind, given) = ctx.names, token.partition(" ")
    looked = int(state.removeprefix(_RECOVERING)) if state.startswith(_RECOVERING) else 0
    if looked < len(_BACK_WAITS):
        said = f"{vault.name} is bringing {names.secret} back."
        further = f"{_RECOVERING}{looked + 1}{behind}{given}"
        return ActionPending(further, _BACK_WAITS[looked], said, sources, began=True)
    raise common.blocked(
        "SecretNotDeleted",
        f"{names.secret} is not among the deleted secrets of {vault.name} any more, and has not come back.",
        sources[-1],
    )


def _to_mend(ctx: Context) -> Seen[SecretInfo]:
    """Raises a BLOCKED AzureProblem if the secret is gone meanwhile."""
    names = ctx.names
    seen = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    if seen.value is None:
        raise common.blocked(
            "SecretMissing", f"There is no secret {names.secret} in {names.vault} any more.", seen.source
        )
    return common.there(seen)


def _as_it_should_be(summary: str, token: str | None, source: Source) -> ActionDone:
    """Found so: the portal's doing if a token says that it was about to."""
    facts = letting_in.let_in(token or "")
    return ActionDone(summary, did=token is not None, sources=(source,), facts=facts)


def _rights(names: Names, right: str) -> str:
    given = "the role Key Vault Secrets Officer" if names.by_roles else f"an access policy for {right}"
    return f"If the identity your connection uses may not do that in {names.vault}, it gets {given} there first."


def _plan_enable(names: Names) -> str:
    return f"Set the current version of {names.secret} in {names.vault} to enabled. {_rights(names, 'set')}"


def _plan_new_version(names: Names) -> str:
    return (
        f"Put a new version of {names.secret} into {names.vault}: a random value, enabled, no dates. The older "
        f"versions stay as they are. {_rights(names, 'set')}"
    )


def _plan_recover(names: Names) -> str:
    return (
        f"Recover the deleted secret {names.secret} of {names.vault}, with its value and all versions. "
        f"{_rights(names, 'recover')}"
    )


REMEDIES: tuple[Remedy, ...] = (
    Remedy(Action("enable-secret", "Enable the secret", _plan_enable, enable)),
    Remedy(Action("new-version", "Make a new version of the secret", _plan_new_version, make_new_version)),
    Remedy(Action("recover-secret", "Recover the deleted secret", _plan_recover, recover, expected_seconds=10.0)),
)
