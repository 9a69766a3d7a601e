"""Students who check themselves go first, and Azure is not flooded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from labportal.classes.models import LabClass, Membership
from labportal.labs.models import LabSession
from labportal.rounds import services
from labportal.rounds.conductor import turn
from labportal.rounds.pacing import room
from labportal.runs.models import Attempt
from tests.classes.school import student
from tests.portal import walks
from tests.rounds.going import entries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def eight_at_once(settings: Any) -> None:
    settings.ROUND_STUDENTS_AT_ONCE = 8


def busy(session: LabSession, state: str = "running", **more: Any) -> Attempt:
    return walks.attempt(session, state=walks.State(state), **more)


def throttled(session: LabSession, seconds: float = 20) -> Attempt:
    attempt = busy(session, "waiting", due_at=timezone.now() + timedelta(seconds=seconds))
    attempt.evidence.create(check_id="a", position=0, title="A", verdict="could_not_tell", reason="throttled")
    return attempt


def sessions(lab_class: LabClass, number: int) -> list[LabSession]:
    return [student(lab_class, f"student-{at}")[1] for at in range(number)]


def test_an_idle_portal_has_room_for_all_that_may(lab_class: LabClass) -> None:
    assert room().free == 8


def test_who_is_at_work_takes_a_place_whoever_asked(lab_class: LabClass) -> None:
    ada, ben, cleo = sessions(lab_class, 3)
    busy(ada)
    busy(ada, task=walks.LAB.tasks[2])
    busy(ben, "queued", on_behalf=True)
    busy(cleo, "waiting")
    assert room().free == 6


def test_among_many_who_work_a_round_goes_on_one_by_one(lab_class: LabClass) -> None:
    *many, last = sessions(lab_class, 11)
    for session in many:
        busy(session)
    assert room().free == 1
    busy(last, on_behalf=True)
    assert room().free == 0


def test_a_student_who_waits_for_a_worker_goes_before_everybody(lab_class: LabClass) -> None:
    (ada,) = sessions(lab_class, 1)
    attempt = busy(ada, "queued")
    assert room().free == 7
    Attempt.objects.filter(pk=attempt.pk).update(created_at=timezone.now() - timedelta(seconds=2))
    assert (room().free, room().crowded) == (0, True)


def test_rounds_pause_while_azure_asks_several_for_fewer_requests(lab_class: LabClass) -> None:
    ada, ben = sessions(lab_class, 2)
    throttled(ada, 20)
    assert (room().free, room().paused_until) == (8, None)
    last = throttled(ben, 40)
    assert (room().free, room().paused_until) == (0, last.due_at)


def test_the_pause_ends_by_itself(lab_class: LabClass) -> None:
    for session in sessions(lab_class, 2):
        throttled(session, -1)
    assert room().free == 8


def test_a_pause_of_one_class_is_kept_by_every_round(lab_class: LabClass, teacher: Membership) -> None:
    for session in sessions(lab_class, 2):
        throttled(session)
    the_round = services.begin_now(teacher.user, lab_class)[0]
    turn()
    assert set(entries(the_round).values()) == {"to_do"}
    Attempt.objects.update(due_at=timezone.now())
    turn()
    assert set(entries(the_round).values()) == {"under_way"}
