"""A lock that keeps what the portal would delete or change: whose it is to lift, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass

from steps.key_vault_managed_identity.made import group_id, vault_id
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import Seen
from steps.kit.task import Action, Facts, Names

_LOCKED = re.compile(r"locked: '([^']+)'")
"""Azure names what the lock is on, not the lock."""


def met(facts: Facts, step: Action) -> AzureProblem | None:
    """The problem that ended ``step``, if it was a lock."""
    try:
        facts.told(step)
    except AzureProblem as problem:
        return problem if problem.kind is ProblemKind.PROTECTED and problem.code == "ScopeLocked" else None
    return None


@dataclass(frozen=True, slots=True)
class Told:
    """What a finding says about a lock."""

    found: str
    next_step: str
    seen: tuple[Seen[None], ...]


def told(names: Names, lock: AzureProblem, *, what: str, then: str) -> Told:
    """``what`` and ``then`` are parts of sentences: what could not be done, and what to do once the lock is off."""
    where, listing = _where(names, lock)
    return Told(
        found=f"{what}: a lock on {where} keeps it as it is.",
        next_step=f"Did you set the lock yourself? Then remove it: open {where}, Settings, Locks, Delete. (Or have its "
        f"id shown, `{listing}`, and give that to az lock delete --ids.) If somebody else has set it, ask them. Then "
        f"{then}.",
        seen=(Seen(None, lock.source),),
    )


def _where(names: Names, lock: AzureProblem) -> tuple[str, str]:
    found = _LOCKED.search(lock.message)
    scope, only_ids = found[1].casefold() if found else "", '--query "[].id" --output tsv'
    group = f"--resource-group {names.resource_group}"
    if scope == vault_id(names, names.vault).casefold():
        of = f"{group} --resource-name {names.vault} --resource-type Microsoft.KeyVault/vaults"
        return names.vault, f"az lock list {of} {only_ids}"
    if scope == group_id(names).casefold():
        return f"the resource group {names.resource_group}", f"az lock list {group} {only_ids}"
    return f"{names.vault}, its resource group or the subscription", f"az lock list {only_ids}"
