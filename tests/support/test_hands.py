"""The queue of those who teach: first come first served, with what they want to know before they go there."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from labportal.classes.models import Act
from labportal.standings.models import Standing
from labportal.support import hands
from labportal.support.models import Hand
from steps.kit.verdict import Verdict
from tests.classes.school import Role, a_class, follow, member, student
from tests.portal import walks
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK
from tests.support.scene import Scene, queries

REASON = "vault_in_rbac_mode"
ACTS = ["take", "give_back", "done"]


def stuck(school: Scene, times: int = 2) -> None:
    """Ada is at this task, and her checks end with the same thing."""
    walks.completed(school.session, LAB.tasks[0])
    for _ in range(times):
        walks.finished(school.session, verdict=Verdict.NOT_YET).evidence.filter(position=0).update(reason=REASON)
    follow()


def raised(school: Scene, words: str = "") -> Hand:
    assert hands.raise_hand(school.session, TASK.id, words)
    return Hand.objects.get(session=school.session, lowered_at=None)


def page(school: Scene, browser: Browser | None = None) -> str:
    return text((browser or school.teacher).get(school.of_class("support:hands")))


def test_nobody_waits(school: Scene) -> None:
    assert "Nobody waits for help." in page(school)


def test_a_hand_comes_with_its_context(school: Scene) -> None:
    stuck(school)
    raised(school, "Which one is it?")
    seen = page(school)
    assert "“Which one is it?”" in seen
    assert f"{TASK.number}. {TASK.title} · raised just now" in seen
    assert "Not yet The vault goes by roles, so that access policies do not count." in seen
    assert "2 tries, the last 2 with just this" in seen
    answer = school.teacher.get(school.of_class("support:hands")).content.decode()
    assert school.of_class("students:student", school.ada.pk) in answer


def test_without_a_try_that_is_said(school: Scene) -> None:
    raised(school)
    follow()
    assert "They have not had this task checked yet." in page(school)


def test_first_come_first_served(school: Scene) -> None:
    _, walk = student(school.lab_class, "bea")
    hands.raise_hand(walk, TASK.id, "")
    raised(school)
    seen = page(school)
    assert seen.index("Bea") < seen.index("Ada")
    assert "2, first come first served" in seen


def test_only_those_of_this_class_and_this_lab(school: Scene) -> None:
    _, walk = student(a_class("Tuesday group"), "eve")
    hands.raise_hand(walk, TASK.id, "")
    teaches = member(school.lab_class, "tea", Role.INSTRUCTOR).user
    hands.raise_hand(walks.ready_session(teaches), TASK.id, "")
    assert "Nobody waits for help." in page(school)


def test_a_hand_in_two_classes_stands_once_in_each(school: Scene) -> None:
    member(a_class("Tuesday group"), school.session.user, name="Ada on Tuesday")
    raised(school)
    seen = page(school)
    assert "Ada on Tuesday" not in seen
    assert seen.count("I go there") == 1


def test_taken_handed_back_and_done(school: Scene) -> None:
    hand = raised(school)
    answer = school.teacher.post(school.of_class("support:take", hand.pk))
    assert (answer.status_code, answer.headers["Location"]) == (303, school.of_class("support:hands"))
    assert "Being helped 1" in page(school)
    assert "Ann went there just now" in page(school)
    school.teacher.post(school.of_class("support:give_back", hand.pk))
    hand.refresh_from_db()
    assert (hand.taken_at, hand.taken_by, hand.taken_by_name) == (None, None, "")
    school.teacher.post(school.of_class("support:take", hand.pk))
    school.teacher.post(school.of_class("support:done", hand.pk))
    hand.refresh_from_db()
    assert hand.lowered_at is not None
    assert "Nobody waits for help." in page(school)
    assert Standing.objects.get(memberships=school.ada).hand_at is None


def test_that_it_was_lowered_for_them_stands_in_the_student_s_log(school: Scene) -> None:
    hand = raised(school)
    school.teacher.post(school.of_class("support:done", hand.pk))
    school.teacher.post(school.of_class("support:done", hand.pk))
    act = Act.objects.get()
    assert (act.person, act.by_name, act.lab_class) == (school.session.user, "ann", school.lab_class)
    assert act.text == f"lowered your hand at Task {TASK.number}"


def test_whoever_is_first_has_it(school: Scene) -> None:
    hand = raised(school)
    ben = Browser(member(school.lab_class, "ben", Role.INSTRUCTOR).user)
    school.teacher.post(school.of_class("support:take", hand.pk))
    answer = ben.htmx_post(school.of_class("support:take", hand.pk))
    assert "Somebody else has just taken it" in text(answer)
    hand.refresh_from_db()
    assert hand.taken_by_name == "Ann"


@pytest.mark.parametrize("act", ACTS)
def test_an_observer_looks_and_touches_nothing(school: Scene, act: str) -> None:
    hand = raised(school)
    seen = page(school, school.observer)
    assert "Ada" in seen
    assert "I go there" not in seen
    assert school.observer.post(school.of_class(f"support:{act}", hand.pk)).status_code == 403
    hand.refresh_from_db()
    assert (hand.taken_at, hand.lowered_at) == (None, None)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_gets_at_hands_of_another_class(school: Scene, act: str) -> None:
    hand = raised(school)
    tuesday = a_class("Tuesday group")
    tea = Browser(member(tuesday, "tea", Role.INSTRUCTOR).user)
    assert tea.post(school.of_class(f"support:{act}", hand.pk)).status_code == 404
    from django.urls import reverse

    assert tea.post(reverse(f"support:{act}", args=[tuesday.pk, hand.pk])).status_code == 404
    assert school.student.post(school.of_class(f"support:{act}", hand.pk)).status_code == 403
    hand.refresh_from_db()
    assert (hand.taken_at, hand.lowered_at) == (None, None)


def test_a_student_does_not_see_the_queue(school: Scene) -> None:
    assert school.student.get(school.of_class("support:hands")).status_code == 403


def test_a_hand_of_a_walk_that_has_ended_is_none(school: Scene) -> None:
    raised(school)
    school.session.ended_at = timezone.now()
    school.session.save()
    assert "Nobody waits for help." in page(school)


def test_the_live_part_comes_alone(school: Scene) -> None:
    raised(school)
    answer = school.teacher.htmx_get(school.of_class("support:hands"))
    assert "Ada" in text(answer)
    assert b"<html" not in answer.content


@pytest.mark.thorough
def test_thirty_hands_cost_what_three_do(school: Scene) -> None:
    def with_hands(number: int, start: int) -> int:
        for at in range(start, start + number):
            _, walk = student(school.lab_class, f"s{at}")
            walks.finished(walk, verdict=Verdict.NOT_YET)
            hands.raise_hand(walk, TASK.id, "")
        follow()
        return queries(school.teacher, school.of_class("support:hands"))

    three: Any = with_hands(3, 0)
    assert with_hands(27, 3) == three


def test_of_very_many_the_first_are_shown_and_that_there_are_more_is_said(
    school: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labportal.support.queue.SHOWN", 2)
    for name in ("bea", "cyd"):
        hands.raise_hand(student(school.lab_class, name)[1], TASK.id, "")
    assert "More hands are up" not in page(school)
    raised(school)
    seen = page(school)
    assert "More hands are up than these." in seen
    assert "Ada" not in seen
