"""Pasted words of the way to the vault: a firewall, a name, a network, a proxy or the encryption stood in it."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, looks
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.read_secret.own_response.own import Own, elsewhere, other_vault
from steps.kit.findings import not_yet
from steps.kit.records import Vault
from steps.kit.verdict import Finding


def firewall(own: Own) -> Finding:
    names = own.names
    other = other_vault(own) or elsewhere(own)
    if other is not None:
        return other
    whence = f" It saw the request come from {own.said['address']}." if "address" in own.said else ""
    vault = if_told(own.facts, looks.VAULT).value
    how = f"Open {names.vault}, Settings, Networking, and allow public access from all networks; or: "
    how = f"{how}`{az.open_network(names)}`. {own.again}"
    if own.read_by_now:
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
    if own.said.get("of") == "trust":
        return _not_trusted(own)
    if own.said.get("of") == "either":
        return _not_encrypted(own)
    return not_yet(
        "answer_tls_failed",
        wanted=own.wanted,
        found="PowerShell and the vault could not agree on an encrypted connection. Key Vault needs TLS 1.2, which an "
        "older Windows does not use by itself.",
        next_step=f"Run `[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` first, in the same window. {own.again}",
        seen=own.seen,
    )


def _not_trusted(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_certificate_not_trusted",
        wanted=own.wanted,
        found=f"PowerShell did not trust the certificate that was shown to it in the name of {names.vault}: a proxy "
        "opens what is encrypted, or the machine's clock is wrong.",
        next_step=f"On {names.vm} see that date and time are right, and that no proxy is set (Settings, Network, "
        f"Proxy). {own.again}",
        seen=own.seen,
    )


def _not_encrypted(own: Own) -> Finding:
    """In a language in which the two causes cannot be told apart."""
    names = own.names
    return not_yet(
        "answer_not_encrypted",
        wanted=own.wanted,
        found=f"PowerShell and {names.vault} came to no encrypted connection. Either PowerShell did not trust the "
        "certificate that it was shown, or it used an older way to encrypt than TLS 1.2, which Key Vault needs.",
        next_step=f"On {names.vm} see that date and time are right and that no proxy is set; and run "
        f"`[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` first, in the same window. {own.again}",
        seen=own.seen,
    )


def proxy(own: Own) -> Finding:
    names = own.names
    whose = "the metadata service" if own.said.get("to") == "imds" else names.vault
    return not_yet(
        "answer_from_a_proxy",
        wanted=own.wanted,
        found=f"A proxy answered in the place of {whose}: the machine is set to go through one.",
        next_step=f"If that was not on {names.vm}, run the commands there. If it was, take the proxy out (Settings, "
        f"Network, Proxy), or make 169.254.169.254 and {names.vault}.vault.azure.net exceptions. {own.again}",
        seen=own.seen,
    )
