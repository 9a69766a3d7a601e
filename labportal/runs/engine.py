"""One sitting of an attempt in a worker: claim, move forward, store where it stands, leave.

Nothing here sleeps. Azure's long-running operations and everything that has to wait end the
sitting with a time to come back; the sweeper sees to it.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.db import Error, InterfaceError, InternalError, OperationalError, close_old_connections
from django.db.models.functions import Now

from labportal.connections import services as connections
from labportal.connections.azure import azure_of
from labportal.connections.services import accepted, refused
from labportal.runs.claims import CancelRequested, Claim, LostClaim, take
from labportal.runs.courses import cleans_up, course_for, is_challenge, task_for
from labportal.runs.deeds import of_walk
from labportal.runs.leases import kept
from labportal.runs.leash import leashed
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.runs.outbox import Line, tell
from labportal.runs.recorder import DatabaseRecorder
from labportal.runs.services import wake
from labportal.runs.statements import complete
from labportal.runs.together import Company
from labportal.runs.turns import PAUSE, WAITS, must_wait
from labportal.writes import writing
from steps.kit.course import Mode
from steps.kit.progress import Finished, Outcome, Progress, Wait
from steps.kit.runner import advance, ending
from steps.kit.task import Context
from steps.kit.verdict import Verdict

log = logging.getLogger(__name__)

MAX_CLAIMS = 5
"""Sittings in a row that ended without a word (a killed worker) before the attempt is given up as lost."""
MAX_FAILURES = 3
"""Errors of the portal's own in one attempt before it says so and stops."""
FAILURE_WAIT = timedelta(seconds=5)

_FAULT_TEXT = "Something failed on our side. Trying again in a moment."
_DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)
"""The others say that it did not like what we wrote: that fault is ours, and trying for ever would not mend it."""

_looks = ThreadPoolExecutor(max_workers=64, thread_name_prefix="look")
_sittings = ThreadPoolExecutor(max_workers=64, thread_name_prefix="sitting")
_ENDINGS = {
    Verdict.PASSED: "Everything wanted was found.",
    Verdict.NOT_YET: "Not there yet: see what to do next.",
    Verdict.COULD_NOT_TELL: "The portal could not tell. This does not count against you.",
}


def run(*attempt_ids: int) -> None:
    """Does what can be done now for these attempts, side by side; harmless for those that are not due or not free.

    Returns when all of them are over, so that a worker that is told to end ends after them.
    """
    try:
        claims = take(*attempt_ids)
    except Error:
        log.exception("attempts %s: the database did not take a write", attempt_ids)
        return
    company = Company() if len(claims) > 1 else None
    others = [_sittings.submit(_in_a_thread_of_its_own, claim, company) for claim in claims[1:]]
    became = [_run(claim, company) for claim in claims[:1]] + [other.result() for other in others]
    for claim, what in zip(claims, became, strict=True):
        log.info("attempt %s, %s: %s", claim.attempt.pk, claim.attempt.task_id, what)


def prepare(connection_id: int) -> None:
    """Makes a connection ready, and has what waited for it looked at."""
    connections.prepare(connection_id)
    wake(connection_id)


def _in_a_thread_of_its_own(claim: Claim, company: Company | None) -> str:
    close_old_connections()  # Celery does this for its own threads
    return _run(claim, company)


def _run(claim: Claim, company: Company | None) -> str:
    """What became of it, for the log."""
    try:
        with kept(claim):
            _sitting_or_fault(claim, company)
    except LostClaim:
        return "went to another worker or has ended"
    except Error:
        # Nothing can be stored now. The lease runs out and the attempt is taken up again.
        log.exception("attempt %s: the database did not take a write", claim.attempt.pk)
        return "waits for the database"
    return claim.attempt.verdict or claim.attempt.state


