"""Short ways to make the three kinds of finding. The first argument is always the reason id."""

from __future__ import annotations

from typing import Any

from steps.kit.records import Seen
from steps.kit.verdict import Choice, Finding, Source, Verdict

LOOKS_AGAIN = (
    "Nothing to do for you: the portal looks again while this check goes on. If it is over, check once more in a few "
    "minutes."
)
"""The next step where only time helps. A check that finds something else to do is over at once."""
LOOKS_AGAIN_FIRST = "The portal looks again while this check goes on, and with your next one."
"""Its beginning where something may have to be done if time does not help."""
GOES_ON = "This attempt goes on by itself after it."
_OVER = {
    LOOKS_AGAIN: "Check once more in a few minutes.",
    LOOKS_AGAIN_FIRST: "The portal looks again with your next check.",
    GOES_ON: "Then check once more.",
}


def once_over(next_step: str) -> str:
    """A next step as it is for an attempt that has ended: it does not look again, and does not go on."""
    for meanwhile, then in _OVER.items():
        next_step = next_step.replace(meanwhile, then)
    return next_step


def passed(
    reason: str, *, wanted: str, found: str, seen: tuple[Seen[Any], ...], notes: dict[str, str] | None = None
) -> Finding:
    """``found`` may hold a remark that changes nothing about the verdict; ``notes`` are remembered for the walk."""
    return Finding(Verdict.PASSED, reason, wanted, found, "", _sources(seen), notes=notes or {})


def not_yet(
    reason: str,
    *,
    wanted: str,
    found: str,
    next_step: str,
    seen: tuple[Seen[Any], ...],
    choices: tuple[Choice, ...] = (),
    notes: dict[str, str] | None = None,
) -> Finding:
    """The student has something to do, and ``next_step`` names it; ``choices`` are what may have been meant, and
    ``notes`` are remembered for the walk."""
    return Finding(Verdict.NOT_YET, reason, wanted, found, next_step, _sources(seen), choices, notes or {})


def could_not_tell(reason: str, *, wanted: str, found: str, next_step: str, seen: tuple[Seen[Any], ...]) -> Finding:
    """Azure is not ready; looking again later may tell."""
    return Finding(Verdict.COULD_NOT_TELL, reason, wanted, found, next_step, _sources(seen))


def _sources(seen: tuple[Seen[Any], ...]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(one.source for one in seen))
