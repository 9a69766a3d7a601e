"""Points: what a class gives for each task, and what being late takes of it. No database here.

They tell what is done, not how: a task that the portal carried out is worth as much as one done alone, since how it was
done stands beside it, and a class that wants none of that does not allow it. Mastery gives no points unless the class
gives the challenge points of its own, and those are never part of the sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from labportal.classes.models import LabClass
from steps.kit.lab import Lab
from steps.kit.task import Task

FOR_A_TASK = 10
DAY = timedelta(days=1)
_CENT = Decimal("0.01")
_NONE, _ALL = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class Points:
    """What one task has brought. ``late`` is in days begun after the class's due time, 0 in time; ``lost`` is what
    that took of what the task is worth."""

    points: Decimal = _NONE
    late: int = 0
    lost: Decimal = _NONE


@dataclass(frozen=True, slots=True)
class Rules:
    """``worth``: points by task id, of the lab's tasks; ``challenge``: of the challenge, None where it brings none."""

    worth: Mapping[str, Decimal]
    challenge: Decimal | None
    late: str
    late_percent: int
    due_at: datetime | None

    @property
    def most(self) -> Decimal:
        """What all tasks are worth together; the challenge is apart."""
        return sum(self.worth.values(), _NONE)

    def days_late(self, done_at: datetime) -> int:
        """Days of 24 hours begun after the due time: what is done at that very moment is in time."""
        if self.due_at is None or done_at <= self.due_at:
            return 0
        return -((self.due_at - done_at) // DAY)

    def of_task(self, task_id: str, done_at: datetime | None) -> Points:
        """``done_at``: None while the task is open, which brings nothing. One that the lab does not have, neither."""
        return self._points(self.worth.get(task_id, _NONE), done_at)

    def of_challenge(self, mastered_at: datetime | None) -> Points:
        return self._points(self.challenge or _NONE, mastered_at)

    def total(self, done: Mapping[str, datetime | None]) -> Decimal:
        """The sum over the lab's tasks; ``done``: when each was done, by its id."""
        return sum((self.of_task(task, done.get(task)).points for task in self.worth), _NONE)

    def _points(self, worth: Decimal, done_at: datetime | None) -> Points:
        if done_at is None:
            return Points()
        days = self.days_late(done_at)
        points = (worth * self._percent_left(days) / 100).quantize(_CENT, ROUND_HALF_UP)
        return Points(points, days, worth - points)

    def _percent_left(self, days: int) -> Decimal:
        if days == 0 or self.late == LabClass.Late.FULL:
            return _ALL
        if self.late == LabClass.Late.NOTHING:
            return _NONE
        return max(_NONE, _ALL - days * self.late_percent)


def rules_of(lab_class: LabClass, lab: Lab) -> Rules:
    """What the class has set; where it has set nothing, ten points for each task but the preflight."""
    given = {task_id: Decimal(str(points)) for task_id, points in lab_class.points.items()}
    worth = {task.id: given.get(task.id, _NONE) if given else _usual(task) for task in lab.tasks}
    challenge = given.get(lab.challenge.id) if lab.challenge else None
    return Rules(worth, challenge or None, lab_class.late, lab_class.late_percent, lab_class.due_at)


def _usual(task: Task) -> Decimal:
    return Decimal(FOR_A_TASK if task.number else 0)
