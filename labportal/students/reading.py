"""What those who teach read about one student: where they stand, what they tried, what they asked, what was said."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, When

from labportal.accounts.class_access import Seat, walk_of
from labportal.board.words import FOUND, NOT_TRIED, meaning_of
from labportal.classes.models import Membership
from labportal.labs.attempts import AttemptView, attempt_view
from labportal.labs.badges import Badge
from labportal.labs.models import LabSession
from labportal.labs.offers import Offers
from labportal.labs.pages import HistoryPage, Place, history_of, place_of
from labportal.labs.standing import Step, Steps, steps_of
from labportal.results.ways import way_of
from labportal.runs.models import Attempt, TaskResult
from labportal.standings.models import TaskStanding
from labportal.support.models import Hand, Note, Receipt
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from steps.registry import LABS

_NOT_TRIED = Badge(NOT_TRIED, "todo", "circle")
LATELY = 20
"""Hands, messages and notes on the page, the newest of each."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task: the badge the student sees, but where only an instructor's check has looked; how it was done in the
    words of those who teach; and what it took."""

    step: Step
    badge: Badge
    how: str
    found: str  # "" where a check of their own found it done, and while it is open
    tries: int
    first_try: bool | None
    hints: int
    seconds: int
    own_only: bool  # opened for them to do anew: no check of an instructor's closes it
    held_by: str  # what the latest look found first, in the words of whoever counts causes; "" for nothing


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk as it stands now. ``latest`` is the newest attempt at the task that is looked at, with what it found."""

    place: Place
    steps: Steps
    tasks: tuple[TaskRow, ...]
    latest: AttemptView | None
    history: HistoryPage

    @property
    def active(self) -> bool:
        challenge = self.steps.challenge
        return self.steps.active or (challenge is not None and challenge.active)


@dataclass(frozen=True, slots=True)
class Asked:
    hand: Hand
    task: Task


@dataclass(frozen=True, slots=True)
class StudentPage:
    """``walked`` is None before the student has begun."""

    student: Membership
    walked: Walked | None
    hands: tuple[Asked, ...]
    told: tuple[Receipt, ...]
    notes: tuple[Note, ...]

    @property
    def hand_up(self) -> Asked | None:
        return next((one for one in self.hands if one.hand.lowered_at is None), None)


def student_page(seat: Seat, student: Membership, page_number: str | None, task_id: str = "") -> StudentPage:
    """``task_id`` is the task whose latest attempt is shown: "" for the one the student is at. The same number of
    queries however much has happened."""
    session = walk_of(student)
    hands = Hand.objects.filter(user=student.user, lab_id=seat.lab.id, session__ended_at=None).order_by("-pk")
    receipts = Receipt.objects.filter(user=student.user, message__lab_class=seat.lab_class)
    notes = Note.objects.filter(lab_class=seat.lab_class, about=student.user)
    return StudentPage(
        student=student,
        walked=_walked(student, session, page_number, task_id) if session else None,
        hands=tuple(Asked(hand, seat.lab.task(hand.task_id)) for hand in hands[:LATELY]),
        told=tuple(receipts.select_related("message").order_by("-id")[:LATELY]),
        notes=tuple(notes[:LATELY]),
    )


def _walked(student: Membership, session: LabSession, page_number: str | None, task_id: str) -> Walked:
    steps = steps_of(session)
    rows = {one.task_id: one for one in TaskStanding.objects.filter(standing=student.standing_id)}
    anew = set(TaskResult.objects.filter(session=session, own_only=True).values_list("task_id", flat=True))
    attempts = Attempt.objects.filter(session=session).select_related("session__connection")
    newest = _of_interest(attempts, task_id or (student.standing.task_id if student.standing else ""))
    return Walked(
        place=place_of(session),
        steps=steps,
        tasks=tuple(_row(session, step, rows.get(step.id), own_only=step.id in anew) for step in steps.all),
        latest=attempt_view(newest, Offers(LABS[session.lab_id], session.names, shown=None)) if newest else None,
        history=history_of(session, page_number),
    )


def _of_interest(attempts: QuerySet[Attempt], task_id: str) -> Attempt | None:
    """The newest at that task, or of all where there is none: a look at all tasks ends with the last of them, which is
    seldom where the student is held."""
    at_task = Case(When(task_id=task_id, then=0), default=1, output_field=IntegerField())
    return attempts.order_by(at_task, "-id").first()


def _row(session: LabSession, step: Step, row: TaskStanding | None, *, own_only: bool) -> TaskRow:
    if row is None:
        return TaskRow(step, step.badge, "", "", 0, None, 0, 0, own_only, "")
    way = way_of(row.provenance, row.hints) if step.done else None  # the row may be of a moment ago
    not_tried = row.verdict == Verdict.NOT_YET and not (row.tries or step.active or step.done or step.reopened)
    return TaskRow(
        step=step,
        badge=_NOT_TRIED if not_tried else step.badge,
        how=way.words if way else "",
        found=FOUND if way and row.on_behalf else "",
        tries=row.tries,
        first_try=row.first_try,
        hints=row.hints,
        seconds=row.seconds,
        own_only=own_only,
        held_by=meaning_of(LABS[session.lab_id], row.verdict, row.reason) if row.verdict else "",
    )
