"""What the outcome of a sitting becomes in the database: a time to come back, or a verdict and what it completes."""

from __future__ import annotations

from labportal.connections.services import accepted, refused
from labportal.runs.claims import Claim
from labportal.runs.courses import cleans_up, is_challenge, task_for
from labportal.runs.cut_short import end_after_putting_back
from labportal.runs.deeds import left_of
from labportal.runs.models import Attempt, TaskResult
from labportal.runs.recorder import DatabaseRecorder
from labportal.runs.statements import complete
from labportal.writes import writing
from steps.kit.course import Mode
from steps.kit.progress import Finished, Outcome, Progress, Wait
from steps.kit.verdict import Verdict

_LAST_WORDS = {
    Verdict.PASSED: "Everything wanted was found.",
    Verdict.NOT_YET: "Not there yet: see what to do next.",
    Verdict.COULD_NOT_TELL: "The portal could not tell. This does not count against you.",
}
_OPEN = {"completed_at": None, "completed_by": None, "provenance": "", "counts_from": None}
"""Of what was undone. What an instructor has opened for the student to do anew stays theirs to close."""


def settle(claim: Claim, recorder: DatabaseRecorder, outcome: Outcome) -> None:
    """Raises LostClaim, and stores nothing then."""
    connection = claim.attempt.session.connection
    match outcome:
        case Wait(progress=progress, seconds=seconds, for_sign_in=for_sign_in):
            recorder.wait(progress, seconds)
            if for_sign_in:
                refused(connection)
        case Finished(progress=progress) if progress.ending:
            end_after_putting_back(recorder, progress)
        case Finished(verdict=verdict, progress=progress):
            _end_with(verdict, claim.attempt, recorder, progress)
            if verdict is not Verdict.COULD_NOT_TELL:
                accepted(connection)


def _end_with(verdict: Verdict, attempt: Attempt, recorder: DatabaseRecorder, progress: Progress) -> None:
    last_words = _last_words(attempt, verdict, progress)
    with writing():
        recorder.end(
            progress, last_words, state=Attempt.State.FINISHED, verdict=verdict.value, problem=progress.gave_up
        )
        if verdict is Verdict.PASSED:
            _keep_result(attempt)
    attempt.verdict = verdict.value


def _last_words(attempt: Attempt, verdict: Verdict, progress: Progress) -> str:
    if verdict is Verdict.PASSED and cleans_up(attempt):
        return "Nothing is left that the portal knows to be this lab's. What it left alone is listed, and why."
    if verdict is Verdict.PASSED and is_challenge(attempt):
        return "You foresaw it, and it came so: mastered. The access is back."
    if verdict is Verdict.PASSED and attempt.mode == Mode.UNDO:
        return "Undone. The task is open again, and so is whatever rests on it."
    if verdict is Verdict.NOT_YET and attempt.mode == Mode.REPAIR and progress.did and not progress.gave_up:
        return "Mended. There is more to do: see what to do next."
    return _LAST_WORDS[verdict]


def _keep_result(attempt: Attempt) -> None:
    """What is done stays done, until it is undone: then the task and those that rest on it are open again. The hints
    that were seen stay seen, and what was mended besides stays mended.

    Cleaning up is no task to be done, and takes nothing from what the student has done: its attempts are the receipt.
    """
    if cleans_up(attempt):
        return
    if attempt.mode != Mode.UNDO:
        complete(attempt.session_id, attempt.task_id, attempt.pk, on_behalf=attempt.on_behalf)
        return
    task = task_for(attempt)
    results = TaskResult.objects.filter(session=attempt.session, task_id__in=(task.id, *task.undo_reopens))
    results.update(**_OPEN, portal_changed=False, portal_repaired=False)
    still_mended = left_of(attempt.session).mended_for
    results.filter(task_id__in=still_mended).update(portal_repaired=True)
