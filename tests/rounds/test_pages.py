"""What those who teach see of rounds, and what they may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from labportal.classes.models import LabClass, Membership
from labportal.rounds import services
from labportal.rounds.conductor import turn
from labportal.rounds.models import Round, RoundEntry
from labportal.runs.models import Attempt
from labportal.standings.models import Standing
from tests.classes.school import Role, a_class, member, student
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB
from tests.rounds.going import end, turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(teacher: Membership) -> Browser:
    return Browser(teacher.user)


def at(lab_class: LabClass, name: str = "rounds", *more: int) -> str:
    return reverse(f"rounds:{name}", args=[lab_class.pk, *more])


def a_round(lab_class: LabClass, teacher: Membership) -> Round:
    return services.begin_now(teacher.user, lab_class)[0]


def test_the_button_begins_a_round_and_leads_to_it(lab_class: LabClass, browser: Browser) -> None:
    assert "Check everyone now" in text(browser.get(at(lab_class)))
    answer = browser.post(at(lab_class, "begin"), {"task_id": LAB.tasks[1].id})
    the_round = Round.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at(lab_class, "round", the_round.pk))
    assert (the_round.task_id, the_round.state) == (LAB.tasks[1].id, "open")


def test_a_second_press_leads_to_the_same_round(lab_class: LabClass, browser: Browser) -> None:
    browser.post(at(lab_class, "begin"), {"task_id": ""})
    answer = browser.post(at(lab_class, "begin"), {"task_id": ""}, follow=True)
    assert "under way already" in text(answer)
    assert Round.objects.count() == 1


def test_a_task_that_the_lab_does_not_have_is_none(lab_class: LabClass, browser: Browser) -> None:
    assert "no such task" in text(browser.post(at(lab_class, "begin"), {"task_id": "nonsense"}, follow=True))
    assert not Round.objects.exists()


def test_a_round_shows_how_far_it_is_and_what_came_of_whom(
    lab_class: LabClass, teacher: Membership, browser: Browser
) -> None:
    for name in ("ada", "ben"):
        student(lab_class, name)
    member(lab_class, "cleo")
    the_round = a_round(lab_class, teacher)
    turn()
    page = browser.get(at(lab_class, "round", the_round.pk))
    assert "1 of 3 through, 2 under way" in text(page)
    end("not_yet", "vault_missing", session__user__username="ada", task_id=LAB.tasks[1].id)
    end()
    turn()
    said = text(browser.get(at(lab_class, "round", the_round.pk)))
    assert f"Task 1: {LAB.reasons['vault_missing'].meaning}" in said
    assert "All 3 Not yet 1 Passed 1 Left out 1" in said
    assert "1 left out: Has not begun the lab." in said
    assert said.index("Ada") < said.index("Ben") < said.index("Cleo")


def test_an_open_page_asks_again_when_it_is_told_and_while_time_alone_changes_it(
    lab_class: LabClass, teacher: Membership, browser: Browser
) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    turn()
    address = at(lab_class, "round", the_round.pk)
    part = browser.htmx_get(f"{address}?show=under_way")
    assert b"<html" not in part.content
    stream = f'data-stream="/events/classes/{lab_class.pk}/'
    assert stream in part.content.decode()
    assert b"data-look-within" in part.content
    assert (
        f'hx-get="{address}?show=under_way" hx-trigger="refresh"'
        in browser.get(f"{address}?show=under_way").content.decode()
    )
    turns(2)
    over = browser.htmx_get(address).content.decode()
    assert stream in over
    assert "data-look-within" not in over


def test_one_kind_of_students_can_be_looked_at_alone(
    lab_class: LabClass, teacher: Membership, browser: Browser
) -> None:
    student(lab_class, "ada")
    member(lab_class, "ben")
    the_round = a_round(lab_class, teacher)
    turns(2)
    said = text(browser.get(at(lab_class, "round", the_round.pk) + "?show=left_out"))
    assert "Ben" in said
    assert "Ada" not in said


def test_many_students_come_in_pages(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    for number in range(60):
        member(lab_class, f"student-{number:02}")
    the_round = a_round(lab_class, teacher)
    turns(3)
    address = at(lab_class, "round", the_round.pk)
    assert "1 to 50 of 60" in text(browser.get(address))
    assert "51 to 60 of 60" in text(browser.get(f"{address}?page=2"))


def test_it_says_how_long_the_rest_takes_by_the_pace_so_far(
    lab_class: LabClass, teacher: Membership, browser: Browser
) -> None:
    for number in range(12):
        student(lab_class, f"student-{number:02}")
    the_round = a_round(lab_class, teacher)
    turn()
    end()
    turn()
    Round.objects.update(begun_at=timezone.now() - timedelta(seconds=40))
    assert "About 20 s left" in text(browser.get(at(lab_class, "round", the_round.pk)))


def test_it_says_that_azure_asks_for_patience(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    for number in range(12):
        student(lab_class, f"student-{number:02}")
    the_round = a_round(lab_class, teacher)
    turn()
    for attempt in Attempt.objects.all():
        attempt.evidence.create(check_id="a", position=0, title="A", verdict="could_not_tell", reason="throttled")
    Attempt.objects.update(state="waiting", due_at=timezone.now() + timedelta(seconds=30))
    assert "Azure asks for fewer requests" in text(browser.get(at(lab_class, "round", the_round.pk)))


def test_it_says_when_nobody_takes_it_up(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    the_round = a_round(lab_class, teacher)
    assert "Beginning." in text(browser.get(at(lab_class, "round", the_round.pk)))
    Round.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    assert "follower seems to be off" in text(browser.get(at(lab_class, "round", the_round.pk)))


def test_a_round_is_planned_in_the_class_s_own_time_zone(lab_class: LabClass, browser: Browser) -> None:
    LabClass.objects.update(time_zone="Europe/Berlin")
    answer = browser.post(at(lab_class, "plan"), {"task_id": "", "starts_at": _next_year("-07-01T10:00")}, follow=True)
    assert "Planned. It begins by itself" in text(answer)
    assert "10:00 (Europe/Berlin)" in text(answer)
    assert Round.objects.get().starts_at.hour == 8


def _next_year(rest: str) -> str:
    """Half a year from now is always nearer than the furthest."""
    today = timezone.now()
    return f"{today.year + (today.month >= 7)}{rest}"


@pytest.mark.parametrize(
    ("when", "said"), [("2020-01-01T10:00", "has passed"), ("9020-01-01T10:00", "more than a year"), ("soon", "valid")]
)
def test_a_time_that_cannot_be_is_refused(lab_class: LabClass, browser: Browser, when: str, said: str) -> None:
    answer = browser.post(at(lab_class, "plan"), {"task_id": "", "starts_at": when})
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Round.objects.exists()


def test_half_an_hour_before_the_deadline_is_suggested(lab_class: LabClass, browser: Browser) -> None:
    due = timezone.now().replace(hour=18, minute=0) + timedelta(days=1)
    LabClass.objects.update(due_at=due, time_zone="UTC")
    assert f'value="{due:%Y-%m-%d}T17:30"' in browser.get(at(lab_class)).content.decode()


def test_no_more_than_so_many_are_planned(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    for _ in range(services.MOST_PLANNED):
        services.plan(teacher.user, lab_class, "", timezone.now() + timedelta(days=1))
    answer = browser.post(at(lab_class, "plan"), {"task_id": "", "starts_at": _next_year("-07-01T10:00")})
    assert "Call one off first" in text(answer)


def test_a_planned_round_is_called_off(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    the_round = services.plan(teacher.user, lab_class, "", timezone.now() + timedelta(hours=1))
    answer = browser.post(at(lab_class, "call_off", the_round.pk), follow=True)
    assert "It will not begin" in text(answer)
    assert "called off by teacher" in text(answer)


def test_a_round_under_way_is_called_off(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    turn()
    answer = browser.post(at(lab_class, "call_off", the_round.pk), follow=True)
    assert "Called off by teacher: nothing new begins" in text(answer)
    assert "Call it off" not in text(answer)
    turns(2)
    again = browser.post(at(lab_class, "call_off", the_round.pk), follow=True)
    assert "was over" in text(again)


def test_why_a_round_ended_early_is_told(lab_class: LabClass, teacher: Membership, browser: Browser) -> None:
    the_round = a_round(lab_class, teacher)
    Round.objects.update(state="stopped", problem="portal", ended_at=timezone.now(), begun_at=timezone.now())
    assert "The portal failed on it" in text(browser.get(at(lab_class, "round", the_round.pk)))


def test_an_observer_looks_and_begins_nothing(lab_class: LabClass, teacher: Membership) -> None:
    watching = Browser(member(lab_class, "watching", Role.OBSERVER).user)
    the_round = a_round(lab_class, teacher)
    for address in (at(lab_class), at(lab_class, "round", the_round.pk)):
        answer = watching.get(address)
        assert answer.status_code == 200
        assert '<form method="post" action="/classes' not in answer.content.decode()
    for address in (at(lab_class, "begin"), at(lab_class, "plan"), at(lab_class, "call_off", the_round.pk)):
        assert watching.post(address).status_code == 403


def test_nobody_else_sees_or_does_anything(lab_class: LabClass, teacher: Membership) -> None:
    the_round = a_round(lab_class, teacher)
    theirs, _ = student(lab_class, "ada")
    elsewhere = member(a_class("Another"), "other", Role.INSTRUCTOR)
    for user, status in ((theirs.user, 403), (elsewhere.user, 404)):
        browser = Browser(user)
        assert browser.get(at(lab_class)).status_code == status
        assert browser.get(at(lab_class, "round", the_round.pk)).status_code == status
        assert browser.post(at(lab_class, "begin")).status_code == status
        assert browser.post(at(lab_class, "call_off", the_round.pk)).status_code == status


def test_a_round_of_another_class_is_none_of_this_one(teacher: Membership, browser: Browser) -> None:
    other = a_class("Another")
    the_round = a_round(other, member(other, "other", Role.INSTRUCTOR))
    assert browser.get(at(teacher.lab_class, "round", the_round.pk)).status_code == 404
    assert browser.post(at(teacher.lab_class, "call_off", the_round.pk)).status_code == 404


def test_what_was_done_before_and_is_not_found_any_more_is_said_to_stay_done(
    lab_class: LabClass, teacher: Membership, browser: Browser
) -> None:
    ada, _ = student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    turn()
    end("not_yet", "vault_missing", task_id=LAB.tasks[1].id)
    end()
    turn()
    page = at(lab_class, "round", the_round.pk)
    assert "done before" not in text(browser.get(page))
    assert ada.standing is not None
    ada.standing.tasks.create(task_id=LAB.tasks[1].id, number=1, done_at=timezone.now(), provenance="portal")
    assert "Not yet done before, and stays done" in text(browser.get(page))
    assert "had done all tasks before" not in text(browser.get(page)), "only one of them"
    Standing.objects.filter(pk=ada.standing.pk).update(complete_at=timezone.now())
    assert "1 of those who are not there yet had done all tasks before" in text(browser.get(page))
    assert "1 not yet, 1 of them done before" in text(browser.get(at(lab_class)))


def test_an_archived_class_begins_nothing(lab_class: LabClass, browser: Browser) -> None:
    LabClass.objects.update(archived_at=timezone.now())
    assert browser.post(at(lab_class, "begin"), {"task_id": ""}).status_code == 403
    assert browser.post(at(lab_class, "plan"), {"task_id": ""}).status_code == 403
    assert "Check everyone now" not in text(browser.get(at(lab_class)))


@pytest.mark.thorough
def test_a_page_asks_as_much_of_the_database_for_thirty_as_for_three(
    lab_class: LabClass, teacher: Membership, browser: Browser, settings: Any
) -> None:
    settings.ROUND_STUDENTS_AT_ONCE = 100
    asked = []
    a_round(lab_class, teacher)
    turn()
    for number in (3, 27):
        for at_number in range(number):
            student(lab_class, f"student-{number}-{at_number}")
        the_round = a_round(lab_class, teacher)
        turn()
        end("not_yet")
        turn()
        RoundEntry.objects.filter(pk=RoundEntry.objects.latest("pk").pk).update(state="to_do")
        Round.objects.filter(pk=the_round.pk).update(state="open")
        services.plan(teacher.user, lab_class, "", timezone.now() + timedelta(days=1))
        for address in (at(lab_class, "round", the_round.pk), at(lab_class)):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(address)
            asked.append(len(queries))
        Round.objects.filter(pk=the_round.pk).update(state="ended", ended_at=timezone.now())
    assert asked[:2] == asked[2:]
    assert max(asked) <= 12
