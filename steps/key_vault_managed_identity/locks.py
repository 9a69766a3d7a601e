"""What kept the portal from deleting or taking back: a lock, and whose it is to lift; or what else Azure said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from steps.key_vault_managed_identity.made import group_id, vault_id
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import Seen
from steps.kit.task import Action, Facts, Names

_LOCKED = re.compile(r"locked: '([^']+)'")
"""Azure names what the lock is on, not the lock."""

_HOLDS_FOR_ALL = frozenset({"DenyAssignmentAuthorizationFailed", "ReadOnlyDisabledSubscription"})
"""What refuses the portal refuses the student's own hands as well, so they are not told to try them."""


def ended(facts: Facts, *steps: Action) -> AzureProblem | None:
    """The first problem that ended one of ``steps``."""
    for step in steps:
        try:
            facts.told(step)
        except AzureProblem as problem:
            return problem
    return None


def met(facts: Facts, *steps: Action) -> AzureProblem | None:
    """The same, if it was a lock."""
    problem = ended(facts, *steps)
    return problem if problem is not None and _is_lock(problem) else None


def _is_lock(problem: AzureProblem) -> bool:
    return problem.kind is ProblemKind.PROTECTED and problem.code == "ScopeLocked"


@dataclass(frozen=True, slots=True)
class Told:
    """What a finding says about it."""

    found: str
    next_step: str
    seen: tuple[Seen[None], ...]


def why(names: Names, facts: Facts, *steps: Action, what: str, by_hand: str) -> Told:
    """Why undoing did not come to its end. ``what`` is that in a sentence without its full stop, ``by_hand`` a whole
    one that says how to do it oneself."""
    problem = ended(facts, *steps)
    if problem is None:
        return Told(f"{what}: the portal could not take that back.", f"Undo once more. {by_hand}", ())
    return because(names, problem, what=what, by_hand=by_hand, again="undo once more")


def because(
    names: Names, problem: AzureProblem, *, what: str, by_hand: str, again: str, by_contributor: bool = True
) -> Told:
    """The same, for ``problem``. ``again`` is the end of a sentence; ``by_contributor``: the role Contributor on the
    resource group lets one do it. Otherwise ``by_hand`` says what does."""
    if _is_lock(problem):
        return told(names, problem, what=what, then=again)
    words = problems.wording(problem)
    if problem.kind is ProblemKind.POLICY_DENIED or problem.code in _HOLDS_FOR_ALL:
        return Told(f"{what}. {words.happened}", words.to_do, (Seen(None, problem.source),))
    to_do = once_more(problem, f"{again.capitalize()}.")
    if problem.kind is ProblemKind.NOT_AUTHORIZED:
        if not by_contributor:
            return Told(f"{what}. {words.happened}", _alone(by_hand), (Seen(None, problem.source),))
        to_do = f"{words.to_do} "
    return Told(f"{what}. {words.happened}", f"{to_do}{by_hand}", (Seen(None, problem.source),))


def _alone(by_hand: str) -> str:
    """``by_hand`` where nothing comes before it that it could be the other choice to."""
    rest = by_hand.removeprefix("Or ")
    return rest[:1].upper() + rest[1:]


def is_no_refusal(problem: AzureProblem | None) -> bool:
    """Azure, or the portal, was in trouble: ``steps.kit.kept_from_it`` tells that, and to try once more."""
    return problem is not None and problems.whose(problem) is not problems.Whose.STUDENT


def once_more(problem: AzureProblem | None, said: str) -> str:
    """``said`` with a space behind it, unless that is told anyway."""
    return "" if is_no_refusal(problem) else f"{said} "


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
