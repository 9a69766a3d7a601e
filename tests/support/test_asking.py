"""A student asks for help, is told where they stand in the queue, and that somebody comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from labportal.classes.leaving import end_membership
from labportal.labs.models import LabSession
from labportal.labs.services import start_over
from labportal.standings.models import Standing
from labportal.support import hands
from labportal.support.models import LONGEST_ASK, Hand
from tests.classes.school import a_class, follow, member, student
from tests.portal import walks
from tests.portal.addresses import lab_page, task_page
from tests.portal.browsing import Browser, text
from tests.portal.walks import LAB, TASK
from tests.support.scene import Scene, queries

OTHER = LAB.tasks[2]


def raise_it(school: Scene, words: str = "", **more: Any) -> Any:
    return school.student.post(school.of_lab("support:raise"), {"text": words}, **more)


def up() -> Hand:
    return Hand.objects.get(lowered_at=None)


def test_who_is_in_no_class_is_not_offered_what_nobody_would_answer(browser: Browser, session: LabSession) -> None:
    for page in (task_page(session), lab_page(session)):
        assert 'id="support"' not in browser.get(page).content.decode()
    assert browser.post(f"{task_page(session)}help/raise/").status_code == 404
    assert browser.get(f"{task_page(session)}help/").status_code == 404
    assert not Hand.objects.exists()


@pytest.mark.parametrize("page", ["labs:task", "labs:lab", "labs:challenge", "labs:clean_up"])
def test_every_page_of_a_walk_offers_it_to_who_is_in_a_class(school: Scene, page: str) -> None:
    from django.urls import reverse

    args = [LAB.id, TASK.id] if page == "labs:task" else [LAB.id]
    answer = school.student.get(reverse(page, args=args))
    assert "Ask for help" in text(answer)
    assert "css/support.css" in answer.content.decode()


def test_without_javascript_the_click_comes_back_to_the_page(school: Scene) -> None:
    answer = raise_it(school, "Where do I find the vault?")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{task_page(school.session)}#support")
    page = text(school.student.get(task_page(school.session)))
    assert "Your hand is up." in page
    assert "You are next in Monday group." in page
    assert "“Where do I find the vault?”" in page
    assert "Ask for help" not in page


def test_with_htmx_the_answer_is_the_part_of_the_page(school: Scene) -> None:
    answer = school.student.htmx_post(school.of_lab("support:raise"), {"text": ""})
    assert answer.status_code == 200
    assert "Your hand is up." in text(answer)
    assert b"<html" not in answer.content


def test_what_is_known_goes_along(school: Scene) -> None:
    latest = walks.finished(school.session)
    raise_it(school)
    assert (up().task_id, up().attempt_id, up().user) == (TASK.id, latest.pk, school.session.user)


def test_the_boards_hear_of_it(school: Scene, told: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    follow()
    with django_capture_on_commit_callbacks(execute=True):
        raise_it(school)
    standing = Standing.objects.get(memberships=school.ada)
    assert (standing.hand_at, standing.touched) == (up().raised_at, True)
    assert told == [([school.session.pk], {"support": "hand"})]
    follow()
    standing.refresh_from_db()
    assert (standing.hand_at, standing.touched) == (up().raised_at, False), "the projection keeps it"


def test_a_second_hand_does_not_go_up(school: Scene) -> None:
    raise_it(school, "first")
    school.student.post(school.of_lab("support:raise", task_id=OTHER.id), {"text": "second"})
    assert (up().text, up().task_id) == ("first", TASK.id)
    assert f"for {TASK.title}" in text(school.student.get(task_page(school.session, OTHER.id)))


def test_nor_two_at_once(school: Scene) -> None:
    assert hands.raise_hand(school.session, TASK.id, "")
    assert not hands.raise_hand(school.session, TASK.id, "")


def test_it_is_lowered_again_and_can_be_raised_anew(school: Scene) -> None:
    raise_it(school)
    school.student.post(school.of_lab("support:lower"))
    hand = Hand.objects.get()
    assert hand.lowered_at is not None
    assert hand.lowered_by == school.session.user
    assert Standing.objects.get(memberships=school.ada).hand_at is None
    assert "Ask for help" in text(school.student.get(task_page(school.session)))
    raise_it(school)
    assert Hand.objects.count() == 2


def test_too_long_a_question_is_not_cut_off(school: Scene) -> None:
    words = "x" * (LONGEST_ASK + 1)
    answer = raise_it(school, words)
    assert answer.status_code == 422
    assert words in text(answer), "nobody types it twice"
    assert "at most 500 characters" in text(answer)
    in_part = school.student.htmx_post(school.of_lab("support:raise"), {"text": words})
    assert (in_part.status_code, words in text(in_part)) == (200, True)
    assert not Hand.objects.exists()


def test_a_line_s_end_is_one_character_as_the_browser_counts(school: Scene) -> None:
    raise_it(school, "\r\n".join(["x" * 9] * 50))
    assert len(up().text) == LONGEST_ASK - 1


def test_a_token_that_is_pasted_is_not_kept(school: Scene) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJ4In0xMjM0.c2lnbmF0dXJlMTIz"
    raise_it(school, f"It says {token} and password=hunter2, what now?")
    assert up().text == "It says [redacted] and password=[redacted] what now?"


def test_nobody_raises_hands_by_a_script(school: Scene) -> None:
    for _ in range(10):
        raise_it(school)
        school.student.post(school.of_lab("support:lower"))
    raise_it(school)
    assert Hand.objects.count() == 10


def test_the_queue_counts_those_of_the_same_class_who_asked_before_and_wait(school: Scene) -> None:
    others = [student(school.lab_class, name)[1] for name in ("bea", "cyd", "dan")]
    elsewhere = student(a_class("Tuesday group"), "eve")[1]
    for walk in (*others, elsewhere):
        hands.raise_hand(walk, TASK.id, "")
    raise_it(school)
    page = task_page(school.session)
    assert "You are 4th in the queue in Monday group." in text(school.student.get(page))
    first, second, _ = Hand.objects.filter(session__in=others).order_by("pk")
    hands.lower(first, first.user)
    hands.take(second, school.ada.user, "Ann")
    assert "You are 2nd in the queue in Monday group." in text(school.student.get(page))


def test_in_two_classes_each_has_its_queue(school: Scene) -> None:
    tuesday = a_class("Tuesday group")
    member(tuesday, school.session.user)
    hands.raise_hand(student(tuesday, "bea")[1], TASK.id, "")
    raise_it(school)
    page = text(school.student.get(task_page(school.session)))
    assert "You are next in Monday group. You are 2nd in the queue in Tuesday group." in page


def test_they_are_told_when_somebody_comes(
    school: Scene, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    raise_it(school)
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        school.teacher.post(school.of_class("support:take", up().pk))
    assert told == [([school.session.pk], {"support": "hand"})]
    part = text(school.student.htmx_get(school.of_lab("support:region")))
    assert "Ann is coming to help." in part
    assert "in the queue" not in part


def test_whoever_starts_over_asks_no_more(school: Scene) -> None:
    raise_it(school)
    assert start_over(school.session)
    hand = Hand.objects.get()
    assert (hand.lowered_at is not None, hand.lowered_by) == (True, None)


def test_nor_whoever_leaves_their_last_class(school: Scene) -> None:
    tuesday = member(a_class("Tuesday group"), school.session.user)
    raise_it(school)
    assert end_membership(school.ada)
    assert up().session == school.session, "the other class still sees it"
    assert end_membership(tuesday)
    assert Hand.objects.get().lowered_at is not None


def test_an_archived_class_is_asked_nothing(school: Scene) -> None:
    school.lab_class.archived_at = timezone.now()
    school.lab_class.save()
    assert "Ask for help" not in text(school.student.get(task_page(school.session)))
    assert raise_it(school).status_code == 404


def test_nobody_lowers_another_s_hand(school: Scene) -> None:
    raise_it(school)
    _, walk = student(school.lab_class, "eve")
    Browser(walk.user).post(school.of_lab("support:lower"))
    assert up().user == school.session.user


def test_a_page_asks_as_much_with_thirty_hands_as_with_three(school: Scene) -> None:
    def with_hands(names: list[str]) -> int:
        for name in names:
            hands.raise_hand(student(school.lab_class, name)[1], TASK.id, "")
        return queries(school.student, task_page(school.session))

    three = with_hands(["bea", "cyd"])
    raise_it(school)
    three = with_hands([])
    assert with_hands([f"s{number}" for number in range(27)]) == three
