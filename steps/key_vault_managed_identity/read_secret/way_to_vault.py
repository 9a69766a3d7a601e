"""The VM did not reach the vault, or the vault did not look at who asked: for where the request came from."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.read_secret.vm_told import Told, said
from steps.kit.findings import LOOKS_AGAIN, LOOKS_AGAIN_FIRST, could_not_tell, not_yet
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

_ADDRESS = re.compile(r"Client address: (\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]{3,45})(?![\w.:])", re.IGNORECASE)


def unreachable(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, words = ctx.names, told.value["answer_message"]
    if "could not be resolved" in words or told.value.get("answer_failure") == "NameResolutionFailure":
        return could_not_tell(
            "vault_unresolved_on_vm",
            wanted=wanted,
            found=f"{names.vm} could not find out where {names.vault}.vault.azure.net is: {words}",
            next_step=f"{LOOKS_AGAIN_FIRST} A fresh name takes a moment to get around. If it stays so, "
            f"look at the DNS servers under Networking of {names.vm}: they must resolve public names.",
            seen=(told,),
        )
    if told.value.get("answer_failure") == "TrustFailure":
        return could_not_tell(
            "vault_not_trusted_on_vm",
            wanted=wanted,
            found=f"{names.vm} did not trust the certificate of who answered as {names.vault}: {words}",
            next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, see on {names.vm} that date and time are "
            "right, and that no proxy opens what is encrypted.",
            seen=(told,),
        )
    if told.value.get("answer_failure") == "SecureChannelFailure" or "secure channel" in words:
        return could_not_tell(
            "vault_tls_failed_on_vm",
            wanted=wanted,
            found=f"{names.vm} and {names.vault} could not agree on an encrypted connection: {words}",
            next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, let Windows on {names.vm} install its "
            "updates: Key Vault needs TLS 1.2.",
            seen=(told,),
        )
    return could_not_tell(
        "vault_unreachable_from_vm",
        wanted=wanted,
        found=f"{names.vm} could not connect to {names.vault_uri}: {said(told)}",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, see that the network of {names.vm} lets it out "
        "to the internet on port 443.",
        seen=(told,),
    )


def firewall(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
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
