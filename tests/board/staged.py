"""Students as the follower would leave them: standings in any state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from labportal.board.need import Need, rule_of
from labportal.board.why import Why, why_of
from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from labportal.standings.models import Standing, TaskStanding
from tests.classes.school import member
from tests.portal.walks import LAB

NOW = timezone.now()
AT = {"task_id": "grant-access", "number": 3, "done": 3}
STOPPED: dict[str, Any] = {
    **AT,
    "state": "finished",
    "verdict": "not_yet",
    "check_id": "policy-rights",
    "reason": "policy_without_get",
    "failures": 1,
    "tries": 1,
}


def placed(lab_class: LabClass, name: str, **fields: Any) -> Membership:
    """A student who has begun and was seen a minute ago, unless ``fields`` of their standing say otherwise."""
    one = member(lab_class, name)
    begun = {"begun_at": ago(60), "last_at": ago(1), "touched": False, **AT}
    Standing.objects.filter(memberships=one).update(**begun | fields)
    return one


def finished(lab_class: LabClass, name: str, seconds: int = 300, **fields: Any) -> Membership:
    """A student who has done every task, each in ``seconds``."""
    all_done = {"task_id": "", "number": 0, "done": len(LAB.tasks), "complete_at": ago(5)}
    one = placed(lab_class, name, **all_done | fields)
    for task in LAB.tasks:
        at_task(one, task.id, provenance="student", done_at=ago(5), seconds=seconds)
    return one


def at_task(one: Membership, task_id: str, **fields: Any) -> TaskStanding:
    number = LAB.task(task_id).number
    assert one.standing is not None
    return TaskStanding.objects.create(standing=one.standing, task_id=task_id, number=number, **fields)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def told(one: Membership, now: datetime = NOW) -> tuple[Need, Why]:
    """What the board says of a student."""
    rule = rule_of(one.lab_class, now)
    student = rule.classify(students_of(one.lab_class)).get(pk=one.pk)
    need = Need(student.need)  # type: ignore[attr-defined]  # annotated
    return need, why_of(rule, need, student.standing)
