"""Attempts that end before their time: cancelled, lost, or failed by the portal's own fault.

One that has taken away what must not stay away, such as the access in the challenge, puts that back first. It goes on
as the same attempt then, in as many sittings as that needs; ``Progress.ending`` says why it ends.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.db.models.functions import Now

from labportal.runs.claims import Claim
from labportal.runs.courses import course_for
from labportal.runs.models import Attempt, AttemptEvent
from labportal.runs.outbox import Line, tell
from labportal.runs.recorder import DatabaseRecorder
from labportal.writes import writing
from steps.kit.progress import Progress
from steps.kit.runner import ending
from steps.kit.verdict import Verdict

State = Attempt.State

MAX_CLAIMS = 5
"""Sittings in a row that ended without a word (a killed worker) before the attempt is given up as lost."""
MAX_FAILURES = 3
"""Errors of the portal's own in one attempt before it says so and stops."""
FAILURE_WAIT = timedelta(seconds=5)

_FAULT_TEXT = "Something failed on our side. Trying again in a moment."
_WHY = {
    State.CANCELLED: "You cancelled this.",
    State.LOST: "The portal lost this attempt several times and gave up. That is our fault; please try again.",
    State.FINISHED: "The portal failed on this, and trying again did not help. That is our fault, not yours.",
}
_PROBLEMS = {State.LOST: "lost", State.FINISHED: "portal_failed"}


def goes_on_putting_back(claim: Claim, why: Attempt.State) -> bool:
    """Whether the attempt has taken away what must not stay away. Putting that back is all it does from now on, once:
    a later cancellation changes nothing about it, and being lost or failing on that, too, is the end."""
    attempt = claim.attempt
    attempt.refresh_from_db(fields=["progress"])
    before = Progress(**attempt.progress)
    progress = ending(course_for(attempt), before, why.value)
    if progress is None or (before.ending and why is not State.CANCELLED):
        return False
    attempt.progress, attempt.cancel_requested, attempt.failures = asdict(progress), False, 0
    claim.write(progress=attempt.progress, cancel_requested=False, failures=0)
    return True


def end_after_putting_back(recorder: DatabaseRecorder, progress: Progress) -> None:
    why = State(progress.ending)
    back = "What was taken away is put back."
    if progress.gave_up:
        back = "What was taken away could not be put back: the line above says why."
    with writing():
        recorder.end(progress, f"{_WHY[why]} {back}", state=why, **_result(why))


def end_as_cancelled(claim: Claim) -> None:
    _end(claim, State.CANCELLED, f"{_WHY[State.CANCELLED]} What was already done stays.")


def end_as_lost(claim: Claim) -> None:
    _end(claim, State.LOST, f"{_WHY[State.LOST]}{_still_away(claim)}")


def _still_away(claim: Claim) -> str:
    attempt = claim.attempt
    if ending(course_for(attempt), Progress(**attempt.progress), State.LOST.value) is None:
        return ""
    return " What was taken away may still be away. Begin this once more: it puts that back first."


def end_or_retry_after_own_fault(claim: Claim) -> None:
    """The portal itself has failed on it: the attempt is tried again a few times, and then says so and ends."""
    failures = claim.attempt.failures + 1
    if failures < MAX_FAILURES:
        _try_again(claim, failures)
    elif goes_on_putting_back(claim, State.FINISHED):
        _try_again(claim, 0)
    else:
        _end(claim, State.FINISHED, f"{_WHY[State.FINISHED]}{_still_away(claim)}", failures=failures)


def _try_again(claim: Claim, failures: int) -> None:
    with writing():
        waits = claim.wait(due_at=Now() + FAILURE_WAIT, failures=failures)
        if waits:
            claim.attempt.state = State.WAITING
            tell(claim.attempt, Line(AttemptEvent.Kind.TROUBLE, _FAULT_TEXT))
    if not waits and not _waits_to_put_back(claim):
        end_as_cancelled(claim)


def _waits_to_put_back(claim: Claim) -> bool:
    """Cancelled, after the portal has failed on it: what must not stay away is put back when it is tried again."""
    goes_on = goes_on_putting_back(claim, State.CANCELLED)
    return goes_on and claim.wait(due_at=Now() + FAILURE_WAIT)


def _end(claim: Claim, why: Attempt.State, last_words: str, **changes: int) -> None:
    with writing():
        claim.end(state=why, **_result(why), **changes)
        claim.attempt.state = why
        tell(claim.attempt, Line(AttemptEvent.Kind.ENDED, last_words))


def _result(why: Attempt.State) -> dict[str, str]:
    """A cancelled attempt has no verdict; what is our fault could not tell, and never counts against the student."""
    if why is State.CANCELLED:
        return {}
    return {"verdict": Verdict.COULD_NOT_TELL.value, "problem": _PROBLEMS[why]}
