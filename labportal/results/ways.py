"""Where a student stands with a task, and in which of four ways it was done, in words for programs and for people."""

from __future__ import annotations

from enum import StrEnum

from labportal.board.words import NOT_TRIED
from labportal.runs.models import ACTIVE, Attempt, TaskResult
from steps.kit.verdict import Verdict

By = TaskResult.Provenance


class Way(StrEnum):
    """From alone to not at all."""

    ALONE = "alone"
    HINTS = "hints"
    REPAIRED = "repaired"
    CARRIED_OUT = "carried_out"

    @property
    def words(self) -> str:
        return _WAYS[self]

    @property
    def css(self) -> str:
        """The name of its colour in the style sheet."""
        return self.value.replace("_", "-")


class State(StrEnum):
    """The open ones tell what the latest look found; before the first it is to do. What a look of an instructor's found
    missing, and the student has not tried, is no failure of theirs. What waits, for Azure or for the student to sign
    in, can do so for long: it is told apart from what is under way."""

    DONE = "done"
    UNDER_WAY = "under_way"
    WAITING = "waiting"
    NOT_YET = "not_yet"
    NOT_TRIED = "not_tried"
    COULD_NOT_TELL = "could_not_tell"
    TO_DO = "to_do"

    @property
    def words(self) -> str:
        return _STATES[self]


_WAYS = {
    Way.ALONE: "Alone",
    Way.HINTS: "With hints",
    Way.REPAIRED: "With a repair",
    Way.CARRIED_OUT: "Carried out by the portal",
}
_STATES = {
    State.DONE: "Done",
    State.UNDER_WAY: "Under way",
    State.WAITING: "Waits",
    State.NOT_YET: "Not yet",
    State.NOT_TRIED: NOT_TRIED,
    State.COULD_NOT_TELL: "Could not tell",
    State.TO_DO: "To do",
}
_VERDICTS = {Verdict.NOT_YET: State.NOT_YET, Verdict.COULD_NOT_TELL: State.COULD_NOT_TELL}
_ACTIVE = frozenset(map(str, ACTIVE))


def way_of(provenance: str, hints: int) -> Way | None:
    """What the portal did weighs more than what it hinted at. None while the task is open."""
    match provenance:
        case By.PORTAL:
            return Way.CARRIED_OUT
        case By.REPAIRED:
            return Way.REPAIRED
        case By.STUDENT:
            return Way.HINTS if hints else Way.ALONE
        case _:
            return None


def state_of(*, done: bool, state: str, verdict: str, tries: int) -> State:
    """``state`` is the latest attempt's, ``verdict`` that of the latest look, "" where there is none; ``tries`` are
    the student's own."""
    if done:
        return State.DONE
    if state == Attempt.State.WAITING:
        return State.WAITING
    if state in _ACTIVE:
        return State.UNDER_WAY
    if verdict == Verdict.NOT_YET and not tries:
        return State.NOT_TRIED
    return _VERDICTS[Verdict(verdict)] if verdict in _VERDICTS else State.TO_DO
