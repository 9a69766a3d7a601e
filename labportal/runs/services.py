"""What a person can do to attempts: the only writer from the web."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from labportal.jobs import RUN_ATTEMPT, enqueue
from labportal.labs.models import LabSession
from labportal.runs.models import ACTIVE, Attempt, AttemptEvent
from labportal.runs.outbox import Line, tell
from labportal.writes import writing
from steps.kit.runner import Mode, Progress

_QUEUED_TEXT = {Mode.VALIDATE: "You asked for a check.", Mode.CARRY_OUT: "You asked the portal to carry this out."}


@dataclass(frozen=True, slots=True)
class Started:
    """``joined`` is True when another attempt at this task was under way and nothing new began."""

    attempt: Attempt
    joined: bool


def start(session: LabSession, task_id: str, mode: Mode, answers: dict[str, str]) -> Started:
    """Begins an attempt, or joins the one under way and has it looked at now.

    ``answers`` must already be what ``Ask.keep`` left. The caller has checked who may do this.
    """
    try:
        with writing():
            attempt = Attempt.objects.create(
                session=session,
                task_id=task_id,
                mode=mode.value,
                answers=answers,
                progress=asdict(Progress()),
                due_at=Now(),
                enqueued_at=Now(),
            )
            tell(attempt, Line(AttemptEvent.Kind.QUEUED, _QUEUED_TEXT[mode]))
            transaction.on_commit(partial(enqueue, RUN_ATTEMPT, attempt.pk))
    except IntegrityError:
        # The unique constraint: somebody (a second click, another tab) was first.
        running = Attempt.objects.filter(session=session, task_id=task_id, state__in=ACTIVE).order_by("-id").first()
        if running is None:  # it ended between the two statements: this click is the first again
            return start(session, task_id, mode, answers)
        check_now(running)
        return Started(running, joined=True)
    return Started(attempt, joined=False)


def cancel(attempt: Attempt) -> None:
    """A waiting or queued attempt ends now; a running one at its worker's next step. Harmless afterwards."""
    with writing():
        idle = Attempt.objects.filter(pk=attempt.pk, state__in=(Attempt.State.QUEUED, Attempt.State.WAITING))
        ended = idle.update(state=Attempt.State.CANCELLED, cancel_requested=True, due_at=None, finished_at=Now())
        if ended:
            attempt.state = Attempt.State.CANCELLED
            tell(attempt, Line(AttemptEvent.Kind.ENDED, "You cancelled this."))
        else:
            Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.RUNNING).update(cancel_requested=True)


def check_now(attempt: Attempt) -> None:
    """A waiting attempt is looked at at once. A queued or running one already is."""
    with writing():
        waiting = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.WAITING)
        if waiting.update(due_at=Now(), enqueued_at=Now()):
            transaction.on_commit(partial(enqueue, RUN_ATTEMPT, attempt.pk))
