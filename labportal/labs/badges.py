"""States and verdicts in words, with an icon and a tone: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from steps.kit.runner import Mode
from steps.kit.verdict import Verdict

State = Attempt.State


@dataclass(frozen=True, slots=True)
class Badge:
    """``tone`` names a colour of the style sheet, ``icon`` a drawing of the icons tag."""

    text: str
    tone: str
    icon: str


TO_DO = Badge("To do", "todo", "circle")
DONE = Badge("Done", "passed", "check")
PENDING = Badge("Not looked at yet", "todo", "circle")

_VERDICTS = {
    Verdict.PASSED: Badge("Passed", "passed", "check"),
    Verdict.NOT_YET: Badge("Not yet", "not-yet", "flag"),
    Verdict.COULD_NOT_TELL: Badge("Could not tell", "unknown", "question"),
}
_ENDED = {
    State.CANCELLED: Badge("Cancelled", "todo", "stop"),
    State.LOST: Badge("Lost by the portal", "unknown", "question"),
}
_LINES = {
    AttemptEvent.Kind.QUEUED: Badge("Asked", "todo", "circle"),
    AttemptEvent.Kind.STARTED: Badge("Started", "active", "play"),
    AttemptEvent.Kind.DONE: Badge("Done", "passed", "check"),
    AttemptEvent.Kind.WAITING: Badge("Waiting", "active", "clock"),
    AttemptEvent.Kind.TROUBLE: Badge("Trouble", "unknown", "question"),
    AttemptEvent.Kind.ENDED: Badge("Ended", "todo", "end"),
}


def verdict_badge(verdict: str) -> Badge:
    return _VERDICTS[Verdict(verdict)]


def attempt_badge(attempt: Attempt) -> Badge:
    """Where one attempt stands."""
    if attempt.active:
        return _active(attempt)
    if attempt.state == State.FINISHED:
        return verdict_badge(attempt.verdict)
    return _ENDED[State(attempt.state)]


def task_badge(result: TaskResult | None, latest: Attempt | None) -> Badge:
    """Where the student stands with a task. Done stays done; what is under way is said first."""
    if latest is not None and latest.active:
        return _active(latest)
    if result is not None and result.completed_at is not None:
        return DONE
    if latest is None or latest.state == State.CANCELLED:
        return TO_DO
    return attempt_badge(latest)


def line_badge(event: AttemptEvent) -> Badge:
    """One line of the timeline; a finished check shows its verdict."""
    if event.kind == AttemptEvent.Kind.CHECKED:
        return verdict_badge(event.detail["verdict"])
    return _LINES[AttemptEvent.Kind(event.kind)]


def provenance_words(result: TaskResult | None) -> str:
    """Who did a completed task; "" while it is open."""
    if result is None or result.completed_at is None:
        return ""
    return "Carried out by the portal" if result.provenance == TaskResult.Provenance.PORTAL else "Done by you"


def mode_words(mode: str) -> str:
    """What an attempt is, whether it is under way or over, and however it ended."""
    return "Carrying out" if mode == Mode.CARRY_OUT else "Check"


def _active(attempt: Attempt) -> Badge:
    if attempt.cancel_requested:
        return Badge("Cancelling", "active", "clock")
    if attempt.state == State.QUEUED:
        return Badge("In the queue", "active", "clock")
    if attempt.state == State.WAITING:
        return Badge("Waiting for Azure", "active", "clock")
    return Badge("Carrying out" if attempt.mode == Mode.CARRY_OUT else "Checking", "active", "play")
