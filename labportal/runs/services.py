"""What a person can do to attempts: the only writer from the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.jobs import RUN_ATTEMPT, enqueue
from labportal.labs.models import LabSession
from labportal.runs.courses import cleans_up, course_for, is_challenge
from labportal.runs.models import ACTIVE, Attempt, AttemptEvent, TaskResult
from labportal.runs.outbox import Line, tell
from labportal.standings.services import seen
from labportal.writes import writing
from steps.kit.course import Mode
from steps.kit.progress import Progress
from steps.kit.runner import ending

_IDLE = (Attempt.State.QUEUED, Attempt.State.WAITING)
_QUEUED_TEXT = {
    Mode.VALIDATE: "You asked for a check.",
    Mode.CARRY_OUT: "You asked the portal to carry this out.",
    Mode.REPAIR: "You asked the portal to mend this.",
    Mode.UNDO: "You asked the portal to undo this.",
}


def _queued_text(attempt: Attempt) -> str:
    if attempt.on_behalf:
        return "Your instructor asked for a check."
    if is_challenge(attempt):
        return "You took the challenge."
    if cleans_up(attempt) and attempt.mode == Mode.CARRY_OUT:
        return "You asked the portal to clean up."
    return _QUEUED_TEXT[Mode(attempt.mode)]


@dataclass(frozen=True, slots=True)
class Started:
    """``joined`` is True when another attempt at this task was under way and nothing new began."""

    attempt: Attempt
    joined: bool


def start(
    session: LabSession,
    task_id: str,
    mode: Mode,
    answers: dict[str, str],
    remedy: str = "",
    *,
    asked_by: User | None = None,
) -> Started:
    """Begins an attempt, or joins the one under way and has it looked at now.

    ``answers`` must already be what ``Ask.keep`` left; ``remedy`` is what a repair is to do. ``asked_by`` is the
    instructor who wants it, for a check on the student's behalf. The student's own click joins none of those that
    could still wait: it takes the place, with what the student has answered now.
    The caller has checked who may do this. Raises IntegrityError when the session is gone.
    """
    for last in (False, False, False, True):
        try:
            return Started(_begin(session, mode, {task_id: answers}, remedy, asked_by)[0], joined=False)
        except IntegrityError:  # the unique constraint: a second click or another tab was first
            if last:
                raise
        running = Attempt.objects.filter(session=session, task_id=task_id, state__in=ACTIVE).first()
        if running is not None and not _makes_room(running, asked_by):
            check_now(running)
            return Started(running, joined=True)
        # It ended between the two statements, or made room: this click is the first again.
    raise AssertionError("the last try returns or raises")


def check_all(
    session: LabSession, answers: Mapping[str, dict[str, str]], *, asked_by: User | None = None
) -> list[Attempt]:
    """Begins a check of each task in ``answers`` (by task id), all of them side by side in one worker.

    A task that is under way already is looked at now, and is not among what is answered. Otherwise as ``start``.
    """
    for last in (False, False, False, True):
        active = Attempt.objects.filter(session=session, state__in=ACTIVE)
        under_way = {one.task_id: one for one in active if not _makes_room(one, asked_by)}
        new = {key: kept for key, kept in answers.items() if key not in under_way}
        try:
            begun = _begin(session, Mode.VALIDATE, new, asked_by=asked_by)
        except IntegrityError:  # another click was between
            if last:
                raise
            continue
        for attempt in under_way.values():
            check_now(attempt)
        return begun
    raise AssertionError("the last try returns or raises")


def _makes_room(attempt: Attempt, asked_by: User | None) -> bool:
    """What an instructor asked for, and no worker is at, ends for the student's own click."""
    return attempt.on_behalf and asked_by is None and _end_idle(attempt, "You asked yourself: this made room for that.")


def _begin(
    session: LabSession,
    mode: Mode,
    answers: Mapping[str, dict[str, str]],
    remedy: str = "",
    asked_by: User | None = None,
) -> list[Attempt]:
    """All or none of them, and one message for all. Raises IntegrityError when one is under way."""
    with writing():
        attempts = [
            Attempt.objects.create(
                session=session,
                task_id=task_id,
                mode=mode.value,
                remedy=remedy,
                answers=kept,
                on_behalf=asked_by is not None,
                asked_by=asked_by,
                progress=asdict(Progress()),
                due_at=Now(),
                enqueued_at=Now(),
            )
            for task_id, kept in answers.items()
        ]
        for attempt in attempts:
            tell(attempt, Line(AttemptEvent.Kind.QUEUED, _queued_text(attempt)))
        if attempts:
            transaction.on_commit(partial(enqueue, RUN_ATTEMPT, *(attempt.pk for attempt in attempts)))
    return attempts


