"""A student's pages as they see them: everything to read, nothing to press, and that somebody looked is on record."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.classes.models import Act
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.support import hands
from labportal.support.models import Receipt
from steps.kit.verdict import Verdict
from tests.classes.school import follow, member
from tests.portal import examiner, walks
from tests.portal.addresses import task_page
from tests.portal.browsing import text
from tests.portal.walks import LAB, TASK, State
from tests.support.scene import Scene, queries

PAGES = ("as_lab", "as_task", "as_challenge", "as_clean_up", "as_history", "as_attempt", "as_ideas")


@pytest.fixture
def everything(school: Scene, everything_offered: None) -> Attempt:
    """All there is to press on the student's pages: repairs, undoing, hints, choices, a hand, a message."""
    for task in LAB.tasks:
        walks.completed(school.session, task)
    TaskResult.objects.filter(task_id=TASK.id).update(portal_changed=True)
    examiner.deed(school.session)
    hands.raise_hand(school.session, TASK.id, "Help")
    school.teacher.post(school.of_class("support:compose"), {"text": "To all of you."})
    follow()
    return examiner.found(school.session)


def address(school: Scene, name: str, attempt: Attempt) -> str:
    more: dict[str, tuple[Any, ...]] = {"as_task": (TASK.id,), "as_attempt": (attempt.pk,)}
    return school.of_class(f"students:{name}", school.ada.pk, *more.get(name, ()))


