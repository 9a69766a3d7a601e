"""The raised hands of a class, first come first served, with what an instructor wants to know before going there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labportal.accounts.class_access import Seat
from labportal.board.words import meaning_of
from labportal.classes.models import Membership
from labportal.classes.roll import students_of
from labportal.labs.badges import Badge, verdict_badge
from labportal.standings.models import TaskStanding
from labportal.support.models import Hand
from steps.kit.task import Task

SHOWN = 60
"""Hands on the page; so many up at once, the first of them is who matters."""
AtTasks = dict[tuple[int | None, str], TaskStanding]
"""By standing and task."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the student stands with the task that the hand is about: what the latest look found there, "" for nothing
    open. ``in_a_row`` is how often their own looks ended with just this, ``seconds`` how long they worked at it."""

    badge: Badge | None
    meaning: str
    tries: int
    in_a_row: int
    seconds: int
    done: bool


@dataclass(frozen=True, slots=True)
class Raised:
    hand: Hand
    member: Membership
    task: Task
    context: Context | None  # None before anything has happened at the task

    @property
    def since(self) -> datetime:
        return self.hand.raised_at


@dataclass(frozen=True, slots=True)
class Queue:
    """``more`` than those are up."""

    waiting: tuple[Raised, ...]
    taken: tuple[Raised, ...]
    more: bool


def queue_of(seat: Seat) -> Queue:
    """Three queries. A hand that is up in a walk that has ended is none any more."""
    students = students_of(seat.lab_class)
    up = Hand.objects.filter(lab_id=seat.lab.id, lowered_at=None, session__ended_at=None)
    hands = list(up.filter(user__in=students.order_by().values("user")).order_by("pk")[: SHOWN + 1])
    members = {one.user_id: one for one in students.filter(user__in=[hand.user_id for hand in hands])}
    standings = TaskStanding.objects.filter(standing__in=[one.standing_id for one in members.values()])
    at_tasks: AtTasks = {(one.standing_id, one.task_id): one for one in standings}
    raised = [_raised(seat, hand, members[hand.user_id], at_tasks) for hand in hands[:SHOWN] if hand.user_id in members]
    return Queue(
        tuple(one for one in raised if one.hand.taken_at is None),
        tuple(one for one in raised if one.hand.taken_at is not None),
        more=len(hands) > SHOWN,
    )


def _raised(seat: Seat, hand: Hand, member: Membership, at_tasks: AtTasks) -> Raised:
    at_task = at_tasks.get((member.standing_id, hand.task_id))
    return Raised(hand, member, seat.lab.task(hand.task_id), _context(seat, member, at_task) if at_task else None)


def _context(seat: Seat, member: Membership, at_task: TaskStanding) -> Context:
    standing = member.standing
    here = standing is not None and standing.task_id == at_task.task_id
    return Context(
        badge=verdict_badge(at_task.verdict) if at_task.verdict else None,
        meaning=meaning_of(seat.lab, at_task.verdict, at_task.reason) if at_task.verdict else "",
        tries=at_task.tries,
        in_a_row=standing.failures if standing is not None and here else 0,
        seconds=at_task.seconds,
        done=at_task.done_at is not None,
    )
