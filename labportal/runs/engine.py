"""One sitting of an attempt in a worker: claim, move forward, store where it stands, leave.

What the sitting came to is stored by ``outcomes``; what ends before its time is ended by ``cut_short``.
Nothing here sleeps. Azure's long-running operations and everything that has to wait end the
sitting with a time to come back; the sweeper sees to it.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import Error, InterfaceError, InternalError, OperationalError, close_old_connections

from labportal.connections import services as connections
from labportal.connections.azure import azure_of
from labportal.ledger.calls import Calls
from labportal.runs.claims import CancelRequested, Claim, LostClaim, take
from labportal.runs.courses import course_for
from labportal.runs.cut_short import (
    MAX_CLAIMS,
    end_as_cancelled,
    end_as_lost,
    end_or_retry_after_own_fault,
    goes_on_putting_back,
)
from labportal.runs.deeds import of_walk
from labportal.runs.leases import kept
from labportal.runs.leash import leashed
from labportal.runs.models import Attempt
from labportal.runs.outcomes import settle
from labportal.runs.recorder import DatabaseRecorder
from labportal.runs.services import wake
from labportal.runs.together import Company
from labportal.runs.turns import PAUSE, WAITS, must_wait
from steps.kit.course import Mode
from steps.kit.progress import Progress
from steps.kit.runner import advance
from steps.kit.task import Context

log = logging.getLogger(__name__)

_DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)
"""The others say that it did not like what we wrote: that fault is ours, and trying for ever would not mend it."""

_looks = ThreadPoolExecutor(max_workers=64, thread_name_prefix="look")
_sittings = ThreadPoolExecutor(max_workers=64, thread_name_prefix="sitting")


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
        if attempt.claims > MAX_CLAIMS and not goes_on_putting_back(claim, Attempt.State.LOST):
            end_as_lost(claim)
        else:
            _sitting(claim, company)
    except CancelRequested:
        if goes_on_putting_back(claim, Attempt.State.CANCELLED):
            _sitting_or_fault(claim, company)  # the same attempt, with nothing but that left to do
        else:
            end_as_cancelled(claim)
    except (LostClaim, *_DATABASE_AWAY):
        raise
    except Exception:  # the portal's own fault: logged here, told to the student, tried again
        log.exception("attempt %s: the portal failed", attempt.pk)
        end_or_retry_after_own_fault(claim)


def _sitting(claim: Claim, company: Company | None) -> None:
    attempt = claim.attempt
    course = course_for(attempt)
    progress = Progress(**attempt.progress)
    calls = Calls(attempt)
    recorder = DatabaseRecorder(claim, course, calls)
    if must_wait(attempt, progress):
        _wait_for_turn(claim, recorder, progress)
        return
    try:
        ctx = _context(claim, progress, company, calls)
        settle(claim, recorder, advance(course, ctx, progress, recorder, _looks))
    finally:
        calls.close()


def _wait_for_turn(claim: Claim, recorder: DatabaseRecorder, progress: Progress) -> None:
    if not claim.attempt.events.filter(step_id=WAITS).exists():
        recorder.waiting(WAITS, "This begins when what the portal is doing in this walk has ended.", (), PAUSE)
    recorder.wait(progress, PAUSE)


def _context(claim: Claim, progress: Progress, company: Company | None, calls: Calls) -> Context:
    attempt = claim.attempt
    session = attempt.session
    deeds = of_walk(attempt)
    azure = azure_of(session.connection, may_write=attempt.mode != Mode.VALIDATE, heard=calls.hear)
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