class Pressable(HTMLParser):
    """What of the content of a page could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.alive: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        known = dict(attrs)
        self.inside = self.inside or tag == "main"
        if not self.inside:
            return
        pressed = tag in ("button", "input", "textarea", "select") and "disabled" not in known
        active = any(name.startswith(("hx-", "on")) for name in known)
        if tag in ("form", "script", "iframe", "meta") or pressed or active:
            self.alive.append(str(self.get_starttag_text()))
        if tag == "a" and known.get("href"):
            self.links.append(known["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = False


def seen(page: Any) -> Pressable:
    found = Pressable()
    found.feed(page.content.decode())
    return found


@pytest.mark.parametrize("name", PAGES)
def test_nothing_can_be_pressed(school: Scene, everything: Attempt, name: str) -> None:
    page = school.teacher.get(address(school, name, everything))
    assert page.status_code == 200
    assert seen(page).alive == []


def test_the_same_page_of_the_student_s_own_has_much_to_press(school: Scene, everything: Attempt) -> None:
    assert len(seen(school.student.get(task_page(school.session))).alive) > 10


@pytest.mark.parametrize("name", PAGES)
def test_links_stay_under_glass(school: Scene, everything: Attempt, name: str) -> None:
    links = seen(school.teacher.get(address(school, name, everything))).links
    below = school.of_class("students:as_lab", school.ada.pk)
    assert [one for one in links if not one.startswith(("#", "?", "https://", below))] == []
    inner = [one for one in links if one.startswith(below)]
    for one in set(inner):
        assert school.teacher.get(one).status_code in (200, 302)


def test_it_shows_what_the_student_sees(school: Scene, everything: Attempt) -> None:
    theirs = text(school.student.get(task_page(school.session)))
    here = text(school.observer.get(address(school, "as_task", everything)))
    for words in (
        TASK.summary,
        "There is no vault kv-ada.",
        "Mend the vault for kv-ada, exactly so.",
        "Your hand is up",
    ):
        assert words in theirs
        assert words in here
    assert "You see this as Ada sees it" in here


@pytest.mark.parametrize("name", PAGES)
def test_it_ends_with_a_click(school: Scene, everything: Attempt, name: str) -> None:
    page = school.teacher.get(address(school, name, everything)).content.decode()
    assert f'href="{school.of_class("students:student", school.ada.pk)}">Stop looking' in page


def test_no_token_and_no_key_of_anybody_s_is_handed_out(school: Scene, everything: Attempt) -> None:
    main = school.teacher.get(address(school, "as_task", everything)).content.decode().partition("<main")[2]
    assert "csrfmiddlewaretoken" not in main.partition("</main>")[0]
    assert "/events/sessions/" not in main
    assert "sealed" not in main


def test_looking_changes_nothing_of_the_student_s(school: Scene, everything: Attempt) -> None:
    def state() -> tuple[object, ...]:
        return (
            list(TaskResult.objects.order_by("pk").values()),
            Attempt.objects.count(),
            AttemptEvent.objects.count(),
            list(Receipt.objects.values_list("seen_at", "dismissed_at")),
        )

    before = state()
    for name in PAGES:
        school.teacher.get(address(school, name, everything))
    assert state() == before


@pytest.mark.parametrize("name", PAGES)
def test_only_a_get(school: Scene, everything: Attempt, name: str) -> None:
    assert school.teacher.post(address(school, name, everything)).status_code == 405


def test_it_is_on_record_once_for_one_look_around(school: Scene, everything: Attempt) -> None:
    for name in PAGES:
        school.teacher.get(address(school, name, everything))
    act = Act.objects.get()
    assert (act.person, act.by_name, act.lab_class) == (school.session.user, "ann", school.lab_class)
    assert act.text == "looked at your lab as you see it"


def test_and_again_for_somebody_else_and_for_later(school: Scene, everything: Attempt) -> None:
    school.teacher.get(address(school, "as_lab", everything))
    school.observer.get(address(school, "as_lab", everything))
    assert Act.objects.count() == 2
    Act.objects.update(at=timezone.now() - timedelta(minutes=16))
    school.teacher.get(address(school, "as_lab", everything))
    assert Act.objects.count() == 3


def test_a_student_looks_at_nobody(school: Scene, everything: Attempt) -> None:
    assert school.student.get(address(school, "as_lab", everything)).status_code == 403
    assert not Act.objects.exists()


def test_there_is_nothing_to_see_before_it_was_begun(school: Scene) -> None:
    late = member(school.lab_class, "late")
    assert school.teacher.get(school.of_class("students:as_lab", late.pk)).status_code == 404


@pytest.mark.parametrize("task", [LAB.challenge, LAB.clean_up])
def test_what_has_a_page_of_its_own_is_found_there(school: Scene, task: Any) -> None:
    follow()
    answer = school.teacher.get(school.of_class("students:as_task", school.ada.pk, task.id))
    assert answer.status_code == 302


def test_pages_of_the_history_can_be_turned(school: Scene) -> None:
    for _ in range(30):
        walks.attempt(school.session, state=State.FINISHED, verdict=Verdict.PASSED)
    follow()
    first = school.teacher.get(school.of_class("students:as_history", school.ada.pk))
    assert "?page=2" in seen(first).links
    second = school.teacher.get(f"{school.of_class('students:as_history', school.ada.pk)}?page=2")
    assert "Page 2 of 2" in text(second)


def test_being_prepared_is_seen_too(school: Scene) -> None:
    school.session.connection.state = "preparing"
    school.session.connection.save()
    follow()
    page = school.teacher.get(school.of_class("students:as_task", school.ada.pk, TASK.id))
    assert "is being prepared" in re.sub(r"You are being signed in again", "is being prepared", text(page))


def test_a_page_costs_the_same_with_more_of_everything(school: Scene) -> None:
    follow()
    page = school.of_class("students:as_task", school.ada.pk, TASK.id)
    walks.finished(school.session)
    queries(school.teacher, page)
    one = queries(school.teacher, page)
    for _ in range(20):
        walks.finished(school.session)
    assert queries(school.teacher, page) == one


def test_the_student_s_own_pages_know_nothing_of_it(school: Scene, everything: Attempt) -> None:
    school.teacher.get(address(school, "as_lab", everything))
    page = text(school.student.get(reverse("labs:lab", args=[LAB.id])))
    assert "You see this as" not in page
