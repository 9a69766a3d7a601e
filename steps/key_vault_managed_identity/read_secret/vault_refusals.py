"""Why the vault did not give the VM the secret: each of Azure's refusals but those about rights, and the way out."""

from __future__ import annotations

import re
from typing import Protocol

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.read_secret.vault_denials import BY_POLICIES, BY_ROLES, by_policies, by_roles
from steps.key_vault_managed_identity.read_secret.vm_told import Told, met_proxy, said
from steps.key_vault_managed_identity.read_secret.way_to_vault import firewall, unreachable
from steps.kit.findings import LOOKS_AGAIN, LOOKS_AGAIN_FIRST, could_not_tell, not_yet
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

_OF_A_DATE = re.compile(r"expired|not yet|active|nbf", re.IGNORECASE)
"""Azure gives an expired secret out all the same, and says so if ever it does not."""


def refusal(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    """``told`` is of a script that had a token and got no secret for it."""
    names, status, vault = ctx.names, int(told.value["answer_status"]), facts.of(looks.VAULT)
    if vault.value is None:  # since the machine was asked
        return common.vault_missing(names, (vault, told), wanted=wanted)
    if status in _BY_STATUS:
        return _BY_STATUS[status](ctx, facts, told, wanted=wanted)
    if status == 429 or status >= 500:
        return could_not_tell(
            "vault_busy",
            wanted=wanted,
            found=f"{names.vault} was busy (status {status}).",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    return could_not_tell(
        "vault_answer_unknown",
        wanted=wanted,
        found=f"{names.vault} answered {status}: {said(told)}",
        next_step=LOOKS_AGAIN,
        seen=(told,),
    )


def _token_refused(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, words = ctx.names, said(told)
    if "AKV10022" in words:
        return could_not_tell(
            "vault_refuses_audience",
            wanted=wanted,
            found=f"{names.vault} says that the VM's token is meant for another service, though it was asked for "
            f"https://vault.azure.net: {words}",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    if "AKV10032" in words:
        return not_yet(
            "vault_refuses_issuer",
            wanted=wanted,
            found=f"{names.vault} trusts another tenant than the one that issued the VM's token: {words}",
            next_step=f"Vault and VM must belong to the same tenant. {names.vault} was made for another one: delete "
            "and purge it, then do Task 1 again in this subscription.",
            seen=(told,),
        )
    return could_not_tell(
        "vault_refuses_token",
        wanted=wanted,
        found=f"{names.vault} does not accept the VM's token: {words}",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, restart {names.vm} (Overview, Restart): then "
        "it asks for a fresh token, and check again.",
        seen=(told,),
    )


def _not_found(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, secret = ctx.names, facts.of(looks.SECRET)
    if secret.value is not None:
        return could_not_tell(
            "secret_not_seen_by_vm_yet",
            wanted=wanted,
            found=f"{names.vault} told {names.vm} that it has no {names.secret}, and shows it to the portal. It was "
            "made or recovered a moment ago, perhaps.",
            next_step=LOOKS_AGAIN,
            seen=(told, secret),
        )
    return not_yet(
        "vm_found_no_secret",
        wanted=wanted,
        found=f"{names.vault} told the VM that it has no {names.secret}.",
        next_step=f"Do Task 2: create {names.secret}. If it was deleted, recover it: `{az.recover_secret(names)}`.",
        seen=(told, secret),
    )


def _forbidden(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    code, vault = told.value["answer_code"].casefold(), common.there(facts.of(looks.VAULT))
    if code in common.BY_NETWORK:
        return firewall(ctx, facts, told, wanted=wanted)
    if code in BY_ROLES:
        return by_roles(ctx, facts, vault, told, wanted=wanted)
    if code in BY_POLICIES:
        return by_policies(ctx, facts, vault, told, wanted=wanted)
    return _unusable(ctx, facts, told, wanted=wanted)


def _unusable(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    """Let in, and refused: mostly for the state of the secret."""
    names, secret = ctx.names, facts.of(looks.SECRET)
    seen = (secret, told)
    if told.value["answer_code"].casefold() == "secretdisabled":
        if secret.value is not None and secret.value.enabled:
            return could_not_tell(
                "secret_enabled_meanwhile",
                wanted=wanted,
                found=f"{names.secret} was disabled when {names.vm} asked for it, and is enabled now.",
                next_step=LOOKS_AGAIN,
                seen=seen,
            )
        return not_yet(
            "vm_met_disabled_secret",
            wanted=wanted,
            found=f"{names.vault} let {names.vm} in, but {names.secret} is disabled: nobody gets it while it is.",
            next_step=f"Open {names.secret}, its current version, set Enabled to Yes, and apply. "
            f"Or: `{az.enable_secret(names)}`.",
            seen=seen,
        )
    date = _date(ctx, facts)
    if date and _OF_A_DATE.search(said(told)):
        return not_yet(
            "vm_met_secret_outside_dates",
            wanted=wanted,
            found=f"{names.vault} forbids reading {names.secret}, which {date}: {said(told)}",
            next_step=f"Open {names.secret}, its current version, clear the date, and apply. Or make a new version "
            f"without dates: `{az.new_version(names)}`.",
            seen=seen,
        )
    return could_not_tell(
        "vault_forbids",
        wanted=wanted,
        found=f"{names.vault} answered {names.vm} with 403, for a reason that the portal does not know. Azure's words: "
        f"{said(told) or '(none)'}",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, Azure's words say what to look at; show them to "
        "your instructor if they do not help.",
        seen=seen,
    )


def _date(ctx: Context, facts: Facts) -> str:
    """The date that keeps the secret from being used, as part of a sentence; "" if none does."""
    seen = facts.of(looks.SECRET)
    secret, now = seen.value, seen.now
    if secret is not None and secret.not_before is not None and secret.not_before > now:
        return f"becomes active on {secret.not_before:%d %B %Y at %H:%M} UTC"
    if secret is not None and secret.expires is not None and secret.expires <= now:
        return f"expired on {secret.expires:%d %B %Y at %H:%M} UTC"
    return ""


def _proxy(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    return met_proxy(ctx, told, ctx.names.vault, wanted=wanted)


class _Judge(Protocol):
    def __call__(self, ctx: Context, facts: Facts, told: Told, /, *, wanted: str) -> Finding: ...


_BY_STATUS: dict[int, _Judge] = {
    0: unreachable,
    401: _token_refused,
    403: _forbidden,
    404: _not_found,
    407: _proxy,
}
