"""Checks that an instructor asks for: told as theirs, and never in the way of the student's own."""

from __future__ import annotations

import pytest

from labportal.accounts.models import User
from labportal.jobs import RUN_ATTEMPT
from labportal.labs.models import LabSession
from labportal.runs import engine, services
from labportal.runs.models import Attempt, AttemptEvent
from steps.kit.course import Mode
from tests.runs.scripted import Wire


@pytest.fixture
def teacher(transactional_db: None) -> User:
    return User.objects.create_user("teacher")


def lines() -> list[str]:
    return list(AttemptEvent.objects.order_by("pk").values_list("text", flat=True))


def test_it_is_marked_and_told_as_the_instructor_s(session: LabSession, teacher: User) -> None:
    attempt = services.start(session, "task", Mode.VALIDATE, {"answer": "kept"}, asked_by=teacher).attempt
    assert (attempt.on_behalf, attempt.asked_by, attempt.answers) == (True, teacher, {"answer": "kept"})
    assert lines() == ["Your instructor asked for a check."]


def test_the_mark_stays_when_the_instructor_is_gone(session: LabSession, teacher: User) -> None:
    services.start(session, "task", Mode.VALIDATE, {}, asked_by=teacher)
    teacher.delete()
    attempt = Attempt.objects.get()
    assert (attempt.on_behalf, attempt.asked_by) == (True, None)


def test_a_check_of_all_tasks_is_marked_too(session: LabSession, teacher: User, wire: Wire) -> None:
    begun = services.check_all(session, {"task": {}, "second": {}}, asked_by=teacher)
    assert [attempt.on_behalf for attempt in begun] == [True, True]
    assert wire.enqueued == [(RUN_ATTEMPT, begun[0].pk, begun[1].pk)]


def test_it_joins_what_the_student_has_under_way(session: LabSession, teacher: User) -> None:
    own = services.start(session, "task", Mode.VALIDATE, {}).attempt
    started = services.start(session, "task", Mode.VALIDATE, {}, asked_by=teacher)
    assert (started.joined, started.attempt) == (True, own)
    assert not Attempt.objects.get().on_behalf


@pytest.mark.parametrize("state", ["queued", "waiting"])
def test_the_student_s_click_takes_its_place_with_what_they_answer_now(
    session: LabSession, teacher: User, state: str
) -> None:
    asked = services.start(session, "task", Mode.VALIDATE, {"output": "old"}, asked_by=teacher).attempt
    Attempt.objects.update(state=state)

    started = services.start(session, "task", Mode.VALIDATE, {"output": "new"})

    assert (started.joined, started.attempt.on_behalf, started.attempt.answers) == (False, False, {"output": "new"})
    asked.refresh_from_db()
    assert (asked.state, asked.due_at) == ("cancelled", None)
    assert lines()[1:] == ["You asked yourself: this made room for that.", "You asked for a check."]


def test_what_a_worker_is_at_is_joined(session: LabSession, teacher: User) -> None:
    asked = services.start(session, "task", Mode.VALIDATE, {}, asked_by=teacher).attempt
    Attempt.objects.update(state="running")
    started = services.start(session, "task", Mode.CARRY_OUT, {})
    assert (started.joined, started.attempt) == (True, asked)


def test_the_student_s_check_of_all_tasks_takes_the_place_of_those_that_could_wait(
    session: LabSession, teacher: User
) -> None:
    waits, runs = services.check_all(session, {"task": {}, "second": {}}, asked_by=teacher)
    Attempt.objects.filter(pk=runs.pk).update(state="running")
    begun = services.check_all(session, {"task": {}, "second": {}, "third": {}})
    assert [attempt.task_id for attempt in begun] == ["task", "third"]
    assert Attempt.objects.get(pk=waits.pk).state == "cancelled"


def test_another_instructor_takes_no_place(session: LabSession, teacher: User) -> None:
    first = services.start(session, "task", Mode.VALIDATE, {}, asked_by=teacher).attempt
    started = services.start(session, "task", Mode.VALIDATE, {}, asked_by=User.objects.create_user("other"))
    assert (started.joined, started.attempt) == (True, first)


def test_calling_off_ends_what_waits_and_nothing_else(session: LabSession, teacher: User) -> None:
    asked = services.start(session, "task", Mode.VALIDATE, {}, asked_by=teacher).attempt
    own = services.start(session, "second", Mode.VALIDATE, {}).attempt
    runs = services.start(session, "third", Mode.VALIDATE, {}, asked_by=teacher).attempt
    Attempt.objects.filter(pk=runs.pk).update(state="running")

    assert [services.call_off(one) for one in (asked, own, runs)] == [True, False, False]

    states = dict(Attempt.objects.values_list("pk", "state"))
    assert states == {asked.pk: "cancelled", own.pk: "queued", runs.pk: "running"}
    assert lines()[-1] == "Your instructor called this off."
    assert not Attempt.objects.get(pk=runs.pk).cancel_requested


def test_its_verdict_completes_the_task_as_the_student_s_work(session: LabSession, teacher: User) -> None:
    attempt = services.start(session, "task", Mode.VALIDATE, {}, asked_by=teacher).attempt
    engine.run(attempt.pk)
    result = session.results.get()
    assert (result.completed_by, result.provenance) == (attempt, "student")
