"""What a finding says, as it would read for Anna: what differs from one run to the next is replaced."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.naming import rules_broken
from steps.kit.task import Names

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_EACH_RUN = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "(id)"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "(version)"),
    (re.compile(rf"\b\d{{1,2}} (?:{_MONTHS}) \d{{4}}"), "(date)"),
    (re.compile(r"\b\d{2}:\d{2}\b"), "(time)"),
    (re.compile(r"\b(?!169\.254)\d{1,3}(?:\.\d{1,3}){3}\b"), "(address)"),
    (re.compile(r"\bkv-[0-9a-f]{8}-\d+\b"), "kv-anna-before"),  # where the row works with another vault by now
    (re.compile(r"Practice subscription \w+"), "Practice subscription"),
    (re.compile(r"\b(?:less than a minute|\d+ minutes?) ago\b"), "(a while) ago"),
    (re.compile(r"'Practice \w+'"), "'Practice'"),
)


def anonymous(text: str, names: Names) -> str:
    vault = names.vault if rules_broken(names.vault) else "kv-anna"  # a row may be about the name itself
    for own, annas in (
        (names.vault, vault),
        (names.resource_group, "rg-anna"),
        (names.vm, "vm-anna"),
        (names.secret, "lab-secret"),
        (names.subscription_id, "(subscription)"),
        (names.tenant_id, "(tenant)"),
    ):
        text = text.replace(own, annas)
    for pattern, word in _EACH_RUN:
        text = pattern.sub(word, text)
    return text
