"""Pasted words of the vault, or of the way to it: the third command went wrong."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, looks
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.read_secret.ask_vm import ASK_VM
from steps.key_vault_managed_identity.read_secret.own_response.own import Own, elsewhere, other_vault
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet
from steps.kit.records import Vault
from steps.kit.verdict import Finding


def _reads_now(own: Own) -> bool:
    """Whether the portal's own script on the VM has just read the secret. Where it ended in a problem, nobody knows."""
    try:
        return own.facts.told(ASK_VM).get("stage") == "done"
    except AzureProblem:
        return False


def no_token(own: Own) -> Finding:
    return not_yet(
        "answer_without_token",
        wanted=own.wanted,
        found=f"The last command showed {own.names.vault} no token: $KeyVaultToken was empty, or the header was not "
        "sent. Variables live in one PowerShell window only, and in one Run command.",
        next_step=f"Run all three commands one after the other, in the same window, on {own.names.vm}. Then paste what "
        "the last one prints.",
        seen=own.seen,
    )


def token_refused(own: Own) -> Finding:
    return not_yet(
        "answer_token_refused",
        wanted=own.wanted,
        found=f"{own.names.vault} did not accept the token (401). It was cut off or mistyped, perhaps, or its day is "
        "over.",
        next_step=f"Fetch a fresh one. {own.again}",
        seen=own.seen,
    )


def denied(own: Own) -> Finding:
    """403 for want of a right: whose, and whether it is there by now."""
    names = own.names
    other = other_vault(own) or elsewhere(own)
    if other is not None:
        return other
    if _reads_now(own):
        return not_yet(
            "answer_denied_earlier",
            wanted=own.wanted,
            found=f"{names.vault} turned {names.vm} away when you asked. Since then it lets it in.",
            next_step=own.once_more,
            seen=own.seen,
        )
    kind = "a role" if names.by_roles else "an access policy"
    return not_yet(
        "answer_denied",
        wanted=own.wanted,
        found=f"{names.vault} turned {names.vm} away (403): {kind} that lets it read {names.secret} is missing, or "
        "does not count yet.",
        next_step=f"The check above about the vault and {names.vm} says which. Put that right. {own.again}",
        seen=own.seen,
    )


def firewall(own: Own) -> Finding:
    names = own.names
    other = other_vault(own) or elsewhere(own)
    if other is not None:
        return other
    whence = f" It saw the request come from {own.said['address']}." if "address" in own.said else ""
    vault = if_told(own.facts, looks.VAULT).value
    how = f"Open {names.vault}, Settings, Networking, and allow public access from all networks; or: "
    how = f"{how}`{az.open_network(names)}`. {own.again}"
    if _reads_now(own):
        how = f"{names.vault} lets {names.vm} in now. {own.once_more}"
    elif isinstance(vault, Vault) and vault.open_to_all_networks:
        how = f"{names.vault} is open to all networks now. {own.once_more}"
    return not_yet(
        "answer_met_firewall",
        wanted=own.wanted,
        found=f"The firewall of {names.vault} did not let the request in.{whence}",
        next_step=how,
        seen=own.seen,
    )


def secret_disabled(own: Own) -> Finding:
    names = own.names
    how = f"Open {names.secret}, its current version, and set Enabled to Yes; or: `{az.enable_secret(names)}`. "
    how = f"{how}{own.again}"
    if own.secret.value is not None and own.secret.value.enabled:
        how = f"{names.secret} is enabled now. {own.once_more}"
    return not_yet(
        "answer_met_disabled_secret",
        wanted=own.wanted,
        found="The vault let the machine in, but the secret was disabled: nobody gets it while it is.",
        next_step=how,
        seen=own.seen,
    )


def forbidden(own: Own) -> Finding:
    names = own.names
    other = other_vault(own) or elsewhere(own)
    if other is not None:
        return other
    return not_yet(
        "answer_forbidden",
        wanted=own.wanted,
        found=f"{names.vault} answered 403, Forbidden, and your paste does not say why.",
        next_step=f"The checks above say what {names.vm} meets when the portal asks it. Put that right. {own.again}",
        seen=own.seen,
    )


def secret_not_found(own: Own) -> Finding:
    names, asked = own.names, own.said.get("secret", own.names.secret)
    if not same(asked, names.secret):
        return not_yet(
            "answer_asked_other_secret",
            wanted=own.wanted,
            found=f"Your last command asked for the secret {asked}, and there is none of that name. Yours is "
            f"{names.secret}.",
            next_step=f"Put {names.secret} into its address. {own.again}",
            seen=own.seen,
        )
    there = own.secret.value is not None
    how = f"{names.secret} is there now. " if there else f"Do Task 2 first: create {names.secret}. "
    return not_yet(
        "answer_secret_not_found",
        wanted=own.wanted,
        found=f"The vault had no {names.secret}, or no such version of it, when you asked (404).",
        next_step=f"{how}Ask for it without a version, as the guide does. {own.again}",
        seen=own.seen,
    )


def bad_request(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_bad_request",
        wanted=own.wanted,
        found="The vault could not make sense of the last command: something in its address is mistyped.",
        next_step=f"The address is {names.vault_uri}secrets/{names.secret}?api-version=2016-10-01: compare it part by "
        f"part, or copy the command from the guide. {own.again}",
        seen=own.seen,
    )


def busy(own: Own) -> Finding:
    return not_yet(
        "answer_vault_busy",
        wanted=own.wanted,
        found="The vault was busy just when you asked it. That is nothing you did.",
        next_step=f"Wait a minute. {own.again}",
        seen=own.seen,
    )


def unresolved(own: Own) -> Finding:
    names = own.names
    other = other_vault(own)
    if other is not None:
        return other
    return not_yet(
        "answer_vault_unresolved",
        wanted=own.wanted,
        found=f"The machine could not find out where {names.vault}.vault.azure.net is. A vault that was made a moment "
        "ago, or is deleted, has no address.",
        next_step=f"See that Task 1 passes. {own.again}",
        seen=own.seen,
    )


def unreachable(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_vault_unreachable",
        wanted=own.wanted,
        found=f"The machine could not connect to {names.vault}: something on the way kept it from doing so.",
        next_step=f"See that the network of {names.vm} lets it out to the internet on port 443. {own.again}",
        seen=own.seen,
    )


def tls_failed(own: Own) -> Finding:
    return not_yet(
        "answer_tls_failed",
        wanted=own.wanted,
        found="PowerShell and the vault could not agree on an encrypted connection. Key Vault needs TLS 1.2, which an "
        "older Windows does not use by itself.",
        next_step=f"Run `[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` first, in the same window. {own.again}",
        seen=own.seen,
    )
