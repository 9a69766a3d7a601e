"""Verdicts and the evidence behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What a check, or a whole task, comes to.

    ``PASSED``          everything wanted was found.
    ``NOT_YET``         the student has something to do, and it is named.
    ``COULD_NOT_TELL``  Azure is not ready, or the portal failed. Never counts
                        against the student and is never shown as passed.
    """

    PASSED = "passed"
    NOT_YET = "not_yet"
    COULD_NOT_TELL = "could_not_tell"


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a task from those of its checks.

    A thing the student can mend outweighs a thing nobody could see; an unknown
    outweighs a pass. No verdict at all is an unknown.
    """
    for verdict in (Verdict.NOT_YET, Verdict.COULD_NOT_TELL):
        if verdict in verdicts:
            return verdict
    return Verdict.PASSED if verdicts else Verdict.COULD_NOT_TELL


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was seen: one answered (or unanswered) Azure request.

    ``path`` has no host-independent secrets in it: no query values but
    ``api-version``. ``status`` is None when no answer came. ``request_id`` is
    Azure's ``x-ms-request-id`` ("" when the answer carried none).
    """

    method: str
    path: str
    status: int | None
    request_id: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the student may have meant. Choosing it sets one of their names (a field of ``Names``)."""

    name: str
    value: str
    label: str  # what the button says


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check's ``judge`` concludes: plain text, ready for the student.

    ``next_step`` is empty when there is nothing to do. ``reason`` is a stable id
    ("vault_in_rbac_mode"): causes are counted by it, wording may change.
    ``choices`` are offered where several things could be meant. ``notes`` are remembered for the
    whole walk, by kind: later checks find them in ``Context.noted``. ``waits_for`` is the id of the check that tells
    the cause, where this one cannot be made before that is put right: looking again for this one alone is no use.
    """

    verdict: Verdict
    reason: str
    wanted: str
    found: str
    next_step: str = ""
    sources: tuple[Source, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding, bound to the check that made it. One row in the portal."""

    check_id: str
    title: str
    finding: Finding
