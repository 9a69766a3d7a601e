"""The pages of results: what they tell, and to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from labportal.classes.models import LabClass
from labportal.results.overview import overview_of
from labportal.results.stumbles import Stumble, stumbles_of
from labportal.results.ways import State, Way, state_of
from tests.classes.school import Role, a_class, follow, member, student
from tests.portal import walks
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB
from tests.results.achieved import BEGAN, By, begun, crowd, done, learner, open_task, trip

pytestmark = pytest.mark.django_db
FIRST, VAULT, SECRET, GRANT = LAB.tasks[:4]
assert LAB.challenge is not None
CHALLENGE = LAB.challenge
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGES = ["results", "failed", "points"]


@pytest.fixture
def lab_class() -> LabClass:
    return a_class()


@pytest.fixture
def teacher(lab_class: LabClass) -> Browser:
    return Browser(member(lab_class, "teacher", Role.INSTRUCTOR).user)


def page(browser: Browser, lab_class: LabClass, name: str = "results", query: str = "") -> str:
    answer = browser.get(reverse(f"results:{name}", args=[lab_class.pk]) + query)
    assert answer.status_code == 200
    return text(answer)


def test_completion_and_mastery_are_counted_apart(lab_class: LabClass) -> None:
    for name, fields in {"ada": {"complete_at": BEGAN}, "ben": {"mastered_at": BEGAN}, "cai": {}}.items():
        begun(learner(lab_class, name), **fields)
    learner(lab_class, "zoe")
    totals = overview_of(LAB, lab_class, timezone.now()).totals
    assert (totals.students, totals.begun, totals.complete, totals.mastered) == (4, 3, 1, 1)


def test_who_did_a_task_in_which_way(lab_class: LabClass) -> None:
    hows: dict[str, dict[str, Any]] = {
        "ada": {},
        "ben": {},
        "cai": {"hints": 2},
        "dan": {"provenance": By.REPAIRED, "hints": 1, "first_try": False},
        "eve": {"provenance": By.PORTAL, "seconds": 9_000, "first_try": None},
    }
    for name, how in hows.items():
        done(learner(lab_class, name), VAULT, HOUR, **how)
    open_task(learner(lab_class, "fay"), VAULT, hints=1)
    told = next(one for one in overview_of(LAB, lab_class, timezone.now()).tasks if one.task is VAULT)
    assert dict(told.ways) == {Way.ALONE: 2, Way.HINTS: 1, Way.REPAIRED: 1, Way.CARRIED_OUT: 1}
    assert (told.done, told.of, told.first_try, told.looked) == (5, 6, 3, 5)
    assert told.times is not None
    assert told.times.of == 4, "the portal's own doing says nothing of the time it takes"


def test_whom_an_instructor_s_check_found_to_be_through_says_nothing_of_the_time(
    lab_class: LabClass, teacher: Browser
) -> None:
    done(learner(lab_class, "ada"), VAULT, HOUR)
    done(learner(lab_class, "ben"), VAULT, HOUR, on_behalf=True, tries=0, first_try=None, seconds=0)
    told = next(one for one in overview_of(LAB, lab_class, timezone.now()).tasks if one.task is VAULT)
    assert (told.ways[Way.ALONE], told.found, told.looked) == (2, 1, 1)
    assert told.times is not None
    assert told.times.of == 1
    assert "1 of them found by an instructor's check, before one of their own." in page(teacher, lab_class)


def test_nobody_of_another_class_is_counted(lab_class: LabClass) -> None:
    done(learner(a_class("Another"), "eve"), VAULT, HOUR)
    trip(learner(a_class("A third"), "fay"), VAULT, "vault_missing")
    told = overview_of(LAB, lab_class, timezone.now())
    assert (told.totals.students, {one.done for one in told.tasks}, told.curve) == (0, {0}, None)
    assert stumbles_of(LAB, lab_class) == ()


def test_what_stopped_most_comes_first_with_what_it_means(lab_class: LabClass) -> None:
    ada, ben = learner(lab_class, "ada"), learner(lab_class, "ben")
    trip(ada, VAULT, "vault_missing", 5)
    trip(ben, SECRET, "secret_missing", 1)
    trip(ada, SECRET, "secret_missing", 2)
    first, second = stumbles_of(LAB, lab_class)
    meaning = LAB.reasons["secret_missing"].meaning
    assert first == Stumble("Task 2", SECRET.checks[0].title, meaning, students=2, times=3)
    assert (second.students, second.times) == (1, 5)


def test_the_curve_reaches_to_the_due_time_but_not_into_the_future(lab_class: LabClass) -> None:
    begun(learner(lab_class, "ada"), complete_at=BEGAN + DAY)
    lab_class.due_at = BEGAN + 30 * DAY
    soon = overview_of(LAB, lab_class, now=BEGAN + 4 * DAY).curve
    later = overview_of(LAB, lab_class, now=BEGAN + 99 * DAY).curve
    assert soon is not None
    assert later is not None
    assert soon.points[-1].at <= BEGAN + 5 * DAY
    assert BEGAN + 30 * DAY <= later.points[-1].at <= BEGAN + 32 * DAY
    assert (soon.points[0].number, soon.points[-1].number) == (0, 1)


def test_the_page_tells_in_words_what_it_shows_in_pictures(lab_class: LabClass, teacher: Browser) -> None:
    ada = learner(lab_class, "ada")
    begun(ada, complete_at=BEGAN + HOUR)
    for task in LAB.tasks:
        done(ada, task, HOUR, hints=1)
    learner(lab_class, "zoe")
    told = page(teacher, lab_class)
    assert "Complete 1 50 %" in told
    assert "1 of 2 done 50 % Alone 0 With hints 1 With a repair 0" in told
    assert "100 % 1 of 1 who had a check of their own" in told
    assert "Nine of ten were done within 105 s." in told
    assert "1.5 min to 1.75 min 1" in told, "and in a table"


def test_a_class_that_does_what_students_do_is_told_of(lab_class: LabClass, teacher: Browser) -> None:
    """Through the follower, as it happens."""
    _, session = student(lab_class, "ada")
    walks.completed(session, FIRST)
    walks.finished(session, VAULT)
    follow()
    assert "1 of 1 done 100 % Alone 1" in page(teacher, lab_class)


def test_an_empty_class_has_empty_pages(lab_class: LabClass, teacher: Browser) -> None:
    assert "Nobody is in this class yet." in page(teacher, lab_class)
    assert "No check of this class has found anything to mend yet." in page(teacher, lab_class, "failed")
    assert "Nobody is in this class yet." in page(teacher, lab_class, "points")


def test_points_are_told_with_where_an_open_task_stands(lab_class: LabClass, teacher: Browser) -> None:
    lab_class.due_at, lab_class.late, lab_class.points = BEGAN, "daily", {FIRST.id: 4, VAULT.id: 10, CHALLENGE.id: 3}
    lab_class.save()
    ada = learner(lab_class, "ada")
    begun(ada, mastered_at=BEGAN)
    done(ada, FIRST, timedelta(0))
    done(ada, VAULT, DAY + HOUR)
    done(ada, CHALLENGE, timedelta(0))
    open_task(ada, SECRET)
    open_task(ada, GRANT, tries=0, first_try=None)
    told = page(teacher, lab_class, "points")
    assert "Ada 4 8 late, day 2 Not yet Not tried To do 12 Mastered, 3" in told
    assert "All tasks together bring 14 points, and mastery brings 3 of its own" in told
    assert "What is done later loses 10 % for each day begun after that." in told


def test_points_come_in_pages(lab_class: LabClass, teacher: Browser) -> None:
    crowd(lab_class, 51)
    assert "Student-0" in page(teacher, lab_class, "points")
    last = page(teacher, lab_class, "points", "?page=2")
    assert "Student-9" in last
    assert "Student-0" not in last
    assert "Page 2 of 2" in last
    assert page(teacher, lab_class, "points", "?page=99") == last
    assert "Page 1 of 2" in page(teacher, lab_class, "points", "?page=x")


@pytest.mark.parametrize("name", PAGES)
def test_thirty_cost_no_more_queries_than_three(lab_class: LabClass, teacher: Browser, name: str) -> None:
    crowd(lab_class, 3)
    with CaptureQueriesContext(connection) as for_three:
        page(teacher, lab_class, name)
    crowd(lab_class, 27, 3)
    with CaptureQueriesContext(connection) as for_thirty:
        page(teacher, lab_class, name)
    assert len(for_thirty) == len(for_three) <= 8


@pytest.mark.parametrize("name", [*PAGES, "csv", "xlsx"])
@pytest.mark.parametrize(("role", "status"), [(Role.OBSERVER, 200), (Role.STUDENT, 403), (None, 404)])
def test_who_may_see_them(lab_class: LabClass, name: str, role: Role | None, status: int) -> None:
    who = member(lab_class if role else a_class("Another"), "somebody", role or Role.INSTRUCTOR).user
    assert Browser(who).get(reverse(f"results:{name}", args=[lab_class.pk])).status_code == status


@pytest.mark.parametrize("name", [*PAGES, "csv", "xlsx", "tokens"])
def test_who_is_not_signed_in_is_asked_to(lab_class: LabClass, anonymous: Browser, name: str) -> None:
    answer = anonymous.get(reverse(f"results:{name}", args=[lab_class.pk]))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))


def test_a_name_is_text_on_the_page(lab_class: LabClass, teacher: Browser) -> None:
    learner(lab_class, "eve", name="<script>alert(1)</script>")
    answer = teacher.get(reverse("results:points", args=[lab_class.pk]))
    assert b"<script>alert" not in answer.content
    assert "<script>alert(1)</script>" in text(answer)


@pytest.mark.parametrize(
    ("done_", "state", "verdict", "tries", "expected"),
    [
        (True, "running", "", 1, State.DONE),
        (False, "queued", "not_yet", 0, State.UNDER_WAY),
        (False, "waiting", "could_not_tell", 0, State.WAITING),
        (False, "finished", "not_yet", 1, State.NOT_YET),
        (False, "finished", "not_yet", 0, State.NOT_TRIED),
        (False, "finished", "could_not_tell", 0, State.COULD_NOT_TELL),
        (False, "cancelled", "could_not_tell", 1, State.COULD_NOT_TELL),
        (False, "cancelled", "", 0, State.TO_DO),
        (False, "", "", 0, State.TO_DO),
    ],
)
def test_where_a_task_stands(*, done_: bool, state: str, verdict: str, tries: int, expected: State) -> None:
    assert state_of(done=done_, state=state, verdict=verdict, tries=tries) is expected
