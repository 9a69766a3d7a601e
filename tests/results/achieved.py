"""Standings as the follower would have written them: what students have achieved, with times of our choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from labportal.classes.models import LabClass, Membership
from labportal.runs.models import TaskResult
from labportal.standings.models import Standing, TaskStanding, Trip
from labportal.standings.services import standing_of
from steps.kit.task import Task
from tests.classes.school import member
from tests.portal.walks import LAB, person

BEGAN = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
By = TaskResult.Provenance


def learner(lab_class: LabClass, username: str, **more: Any) -> Membership:
    """Somebody new in the class, with a standing that says nothing yet."""
    user = person(username)
    return member(lab_class, user, standing=standing_of(user, lab_class.lab_id), **more)


def standing_key(one: Membership) -> int:
    assert one.standing_id is not None
    return one.standing_id


def begun(one: Membership, **fields: Any) -> Standing:
    Standing.objects.filter(pk=standing_key(one)).update(**{"begun_at": BEGAN, "last_at": BEGAN} | fields)
    return Standing.objects.get(pk=standing_key(one))


def done(one: Membership, task: Task, after: timedelta, **more: Any) -> TaskStanding:
    """``after``: how long after the beginning."""
    fields = {"state": "finished", "provenance": By.STUDENT, "tries": 1, "first_try": True, "seconds": 90}
    return TaskStanding.objects.create(
        standing_id=standing_key(one), task_id=task.id, number=task.number, done_at=BEGAN + after, **fields | more
    )


def open_task(one: Membership, task: Task, **more: Any) -> TaskStanding:
    fields = {"state": "finished", "verdict": "not_yet", "tries": 2, "first_try": False}
    return TaskStanding.objects.create(
        standing_id=standing_key(one), task_id=task.id, number=task.number, **fields | more
    )


def trip(one: Membership, task: Task, reason: str, times: int = 1) -> Trip:
    return Trip.objects.create(
        standing_id=standing_key(one), task_id=task.id, check_id=task.checks[0].id, reason=reason, times=times
    )


def crowd(lab_class: LabClass, number: int, begin: int = 0) -> list[Membership]:
    """So many, who have each done the first task and were stopped at the second."""
    made = [learner(lab_class, f"student-{place}") for place in range(begin, begin + number)]
    for one in made:
        begun(one, done=1, task_id=LAB.tasks[1].id, verdict="not_yet", check_id="vault-exists", reason="vault_missing")
        done(one, LAB.tasks[0], timedelta(minutes=3))
        open_task(one, LAB.tasks[1], check_id="vault-exists", reason="vault_missing")
        trip(one, LAB.tasks[1], "vault_missing", 2)
    return made