def _sitting_or_fault(claim: Claim, company: Company | None) -> None:
    """Raises LostClaim, or the database's error when it is away."""
    attempt = claim.attempt
    try:
        if attempt.cancel_requested:  # while nobody had it: the worker before was killed
            raise CancelRequested
        if attempt.claims > MAX_CLAIMS and not _goes_on_putting_back(claim, Attempt.State.LOST):
            _give_up_as_lost(claim)
        else:
            _sitting(claim, company)
    except CancelRequested:
        if not _goes_on_putting_back(claim, Attempt.State.CANCELLED):
            _end_as_cancelled(claim)
            return
        _sitting_or_fault(claim, company)
    except (LostClaim, *_DATABASE_AWAY):
        raise
    except Exception:  # the portal's own fault: logged here, told to the student, tried again
        log.exception("attempt %s: the portal failed", attempt.pk)
        _own_fault(claim)


def _sitting(claim: Claim, company: Company | None) -> None:
    attempt = claim.attempt
    course = course_for(attempt)
    progress = Progress(**attempt.progress)
    recorder = DatabaseRecorder(claim, course)
    if must_wait(attempt, progress):
        _wait_for_turn(claim, recorder, progress)
        return
    outcome = advance(course, _context(claim, progress, company), progress, recorder, _looks)
    _settle(claim, recorder, outcome)


def _wait_for_turn(claim: Claim, recorder: DatabaseRecorder, progress: Progress) -> None:
    if not claim.attempt.events.filter(step_id=WAITS).exists():
        recorder.waiting(WAITS, "This begins when what the portal is doing in this walk has ended.", (), PAUSE)
    recorder.wait(progress, PAUSE)


def _context(claim: Claim, progress: Progress, company: Company | None) -> Context:
    attempt = claim.attempt
    session = attempt.session
    deeds = of_walk(attempt)
    azure = azure_of(session.connection, may_write=attempt.mode != Mode.VALIDATE)
    if company is not None and attempt.mode == Mode.VALIDATE:
        azure = company.sharing(azure, session.connection_id)
    return Context(
        names=session.names,
        azure=leashed(azure, claim),
        digest=_digest,
        facts=progress.facts,
        answers=attempt.answers,
        noted={kind: tuple(texts) for kind, texts in session.noted.items()},
        mended=deeds.mended,
        carried_out=deeds.carried_out,
        began=session.started_at,
    )


