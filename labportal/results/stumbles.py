"""What stopped students most, over all their looks: also what they have long got over."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from labportal.board.words import meaning_of, task_name
from labportal.classes.models import LabClass, Membership
from labportal.standings.models import Trip
from steps.kit.lab import Lab
from steps.kit.verdict import Verdict

MOST = 25


@dataclass(frozen=True, slots=True)
class Stumble:
    """A check that stopped ``students`` of the class for the same reason, ``times`` times in all."""

    task: str
    check: str
    meaning: str
    students: int
    times: int


def stumbles_of(lab: Lab, lab_class: LabClass) -> tuple[Stumble, ...]:
    """Those that stopped most students first. One query."""
    students = Membership.objects.filter(lab_class=lab_class, role=Membership.Role.STUDENT)
    trips = Trip.objects.filter(standing__in=students.values("standing"))
    alike = trips.values("reason", "task_id", "check_id").annotate(students=Count("pk"), number=Sum("times"))
    most = alike.order_by("-students", "-number", "task_id", "check_id", "reason")[:MOST]
    return tuple(
        Stumble(
            task=task_name(lab, row["task_id"]),
            check=_check_title(lab, row["task_id"], row["check_id"]),
            meaning=meaning_of(lab, Verdict.NOT_YET, row["reason"]),
            students=row["students"],
            times=row["number"],
        )
        for row in most
    )


def _check_title(lab: Lab, task_id: str, check_id: str) -> str:
    """The id of a check that the lab does not have any more."""
    tasks = (task for task in lab.all_tasks if task.id == task_id)
    return next((check.title for task in tasks for check in task.checks if check.id == check_id), check_id)
