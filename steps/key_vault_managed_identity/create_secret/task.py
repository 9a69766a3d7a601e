"""Task 2: a secret in the vault. Its value is made here, sent, and forgotten."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.create_secret import letting_in
from steps.key_vault_managed_identity.create_secret.missing_secret import secret_missing, seen_there
from steps.key_vault_managed_identity.create_secret.undo_secret import REOPENED_BY_SECRET, UNDO_SECRET, UNDONE_SECRET
from steps.key_vault_managed_identity.guides.create_secret import guide
from steps.key_vault_managed_identity.told_once import after
from steps.kit.findings import not_yet, passed
from steps.kit.records import SecretInfo, Seen
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Names, Task
from steps.kit.verdict import Finding


def create(ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
    """Tokens: those of ``letting_in``. Facts: ``let_in``, the right the portal was given for this, if any."""
    names = ctx.names
    vault = common.vault_to_build_on(ctx)
    there = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    if there.value is not None:
        if token is None:
            return ActionDone(f"{names.secret} was already there; nothing was changed.", False, (there.source,))
        return ActionDone(_made(names), True, (there.source,), letting_in.let_in(token))
    if token is None:
        return letting_in.intent(ctx, vault.value, "set")
    return letting_in.at_vault(
        ctx,
        vault.value,
        token,
        right="set",
        do=lambda: ctx.azure.set_secret(vault.value.uri, names.secret, secrets.token_urlsafe(24)),
        summary=_made(names),
    )


def _made(names: Names) -> str:
    return f"{names.secret} was created in {names.vault}, with a random value that only the vault knows."


def judge_there(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"A secret {names.secret} in {names.vault}."
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    seen = facts.of(looks.SECRET)
    if seen.value is not None:
        found = (
            f"{names.secret} is there. Azure shows that to whoever manages the vault; the value stays in it, unseen."
        )
        return passed("secret_there", wanted=wanted, found=found, seen=(seen,), notes=seen_there(names))
    return secret_missing(ctx, facts, common.there(vault), seen, wanted=wanted)


def judge_usable(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.secret} is enabled, and today lies within its dates."
    vault, seen = facts.of(looks.VAULT), facts.of(looks.SECRET)
    if vault.value is None:
        return common.waits_for(THERE, f"the vault {names.vault}", (vault,), wanted=wanted)
    if seen.value is None:
        return common.waits_for(THERE, f"the secret {names.secret}", (seen,), wanted=wanted)
    return _usable(names, common.there(seen), datetime.now(UTC), wanted=wanted)


def in_use(secret: SecretInfo, now: datetime) -> bool:
    """Enabled, active and not expired."""
    return secret.enabled and not _ahead(secret, now) and not _over(secret, now)


def _ahead(secret: SecretInfo, now: datetime) -> bool:
    return secret.not_before is not None and secret.not_before > now


def _over(secret: SecretInfo, now: datetime) -> bool:
    return secret.expires is not None and secret.expires <= now


def _usable(names: Names, seen: Seen[SecretInfo], now: datetime, *, wanted: str) -> Finding:
    """What keeps the secret from being used is told all at once; the reason is the first of it."""
    secret = seen.value
    found, how = _against(names, secret, now), f"Open {names.secret}, its current version,"
    renew = f"Or make a new version, which has no dates: `{az.new_version(names)}`."
    if not secret.enabled:
        alone, with_date = len(found) == 1, f"set Enabled to Yes, clear the date, then apply. {renew}"
        enabled = f"set Enabled to Yes, then apply. Or: `{az.enable_secret(names)}`."
        return not_yet(
            "secret_disabled",
            wanted=wanted,
            found=" ".join(found),
            next_step=f"{how} {enabled if alone else with_date}",
            seen=(seen,),
        )
    if _ahead(secret, now):
        return not_yet(
            "secret_not_active_yet",
            wanted=wanted,
            found=" ".join(found),
            next_step=f"{how} clear Set activation date, then apply. {renew}",
            seen=(seen,),
        )
    if _over(secret, now):
        return not_yet(
            "secret_expired",
            wanted=wanted,
            found=" ".join(found),
            next_step=f"{how} clear Set expiration date, then apply. {renew}",
            seen=(seen,),
        )
    return passed("secret_usable", wanted=wanted, found=f"{names.secret} is enabled and active.", seen=(seen,))


def _against(names: Names, secret: SecretInfo, now: datetime) -> list[str]:
    said = []
    if not secret.enabled:
        said.append(f"{names.secret} is disabled, so {names.vault} hands it to nobody.")
    if secret.not_before is not None and secret.not_before > now:
        said.append(f"{names.secret} becomes active only on {secret.not_before:%d %B %Y at %H:%M} UTC.")
    if secret.expires is not None and secret.expires <= now:
        said.append(f"{names.secret} expired on {secret.expires:%d %B %Y at %H:%M} UTC.")
    return said


def _plan(names: Names) -> str:
    return (
        f"Put a secret {names.secret} with a random value into {names.vault}. If the identity your connection uses "
        f"may not set secrets there, it gets {_entry(names)} for that first."
    )


def _entry(names: Names) -> str:
    return "the role Key Vault Secrets Officer on the vault" if names.by_roles else "an access policy"


THERE = "secret-exists"
_usable_once = after(judge_usable, "Whether it can be read", (THERE, looks.VAULT), (THERE, looks.SECRET))

HINTS = (
    lambda names: "A vault is a box with a list of who may open it. Being its owner puts nobody on that list.",
    lambda names: (
        f"Look at what {names.vault} holds under Objects, Secrets. The name has to be {names.secret}, to the "
        "letter; the value may be anything."
    ),
    lambda names: (
        f"Generate/Import, upload option Manual, name {names.secret}, any value, no dates, Enabled Yes, "
        f"Create. Are you told that you may not? Then put yourself on the list: Access {_list(names)}."
    ),
)


def _list(names: Names) -> str:
    if names.by_roles:
        return "control (IAM), Add role assignment, Key Vault Secrets Officer"
    return "policies, Create, Secret Management"


TASK = Task(
    id="create-secret",
    number=2,
    title="Create a secret",
    summary="Put into the vault what the virtual machine is to read later.",
    guide=guide,
    actions=(Action("create-secret", "Create the secret", _plan, create, expected_seconds=5.0),),
    checks=(
        Check(THERE, "The secret is in your vault", (looks.VAULT, looks.SECRET), judge_there),
        Check("secret-usable", "The secret can be read", (looks.VAULT, looks.SECRET), _usable_once),
    ),
    hints=HINTS,
    undo=UNDO_SECRET,
    undone=UNDONE_SECRET,
    undo_reopens=REOPENED_BY_SECRET,
)