def cancel(attempt: Attempt) -> None:
    """A waiting or queued attempt ends now; a running one at its worker's next step. Harmless afterwards.

    One that has taken away what must not stay away ends when a worker has put that back.
    """
    with writing():
        # Asked for first: that holds the row, so a worker that is about to let it wait cannot slip in between.
        Attempt.objects.filter(pk=attempt.pk, state__in=ACTIVE).update(cancel_requested=True)
        attempt.refresh_from_db(fields=["progress"])
        if _has_to_put_back(attempt):
            idle = Attempt.objects.filter(pk=attempt.pk, state__in=_IDLE)
            if idle.update(due_at=Now(), enqueued_at=Now()):
                transaction.on_commit(partial(enqueue, RUN_ATTEMPT, attempt.pk))
            return
        words = "You cancelled this."
        if attempt.state == Attempt.State.WAITING and attempt.mode != Mode.VALIDATE:
            words += " What Azure had begun for it may go on there: a check shows what came of it."
        _end_idle(attempt, words)


def call_off(attempt: Attempt) -> bool:
    """Ends a check that an instructor asked for, if no worker is at it. False where it goes on, or is the student's."""
    return attempt.on_behalf and _end_idle(attempt, "Your instructor called this off.")


def _end_idle(attempt: Attempt, words: str) -> bool:
    """False where a worker is at it, or it has ended."""
    with writing():
        idle = Attempt.objects.filter(pk=attempt.pk, state__in=_IDLE)
        ended = idle.update(state=Attempt.State.CANCELLED, due_at=None, finished_at=Now())
        if ended:
            attempt.state = Attempt.State.CANCELLED
            tell(attempt, Line(AttemptEvent.Kind.ENDED, words))
    return bool(ended)


def _has_to_put_back(attempt: Attempt) -> bool:
    progress = Progress(**attempt.progress)
    return progress != Progress() and ending(course_for(attempt), progress, "cancelled") is not None


def check_now(attempt: Attempt) -> None:
    """A waiting attempt is looked at at once. A queued or running one already is."""
    with writing():
        waiting = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.WAITING)
        if waiting.update(due_at=Now(), enqueued_at=Now()):
            transaction.on_commit(partial(enqueue, RUN_ATTEMPT, attempt.pk))


def wake(connection_id: int) -> None:
    """What waits for a connection is looked at now: it has just become ready. Harmless otherwise."""
    waiting = Attempt.objects.filter(
        session__connection=connection_id,
        session__connection__state=Connection.State.READY,
        state=Attempt.State.WAITING,
    )
    for attempt in waiting:
        check_now(attempt)


def count_hints(session: LabSession, task_id: str, shown: int) -> None:
    """Keeps how many hints were shown before the task was done; what is shown afterwards does not count."""
    with writing():
        TaskResult.objects.get_or_create(session=session, task_id=task_id)
        still_open = TaskResult.objects.filter(session=session, task_id=task_id, completed_at=None)
        still_open.filter(hints_seen__lt=shown).update(hints_seen=shown)
        seen(session.user_id, session.lab_id)


def reopen(session: LabSession, task_id: str, *, anew: bool) -> bool:
    """A task that is done is open again. Nothing in Azure is touched; the hints that were seen stay counted, and so
    does what the portal did there, for it is still there. False while something is under way at the task, and for one
    that is not done.

    Done again, it counts from when it was done first, and by what; ``anew``: from then on, and only the student's own
    attempt completes it, for what made it done is still there for anybody's check to find.
    """
    active = Attempt.objects.filter(session=OuterRef("session"), task_id=OuterRef("task_id"), state__in=ACTIVE)
    done = TaskResult.objects.filter(~Exists(active), session=session, task_id=task_id, completed_at__isnull=False)
    with writing():
        kept = {"completed_by": None} if anew else {"counts_from": F("completed_at")}
        return bool(done.update(completed_at=None, provenance="", own_only=anew, **kept))
