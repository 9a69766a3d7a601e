"""From the timeline to the standings, and from there to the boards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from labportal.classes.models import LabClass
from labportal.labs.models import LabSession
from labportal.labs.services import start_over
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.runs.services import count_hints
from labportal.standings.follower import Follower, rebuild
from labportal.standings.models import Followed, Standing, TaskStanding, Trip
from labportal.standings.services import hand_raised, touch
from steps.kit.verdict import Verdict
from tests.classes.school import a_class, follow, member, student
from tests.portal import walks

pytestmark = pytest.mark.django_db
Heard = list[tuple[int, dict[str, Any]]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What the boards are told: class and message."""
    told: Heard = []
    monkeypatch.setattr("labportal.standings.follower.publish_to_class", lambda *message: told.append(message))
    return told


@pytest.fixture
def lab_class(heard: Heard) -> LabClass:
    return a_class()


def failed(session: Any, **more: Any) -> Attempt:
    attempt = walks.attempt(session, walks.LAB.tasks[0], verdict=Verdict.NOT_YET, **more)
    attempt.evidence.create(check_id="vm", position=0, title="The VM", verdict="not_yet", reason="vm_missing")
    return attempt


def test_what_a_student_does_is_in_their_standing(lab_class: LabClass, heard: Heard) -> None:
    one, session = student(lab_class, "ada")
    follow()
    heard.clear()
    attempt = failed(session)
    assert follow() == 1
    standing = Standing.objects.get(memberships=one)
    assert (standing.session, standing.attempt_id, standing.reason) == (session, attempt.pk, "vm_missing")
    assert TaskStanding.objects.get(standing=standing).tries == 1
    assert Trip.objects.get(standing=standing).times == 1
    assert heard == [(lab_class.pk, {"members": [one.pk]})]


def test_who_is_in_no_class_has_no_standing(lab_class: LabClass, heard: Heard) -> None:
    failed(walks.ready_session(walks.person("eve")))
    assert follow() == 0
    assert heard == []
    assert not Standing.objects.exists()


def test_a_student_of_two_classes_is_told_of_in_both(lab_class: LabClass, heard: Heard) -> None:
    one, session = student(lab_class, "ada")
    other = a_class("Tuesday group")
    second = member(other, one.user)
    follow()
    heard.clear()
    failed(session)
    follow()
    assert sorted(heard) == [(lab_class.pk, {"members": [one.pk]}), (other.pk, {"members": [second.pk]})]


def test_nothing_new_is_nothing_to_do(lab_class: LabClass, heard: Heard) -> None:
    _, session = student(lab_class, "ada")
    failed(session)
    follower = Follower()
    assert follower.turn() == 1
    heard.clear()
    assert follower.turn() == 0
    assert heard == []


def test_a_row_that_is_seen_after_a_higher_one_is_not_passed_over(lab_class: LabClass) -> None:
    """As on PostgreSQL, where keys are given before their transactions end."""
    _, session = student(lab_class, "ada")
    later, other = walks.attempt(session, walks.TASK), student(lab_class, "ben")[1]
    follower = Follower()
    follower.turn()
    newest = later.events.get().pk
    AttemptEvent.objects.filter(pk=newest).update(id=newest + 50)
    AttemptEvent.objects.create(pk=newest + 100, attempt=later, kind="ended", text="")
    follower.turn()
    late = failed(other)
    late.events.update(id=newest + 60)
    assert follower.turn() == 1
    assert Standing.objects.get(user=other.user).reason == "vm_missing"


def test_a_follower_goes_on_where_the_last_one_was(lab_class: LabClass) -> None:
    _, session = student(lab_class, "ada")
    failed(session)
    follow()
    assert Followed.objects.get().event_id == AttemptEvent.objects.latest("pk").pk
    failed(session)
    follow()
    assert Standing.objects.get().failures == 2


def test_what_no_attempt_tells_of_is_asked_for(lab_class: LabClass) -> None:
    one, session = student(lab_class, "ada")
    failed(session)
    follow()
    follower = Follower()
    follower.turn()
    TaskResult.objects.create(session=session, task_id=walks.LAB.tasks[0].id, hints_seen=2)
    touch(one.user_id, lab_class.lab_id)
    assert follower.turn() == 1
    assert Standing.objects.get().hints == 2
    assert not Standing.objects.get().touched


def test_starting_over_begins_anew_on_the_board(lab_class: LabClass) -> None:
    one, session = student(lab_class, "ada")
    failed(session)
    follow()
    assert start_over(session)
    touch(one.user_id, lab_class.lab_id)
    follow()
    standing = Standing.objects.get()
    assert standing.session is not None
    assert standing.session != session
    assert (standing.tries, standing.reason, standing.tasks.count(), standing.trips.count()) == (0, "", 0, 0)


def test_rebuilding_makes_the_same_again(lab_class: LabClass) -> None:
    for name in ("ada", "ben"):
        failed(student(lab_class, name)[1])
    follow()
    before = list(Standing.objects.order_by("pk").values())
    Standing.objects.update(reason="", tries=9, done=3)
    assert rebuild() == 2
    assert list(Standing.objects.order_by("pk").values()) == before


def test_many_cost_no_more_queries_than_one(lab_class: LabClass) -> None:
    failed(student(lab_class, "ada")[1])
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        follow()
    for number in range(20):
        failed(student(lab_class, f"student-{number}")[1])
    with CaptureQueriesContext(connection) as for_many:
        assert follow() == 21
    assert len(for_many) <= len(for_one) + 1


def test_a_hint_and_a_hand_are_signs_of_life(lab_class: LabClass) -> None:
    one, session = student(lab_class, "ada")
    LabSession.objects.filter(pk=session.pk).update(started_at=timezone.now() - timedelta(hours=1))
    follow()
    begun = Standing.objects.get().last_at
    count_hints(session, walks.LAB.tasks[0].id, 1)
    follow()
    hinted = Standing.objects.get().last_at
    assert begun is not None
    assert hinted is not None
    assert hinted > begun + timedelta(minutes=59)
    raised = timezone.now() + timedelta(minutes=5)
    hand_raised(one.user_id, lab_class.lab_id, raised)
    follow()
    assert Standing.objects.get().last_at == raised
    hand_raised(one.user_id, lab_class.lab_id, None)
    touch(one.user_id, lab_class.lab_id)
    follow()
    assert Standing.objects.get().last_at == raised
    rebuild()
    assert Standing.objects.get().last_at == raised
