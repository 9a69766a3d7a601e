"""Why the vault did not give the VM the secret: each of Azure's refusals but those about rights, and the way out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.read_secret.vault_denials import BY_POLICIES, BY_ROLES, by_policies, by_roles
from steps.key_vault_managed_identity.read_secret.vm_told import Told
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

_ADDRESS = re.compile(r"Client address: (\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]{3,45})(?![\w.:])", re.IGNORECASE)


def refusal(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    """``told`` is of a script that had a token and got no secret for it."""
    names, status = ctx.names, int(told.value["answer_status"])
    if status == 401:
        return _token_refused(ctx, told, wanted=wanted)
    if status == 403:
        return _forbidden(ctx, facts, told, wanted=wanted)
    if status == 404:
        return _not_found(ctx, facts, told, wanted=wanted)
    if status == 429 or status >= 500:
        return could_not_tell(
            "vault_busy",
            wanted=wanted,
            found=f"{names.vault} was busy (status {status}).",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    if status == 0:
        return _unreachable(ctx, told, wanted=wanted)
    return could_not_tell(
        "vault_answer_unknown",
        wanted=wanted,
        found=f"{names.vault} answered {status}: {_said(told)}",
        next_step=LOOKS_AGAIN,
        seen=(told,),
    )


def _said(told: Told) -> str:
    """Azure's code and message; the script and its reader have taken out anything like a token."""
    return f"{told.value['answer_code']} {told.value['answer_message']}".strip()


def _token_refused(ctx: Context, told: Told, *, wanted: str) -> Finding:
    names, said = ctx.names, _said(told)
    if "AKV10022" in said:
        return could_not_tell(
            "vault_refuses_audience",
            wanted=wanted,
            found=f"{names.vault} says that the VM's token is meant for another service, though it was asked for "
            f"https://vault.azure.net: {said}",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    if "AKV10032" in said:
        return not_yet(
            "vault_refuses_issuer",
            wanted=wanted,
            found=f"{names.vault} trusts another tenant than the one that issued the VM's token: {said}",
            next_step=f"Vault and VM must belong to the same tenant. {names.vault} was made for another one: delete "
            "and purge it, then do Task 1 again in this subscription.",
            seen=(told,),
        )
    return could_not_tell(
        "vault_refuses_token",
        wanted=wanted,
        found=f"{names.vault} does not accept the VM's token: {said}",
        next_step=f"The portal looks again for a while. If it stays so, restart {names.vm} (Overview, Restart): then "
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


def _unreachable(ctx: Context, told: Told, *, wanted: str) -> Finding:
    names, said = ctx.names, told.value["answer_message"]
    if "could not be resolved" in said or told.value.get("answer_failure") == "NameResolutionFailure":
        return could_not_tell(
            "vault_unresolved_on_vm",
            wanted=wanted,
            found=f"{names.vm} could not find out where {names.vault}.vault.azure.net is: {said}",
            next_step=f"The portal looks again for a while: a fresh name takes a moment to get around. If it stays so, "
            f"look at the DNS servers under Networking of {names.vm}: they must resolve public names.",
            seen=(told,),
        )
    if told.value.get("answer_failure") in {"SecureChannelFailure", "TrustFailure"} or "secure channel" in said:
        return could_not_tell(
            "vault_tls_failed_on_vm",
            wanted=wanted,
            found=f"{names.vm} and {names.vault} could not agree on an encrypted connection: {said}",
            next_step=f"The portal looks again for a while. If it stays so, let Windows on {names.vm} install its "
            "updates: Key Vault needs TLS 1.2.",
            seen=(told,),
        )
    return could_not_tell(
        "vault_unreachable_from_vm",
        wanted=wanted,
        found=f"{names.vm} could not connect to {names.vault_uri}: {_said(told)}",
        next_step=f"The portal looks again for a while. If it stays so, see that the network of {names.vm} lets it out "
        "to the internet on port 443.",
        seen=(told,),
    )


def _forbidden(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    code, vault = told.value["answer_code"].casefold(), facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(ctx.names, (vault,), wanted=wanted)
    if code in {"forbiddenbyfirewall", "forbiddenbyconnection"}:
        return _firewall(ctx, facts, told, wanted=wanted)
    if code in BY_ROLES:
        return by_roles(ctx, facts, common.there(vault), told, wanted=wanted)
    if code in BY_POLICIES:
        return by_policies(ctx, facts, common.there(vault), told, wanted=wanted)
    return _unusable(ctx, facts, told, wanted=wanted)


def _firewall(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, vault = ctx.names, common.there(facts.of(looks.VAULT))
    address = _ADDRESS.search(told.value["answer_message"])
    whence = f" Azure saw it come from {address[1]}." if address else ""
    seen = (vault, told)
    if vault.value.open_to_all_networks:
        return could_not_tell(
            "firewall_still_in_effect",
            wanted=wanted,
            found=f"{names.vault} is open to all networks now, and still turned {names.vm} away.{whence} A change of "
            "the firewall takes a moment to count.",
            next_step=LOOKS_AGAIN,
            seen=seen,
        )
    how = f"Open {names.vault}, Settings, Networking, and allow public access from all networks"
    if not vault.value.public_access:
        return not_yet(
            "vault_closed_to_networks",
            wanted=wanted,
            found=f"Public network access to {names.vault} is disabled, so {names.vm} cannot reach it.{whence}",
            next_step=f"{how}. Or: `{az.open_network(names)}`.",
            seen=seen,
        )
    added = f", or add {address[1]} under Firewall" if address else f", or the network of {names.vm}"
    return not_yet(
        "vault_firewall",
        wanted=wanted,
        found=f"The firewall of {names.vault} does not let {names.vm} in.{whence}",
        next_step=f"{how}{added}. Or: `{az.open_network(names)}`.",
        seen=seen,
    )


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
    if date:
        return not_yet(
            "vm_met_secret_outside_dates",
            wanted=wanted,
            found=f"{names.vault} forbids reading {names.secret}, which {date}: {_said(told)}",
            next_step=f"Open {names.secret}, its current version, clear the date, and apply. Or make a new version "
            f"without dates: `{az.new_version(names)}`.",
            seen=seen,
        )
    return not_yet(
        "vault_forbids",
        wanted=wanted,
        found=f"{names.vault} forbids reading {names.secret}: {_said(told)}",
        next_step=f"Azure's words say what to look at. See in Task 2 that {names.secret} is enabled and active.",
        seen=seen,
    )


def _date(ctx: Context, facts: Facts) -> str:
    """The date that keeps the secret from being used, as part of a sentence; "" if none does."""
    secret, now = facts.of(looks.SECRET).value, datetime.now(UTC)
    if secret is not None and secret.not_before is not None and secret.not_before > now:
        return f"becomes active on {secret.not_before:%d %B %Y at %H:%M} UTC"
    if secret is not None and secret.expires is not None and secret.expires <= now:
        return f"expired on {secret.expires:%d %B %Y at %H:%M} UTC"
    return ""
