"""States and verdicts in words, with an icon and a tone: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from labportal.connections.models import Connection
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from steps.kit.course import Mode
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
SIGN_IN = Badge("Waiting for sign-in", "not-yet", "key")
WAITS = Badge("Waits", "waits", "clock")
UNDONE = Badge("Undone", "passed", "check")
MASTERED = Badge("Mastered", "passed", "star")
MENDED = Badge("Mended, more to do", "not-yet", "flag")
NOTHING_LEFT = Badge("Nothing left", "passed", "check")

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
_MODES = {Mode.VALIDATE: "Check", Mode.CARRY_OUT: "Carrying out", Mode.REPAIR: "Repair", Mode.UNDO: "Undo"}
_RUNNING = {
    Mode.VALIDATE: "Checking",
    Mode.CARRY_OUT: "Carrying out",
    Mode.REPAIR: "Repairing",
    Mode.UNDO: "Undoing",
}


def verdict_badge(verdict: str) -> Badge:
    return _VERDICTS[Verdict(verdict)]


def attempt_badge(attempt: Attempt, *, cleaning_up: bool = False, challenge: bool = False) -> Badge:
    """Where one attempt stands."""
    if attempt.active:
        return _active(attempt, cleaning_up=cleaning_up, challenge=challenge)
    if attempt.state != State.FINISHED:
        return _ENDED[State(attempt.state)]
    if attempt.verdict == Verdict.PASSED:
        return _passed(attempt, cleaning_up=cleaning_up, challenge=challenge)
    mended = attempt.mode == Mode.REPAIR and attempt.progress.get("did") and not attempt.problem
    if attempt.verdict == Verdict.NOT_YET and mended:
        return MENDED
    return verdict_badge(attempt.verdict)


def _passed(attempt: Attempt, *, cleaning_up: bool, challenge: bool) -> Badge:
    if cleaning_up:
        return NOTHING_LEFT
    if challenge:
        return MASTERED
    return UNDONE if attempt.mode == Mode.UNDO else verdict_badge(attempt.verdict)


def task_badge(result: TaskResult | None, latest: Attempt | None) -> Badge:
    """Where the student stands with a task. Done stays done until it is undone; what is under way is said first."""
    if latest is not None and latest.active:
        return _active(latest)
    if result is not None and result.completed_at is not None:
        return DONE
    if latest is None or latest.state == State.CANCELLED or latest.mode == Mode.UNDO or reopened(result, latest):
        return TO_DO
    return attempt_badge(latest)


def reopened(result: TaskResult | None, latest: Attempt | None) -> bool:
    """It had been done until something was undone that it rests on: what was seen then holds no more.

    Where it was this task itself that was undone, what was seen is what came of that.
    """
    if latest is None or latest.mode == Mode.UNDO:
        return False
    passed = latest.state == State.FINISHED and latest.verdict == Verdict.PASSED
    return passed and result is not None and result.completed_at is None


def line_badge(event: AttemptEvent) -> Badge:
    """One line of the timeline; a finished check shows its verdict."""
    if event.detail.get("waits"):
        return WAITS
    if event.kind == AttemptEvent.Kind.CHECKED:
        return verdict_badge(event.detail["verdict"])
    return _LINES[AttemptEvent.Kind(event.kind)]


def provenance_words(result: TaskResult | None) -> str:
    """How a completed task was done, apart from that it was; "" while it is open."""
    if result is None or result.completed_at is None:
        return ""
    return provenance_of(result).format(hints=_hints(result.hints_seen))


def provenance_of(result: TaskResult) -> str:
    """The words for how a task was done, with a place for the number of hints."""
    by, hinted = TaskResult.Provenance, bool(result.hints_seen)
    match result.provenance:
        case by.PORTAL:
            return "Carried out by the portal"
        case by.REPAIRED:
            return "Done with {hints} and a repair by the portal" if hinted else "Done with a repair by the portal"
        case _:
            return "Done by you, with {hints}" if hinted else "Done by you"


def mastery_words(result: TaskResult | None, misses: int | None) -> str:
    """What there is to say of mastery beside the day; "" while there is none. ``misses``: how often the student had
    expected something else before, and then seen what happens; None where nobody knows any more."""
    if result is None or result.completed_at is None:
        return ""
    hints = f"with {_hints(result.hints_seen)}" if result.hints_seen else "without a hint"
    if misses is None:
        return hints
    if misses < len(_ORDINALS):
        return f"foreseen at the {_ORDINALS[misses]} try, {hints}"
    return f"foreseen after {misses} other tries, {hints}"


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def mode_words(mode: str, *, cleaning_up: bool = False, challenge: bool = False, on_behalf: bool = False) -> str:
    """What an attempt is, whether it is under way or over, and however it ended."""
    if on_behalf:
        return "Check that your instructor asked for"
    if challenge:
        return "Challenge"
    if cleaning_up:
        return "Look for what is left" if mode == Mode.VALIDATE else "Cleaning up"
    return _MODES[Mode(mode)]


def _hints(number: int) -> str:
    return "1 hint" if number == 1 else f"{number} hints"


def is_ending(attempt: Attempt) -> bool:
    """It has been cancelled, and may have something to put back first; or the portal has given it up."""
    return attempt.cancel_requested or bool(attempt.progress.get("ending"))


def waits_for_sign_in(attempt: Attempt) -> bool:
    """It is no use to look again before: Azure refuses the credential. Needs the session's connection loaded."""
    waits = attempt.state == State.WAITING and not is_ending(attempt)
    return waits and attempt.session.connection.state == Connection.State.BROKEN


def _active(attempt: Attempt, *, cleaning_up: bool = False, challenge: bool = False) -> Badge:
    if attempt.progress.get("ending"):
        return Badge("Putting back what was taken", "active", "clock")
    if attempt.cancel_requested:
        return Badge("Cancelling", "active", "clock")
    if attempt.state == State.QUEUED:
        return Badge("In the queue", "active", "clock")
    if waits_for_sign_in(attempt):
        return SIGN_IN
    if attempt.state == State.WAITING:
        return Badge("Waiting for Azure", "active", "clock")
    words = "Cleaning up" if cleaning_up and attempt.mode != Mode.VALIDATE else _RUNNING[Mode(attempt.mode)]
    words = "Under way" if challenge else words
    return Badge(words, "active", "play")
