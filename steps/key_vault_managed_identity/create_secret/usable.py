"""Whether the secret that is there can be read: enabled, active, not expired. Only its current version counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.create_secret import in_the_way
from steps.kit.findings import not_yet, passed
from steps.kit.records import SecretInfo, Seen, Vault
from steps.kit.task import Context, Names
from steps.kit.verdict import Finding

_WORTH_WAITING = timedelta(hours=1)
_SOON = timedelta(days=1)


def in_use(secret: SecretInfo, now: datetime) -> bool:
    """Enabled, active and not expired."""
    return secret.enabled and not _ahead(secret, now) and not _over(secret, now)


def _ahead(secret: SecretInfo, now: datetime) -> bool:
    return secret.not_before is not None and secret.not_before > now


def _over(secret: SecretInfo, now: datetime) -> bool:
    return secret.expires is not None and secret.expires <= now


def judge(ctx: Context, vault: Seen[Vault], seen: Seen[SecretInfo], now: datetime, *, wanted: str) -> Finding:
    """What keeps the secret from being used is told all at once; the reason is the first of it."""
    names, secret = ctx.names, seen.value
    if in_use(secret, now):
        return _in_use(names, seen, now, wanted=wanted)
    found = " ".join(_against(names, secret, now))
    next_step = in_the_way.sentences(
        f"Open {names.secret}, its current version, {' and '.join(_changes(secret, now))}, then apply.",
        _or_else(names, secret, now),
        in_the_way.own_right(ctx, vault.value, "set"),
        in_the_way.network(names, vault.value),
    )
    if not secret.enabled:
        return not_yet("secret_disabled", wanted=wanted, found=found, next_step=next_step, seen=(seen,))
    if _ahead(secret, now):
        return not_yet("secret_not_active_yet", wanted=wanted, found=found, next_step=next_step, seen=(seen,))
    return not_yet("secret_expired", wanted=wanted, found=found, next_step=next_step, seen=(seen,))


def _against(names: Names, secret: SecretInfo, now: datetime) -> list[str]:
    said = []
    if not secret.enabled:
        said.append(f"{names.secret} is disabled: {names.vault} hands its current version to nobody.")
    if secret.not_before is not None and secret.not_before > now:
        said.append(f"{names.secret} becomes active only on {_when(secret.not_before)}.")
    if secret.expires is not None and secret.expires <= now:
        said.append(f"{names.secret} expired on {_when(secret.expires)}.")
    return said


def _when(date: datetime) -> str:
    return f"{date:%d %B %Y at %H:%M} UTC"


def _changes(secret: SecretInfo, now: datetime) -> list[str]:
    said = [] if secret.enabled else ["set Enabled to Yes"]
    if _ahead(secret, now):
        said.append("clear Set activation date")
    return [*said, "clear Set expiration date"] if _over(secret, now) else said


def _or_else(names: Names, secret: SecretInfo, now: datetime) -> str:
    if not _ahead(secret, now) and not _over(secret, now):
        return f"Or: `{az.enable_secret(names)}`."
    renew = f"Or make a new version, which has no dates: `{az.new_version(names)}`."
    if secret.enabled and secret.not_before is not None and now < secret.not_before < now + _WORTH_WAITING:
        minutes = -(-(secret.not_before - now) // timedelta(minutes=1))
        return f"Or wait until then: {minutes} minute{'s' if minutes > 1 else ''} from now. {renew}"
    return renew


def _in_use(names: Names, seen: Seen[SecretInfo], now: datetime, *, wanted: str) -> Finding:
    expires = seen.value.expires
    if expires is not None and expires < now + _SOON:
        return passed(
            "secret_expires_soon",
            wanted=wanted,
            found=f"{names.secret} is enabled and active, but expires on {_when(expires)}. Go on before that, or make "
            f"a new version, which has no dates: `{az.new_version(names)}`.",
            seen=(seen,),
        )
    return passed("secret_usable", wanted=wanted, found=f"{names.secret} is enabled and active.", seen=(seen,))
