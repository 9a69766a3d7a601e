"""The classes somebody is in, and the frame around each."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labportal.accounts.models import User
from labportal.classes.models import Membership
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role
LIST = "/classes/"


def test_it_shows_my_classes_and_no_others(browser: Browser, ada: User) -> None:
    school.member(school.a_class("Monday group"), ada, Role.INSTRUCTOR)
    school.member(school.a_class("Evening group"), ada)
    school.a_class("Somebody else's")
    page = text(browser.get(LIST))
    assert page.index("You teach") < page.index("Monday group") < page.index("You learn") < page.index("Evening group")
    assert "Somebody else's" not in page


def test_a_class_i_teach_says_how_many_students_it_has(browser: Browser, ada: User) -> None:
    group = school.a_class()
    school.member(group, ada, Role.INSTRUCTOR)
    school.member(group, "olga", Role.OBSERVER)
    for name in ("ben", "cleo"):
        school.member(group, name)
    assert "2 students" in text(browser.get(LIST))


def test_an_archived_class_is_put_away(browser: Browser, ada: User) -> None:
    school.member(school.a_class(archived_at=timezone.now()), ada)
    page = text(browser.get(LIST))
    assert "Archived (1)" in page
    assert "You learn" not in page


@pytest.mark.parametrize("number", [3, 30])
def test_many_classes_take_no_more_queries(
    browser: Browser, ada: User, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for at in range(number):
        group = school.a_class(f"Group {at}")
        school.member(group, ada, Role.INSTRUCTOR if at % 2 else Role.STUDENT)
        school.member(group, walks.person(f"student-{at}"))
    with django_assert_num_queries(4):  # the session, the person, the classes, those that let nobody know yet
        browser.get(LIST)


def test_the_header_leads_there(browser: Browser, anonymous: Browser) -> None:
    link = f'<a href="{reverse("classes:list")}">Classes</a>'
    assert link in browser.get("/").content.decode()
    assert link not in anonymous.get("/").content.decode()