def _digest(text: str) -> str:
    return hmac.new(settings.DIGEST_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _settle(claim: Claim, recorder: DatabaseRecorder, outcome: Outcome) -> None:
    match outcome:
        case Wait(progress=progress, seconds=seconds, for_sign_in=for_sign_in):
            recorder.wait(progress, seconds)
            if for_sign_in:
                refused(claim.attempt.session.connection)
        case Finished(progress=progress) if progress.ending:
            _end_before_its_time(recorder, progress)
        case Finished(verdict=verdict, progress=progress):
            with writing():
                recorder.end(
                    progress,
                    _last_words(claim.attempt, verdict),
                    state=Attempt.State.FINISHED,
                    verdict=verdict.value,
                    problem=progress.gave_up,
                )
                if verdict is Verdict.PASSED:
                    _keep_result(claim.attempt)
            claim.attempt.verdict = verdict.value
            if verdict is not Verdict.COULD_NOT_TELL:
                accepted(claim.attempt.session.connection)


def _last_words(attempt: Attempt, verdict: Verdict) -> str:
    if verdict is Verdict.PASSED and cleans_up(attempt):
        return "Nothing of this lab is left. What was left alone on purpose is listed."
    if verdict is Verdict.PASSED and is_challenge(attempt):
        return "You foresaw it, and it came so: mastered. The access is back."
    if verdict is Verdict.PASSED and attempt.mode == Mode.UNDO:
        return "Undone. The task is open again, and so are those that rest on it."
    return _ENDINGS[verdict]


def _keep_result(attempt: Attempt) -> None:
    """What is done stays done, until it is undone: then the task and those that rest on it are open again. The hints
    that were seen stay seen.

    Cleaning up is no task to be done, and takes nothing from what the student has done: its attempts are the receipt.
    """
    if cleans_up(attempt):
        return
    if attempt.mode != Mode.UNDO:
        complete(attempt.session_id, attempt.task_id, attempt.pk)
        return
    task = task_for(attempt)
    results = TaskResult.objects.filter(session=attempt.session, task_id__in=(task.id, *task.undo_reopens))
    results.update(completed_at=None, completed_by=None, provenance="", portal_changed=False, portal_repaired=False)


def _finish(claim: Claim, state: Attempt.State, text: str, **changes: str | int) -> None:
    with writing():
        claim.end(state=state, **changes)
        claim.attempt.state = state
        tell(claim.attempt, Line(AttemptEvent.Kind.ENDED, text))


def _goes_on_putting_back(claim: Claim, why: Attempt.State) -> bool:
    """Whether the attempt has taken away what must not stay away. Putting that back is all it does from now on, once:
    a later cancellation changes nothing about it, and being lost or failing on that, too, is the end."""
    attempt = claim.attempt
    attempt.refresh_from_db(fields=["progress"])
    before = Progress(**attempt.progress)
    progress = ending(course_for(attempt), before, why.value)
    if progress is None or (before.ending and why is not Attempt.State.CANCELLED):
        return False
    attempt.progress, attempt.cancel_requested, attempt.failures = asdict(progress), False, 0
    claim.write(progress=attempt.progress, cancel_requested=False, failures=0)
    return True


_CUT_SHORT = {
    Attempt.State.CANCELLED: "You cancelled this.",
    Attempt.State.LOST: "The portal lost this attempt several times and gave up. That is our fault; please try again.",
    Attempt.State.FINISHED: "The portal failed on this, and trying again did not help. That is our fault, not yours.",
}
_PROBLEMS = {Attempt.State.LOST: "lost", Attempt.State.FINISHED: "portal_failed"}


def _end_before_its_time(recorder: DatabaseRecorder, progress: Progress) -> None:
    why = Attempt.State(progress.ending)
    back = "What was taken away is put back."
    if progress.gave_up:
        back = "What was taken away could not be put back: the line above says why."
    verdict = Verdict.COULD_NOT_TELL.value if why in _PROBLEMS else ""
    words = f"{_CUT_SHORT[why]} {back}"
    with writing():
        recorder.end(progress, words, state=why, verdict=verdict, problem=_PROBLEMS.get(why, ""))


def _end_as_cancelled(claim: Claim) -> None:
    _finish(claim, Attempt.State.CANCELLED, "You cancelled this. What was already done stays.")


def _give_up_as_lost(claim: Claim) -> None:
    text, problem = _CUT_SHORT[Attempt.State.LOST], _PROBLEMS[Attempt.State.LOST]
    _finish(claim, Attempt.State.LOST, text, verdict=Verdict.COULD_NOT_TELL.value, problem=problem)


def _own_fault(claim: Claim) -> None:
    failures = claim.attempt.failures + 1
    if failures >= MAX_FAILURES and _goes_on_putting_back(claim, Attempt.State.FINISHED):
        failures = 0
    if failures >= MAX_FAILURES:
        _finish(
            claim,
            Attempt.State.FINISHED,
            _CUT_SHORT[Attempt.State.FINISHED],
            verdict=Verdict.COULD_NOT_TELL.value,
            problem=_PROBLEMS[Attempt.State.FINISHED],
            failures=failures,
        )
        return
    with writing():
        waits = claim.wait(due_at=Now() + FAILURE_WAIT, failures=failures)
        if waits:
            claim.attempt.state = Attempt.State.WAITING
            tell(
                claim.attempt,
                Line(AttemptEvent.Kind.TROUBLE, _FAULT_TEXT),
            )
    if not waits and not _waits_to_put_back(claim):
        _end_as_cancelled(claim)


def _waits_to_put_back(claim: Claim) -> bool:
    """Cancelled, after the portal has failed on it: what must not stay away is put back when it is tried again."""
    goes_on = _goes_on_putting_back(claim, Attempt.State.CANCELLED)
    return goes_on and claim.wait(due_at=Now() + FAILURE_WAIT)
