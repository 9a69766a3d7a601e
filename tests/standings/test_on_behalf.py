"""A check that an instructor asked for: its verdict counts, and it is no try of the student's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.models import Attempt, TaskResult
from labportal.standings.making import made_of
from labportal.standings.models import Standing, TaskStanding, Trip
from labportal.standings.reading import WalkRows
from steps.kit.course import Mode
from tests.classes.school import a_class, follow, student
from tests.portal.walks import LAB, person
from tests.standings.test_making import BEGAN, ELSEWHERE, FIRST, MISSING, made, tried

if TYPE_CHECKING:
    from labportal.standings.making import Made
    from labportal.standings.reading import Obstacle, Tried


def asked(minute: float, *obstacles: Obstacle) -> Tried:
    return tried(minute, *obstacles, on_behalf=True)


def first_task(told: Made) -> TaskStanding:
    return next(one for one in told.tasks if one.task_id == FIRST)


def test_it_says_what_is_open() -> None:
    told = made(asked(1, MISSING))
    assert (told.fields["verdict"], told.fields["reason"], told.fields["attempt_id"]) == (
        "not_yet",
        "vault_missing",
        10,
    )


def test_it_is_no_try_no_failure_no_first_try_and_no_stumbling_block() -> None:
    told = made(asked(1, MISSING))
    assert (told.fields["tries"], told.fields["failures"], told.trips) == (0, 0, {})
    assert first_task(told).first_try is None


def test_the_student_s_first_try_is_still_to_come() -> None:
    told = made(asked(1, MISSING), tried(2))
    assert (first_task(told).first_try, first_task(told).tries) == (True, 1)


def test_it_is_no_sign_of_life_and_no_work() -> None:
    told = made(tried(1, MISSING), asked(9, MISSING))
    assert told.fields["last_at"] == BEGAN + timedelta(minutes=1)
    assert told.fields["seconds"] == 70
    assert made(asked(9, MISSING)).fields["last_at"] == BEGAN


def test_the_student_s_own_failures_in_a_row_stay_counted_while_it_finds_the_same() -> None:
    told = made(tried(1, MISSING), tried(2, MISSING), asked(3, MISSING))
    assert told.fields["failures"] == 2
    again = made(tried(1, MISSING), asked(2, MISSING), tried(3, MISSING))
    assert again.fields["failures"] == 2


def test_what_it_finds_instead_the_student_has_not_failed_at_yet() -> None:
    told = made(tried(1, MISSING), tried(2, MISSING), asked(3, ELSEWHERE))
    assert (told.fields["failures"], told.fields["reason"]) == (0, "vault_in_other_group")


@pytest.mark.parametrize(("by", "found"), [(20, True), (10, False), (None, False)])
def test_which_check_found_a_task_done_is_told(by: int | None, *, found: bool) -> None:
    session = LabSession(pk=7, lab_id=LAB.id, started_at=BEGAN)
    result = TaskResult(task_id=FIRST, provenance="student", completed_at=BEGAN, completed_by_id=by)
    told = made_of(LAB, WalkRows(session, [tried(1, MISSING), asked(2)], {FIRST: result}))
    assert first_task(told).on_behalf is found


def test_of_an_open_task_it_tells_nothing() -> None:
    assert first_task(made(asked(1))).on_behalf is False


@pytest.mark.django_db
def test_it_is_so_in_the_rows_that_a_board_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labportal.standings.follower.publish_to_class", lambda *_: None)
    lab_class = a_class()
    one, session = student(lab_class, "ada")
    started = services.start(session, FIRST, Mode.VALIDATE, {}, asked_by=person("teacher"))
    Attempt.objects.filter(pk=started.attempt.pk).update(state="finished", verdict="not_yet")
    follow()
    standing = Standing.objects.get(memberships=one)
    assert (standing.verdict, standing.tries, standing.last_at) == ("not_yet", 0, session.started_at)
    assert TaskStanding.objects.get(standing=standing).first_try is None
    assert not Trip.objects.exists()
