"""A key where the secret should be: the two are made on pages that look alike, and a vault keeps them apart."""

from __future__ import annotations

from dataclasses import replace

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.create_secret.missing_secret import SETTLES
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.findings import not_yet
from steps.kit.records import Seen
from steps.kit.task import Facts, Names
from steps.kit.verdict import Finding


def told(names: Names, facts: Facts, missing: Finding) -> Finding:
    """``missing``, with a word of a key that has the secret's name. Where nothing else is in the way, the key is the
    likeliest reason."""
    key = if_told(facts, looks.KEY) if missing.reason in SETTLES else None
    if key is None or not isinstance(key.value, str):
        return missing
    found = (
        f"{missing.found} It has a key {names.secret}, though. A vault keeps keys and secrets apart, also under the "
        f"same name, and {names.vm} will ask for a secret."
    )
    sources = (*missing.sources, key.source)
    if missing.reason != "secret_missing":
        return replace(missing, found=found, sources=sources)
    instead = not_yet(
        "key_instead_of_secret",
        wanted=missing.wanted,
        found=found,
        next_step=f"{missing.next_step} The place is Objects, Secrets, Generate/Import; the page under Keys looks "
        "much the same. The key is in nobody's way, and may stay or go.",
        seen=(Seen(None, key.source),),
    )
    return replace(instead, sources=sources)
