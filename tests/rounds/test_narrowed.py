"""A round's page shows whom its address names: by what came of them, by name, or both."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.classes.models import LabClass, Membership
from labportal.rounds import services
from labportal.rounds.conductor import turn
from labportal.rounds.models import Round
from tests.classes.school import member, student
from tests.portal.browsing import Browser, text
from tests.rounds.going import end, turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def the_round(lab_class: LabClass, teacher: Membership) -> Round:
    """Ada and Özlem are not there yet, Adam and Zoë are; Adele has not begun."""
    for name in ("ada", "özlem", "adam", "zoë"):
        student(lab_class, name)
    member(lab_class, "adele")
    made, _ = services.begin_now(teacher.user, lab_class)
    turn()
    end("not_yet", session__user__username__in=["ada", "özlem"])
    turns(2)
    return made


@pytest.fixture
def browser(teacher: Membership) -> Browser:
    return Browser(teacher.user)


def page_of(the_round: Round, query: str = "") -> str:
    return reverse("rounds:round", args=[the_round.lab_class_id, the_round.pk]) + query


def names(browser: Browser, the_round: Round, query: str) -> list[str]:
    content = browser.get(page_of(the_round, query))
    return [name for name in ("Ada", "Adam", "Adele", "Özlem", "Zoë") if f" {name} " in f" {text(content)} "]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ada", "Adam", "Adele", "Özlem", "Zoë"]),
        ("?show=not_yet", ["Ada", "Özlem"]),
        ("?show=passed", ["Adam", "Zoë"]),
        ("?q=AD", ["Ada", "Adam", "Adele"]),
        ("?q=ÖZLEM", ["Özlem"]),
        ("?q=zoe", ["Zoë"]),
        ("?q=ad&show=not_yet", ["Ada"]),
        ("?q=ad&show=left_out", ["Adele"]),
        ("?q=%00&show=nonsense&page=99", ["Ada", "Adam", "Adele", "Özlem", "Zoë"]),
    ],
)
def test_the_address_says_who_is_shown(browser: Browser, the_round: Round, query: str, found: list[str]) -> None:
    assert names(browser, the_round, query) == found


def test_nobody_is_said_to_be_nobody(browser: Browser, the_round: Round) -> None:
    page = text(browser.get(page_of(the_round, "?q=ad&show=passed&q=nobody")))
    assert "Nobody is like that in this round." in page
    assert "0 of 5 students" in page


@pytest.mark.parametrize("query", ["", "?q=nobody"])
def test_the_keyboard_has_a_short_way_to_the_students(browser: Browser, the_round: Round, query: str) -> None:
    page = browser.get(page_of(the_round, query)).content.decode()
    assert page.count('href="#students"') == page.count('id="students" tabindex="-1"') == 1


def test_what_is_chosen_stays_chosen_along_the_way(
    browser: Browser, the_round: Round, lab_class: LabClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labportal.rounds.results.STUDENTS_A_PAGE", 1)
    page = browser.get(page_of(the_round, "?show=not_yet&q=a%26b")).content.decode()
    assert 'href="?show=passed&amp;q=a%26b"' in page
    assert 'href="?q=a%26b"' in page
    assert 'value="a&amp;b"' in page
    assert '<input type="hidden" name="show" value="not_yet">' in page
    assert "?show=not_yet&amp;q=a%26b" in page.split("hx-get=")[1]  # what an open page asks for again
    page = browser.get(page_of(the_round, "?show=passed&q=a")).content.decode()
    assert 'href="?show=passed&amp;q=a&amp;page=2"' not in page  # Adam alone
    page = browser.get(page_of(the_round, "?q=ad")).content.decode()
    assert 'href="?q=ad&amp;page=2"' in page


def test_a_search_costs_what_the_whole_page_does(browser: Browser, the_round: Round) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(page_of(the_round, query))
        return len(queries)

    assert asked("") == asked("?q=ad") == asked("?q=ad&show=not_yet")
