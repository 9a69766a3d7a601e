"""What is done on somebody's behalf stands where they can read it, and in the log of the class."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.audit import ACTS_A_PAGE, note_act
from labportal.classes.log import NO_MEMBER
from labportal.classes.models import Act, LabClass, Membership
from tests.classes.school import Role, a_class, member
from tests.portal import walks
from tests.portal.browsing import Browser, text

MINE = "/accounts/acts/"


@pytest.fixture
def teacher(db: None) -> User:
    return walks.person("teacher")


@pytest.fixture
def group(ada: User, teacher: User) -> LabClass:
    group = a_class()
    member(group, teacher, Role.INSTRUCTOR)
    member(group, ada, name="Ada Lovelace")
    return group


def log_of(lab_class: LabClass) -> str:
    return reverse("classes:log", args=[lab_class.pk])


def queries(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_a_person_reads_who_did_what_for_them(browser: Browser, ada: User, teacher: User, group: LabClass) -> None:
    note_act(teacher, ada, group, Act.Kind.CHECK, "checked Task 2 for you")
    page = text(browser.get(MINE))
    assert "teacher checked Task 2 for you Monday group" in page
    assert "nobody has acted for you" not in page


def test_and_nothing_of_others(browser: Browser, teacher: User, group: LabClass) -> None:
    note_act(teacher, member(group, "eve").user, group, Act.Kind.CHECK, "checked Task 4 for you")
    page = text(browser.get(MINE))
    assert "Task 4" not in page
    assert "nobody has acted for you" in page


def test_what_was_done_outlives_the_class(browser: Browser, ada: User, teacher: User, group: LabClass) -> None:
    note_act(teacher, ada, group, Act.Kind.CHECK, "checked Task 2 for you")
    group.delete()
    assert "teacher checked Task 2 for you" in text(browser.get(MINE))


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.OBSERVER])
def test_who_teaches_reads_the_log_of_the_class(ada: User, teacher: User, group: LabClass, role: Role) -> None:
    reader = member(group, "reader", role).user
    note_act(teacher, ada, group, Act.Kind.LOOKED, "looked at your lab as you see it")
    note_act(teacher, ada, a_class("Tuesday group"), Act.Kind.CHECK, "checked Task 3 for you")
    page = text(Browser(reader).get(log_of(group)))
    assert "teacher Ada Lovelace looked at your lab as you see it" in page
    assert "Task 3" not in page


def test_who_has_left_is_not_named_in_the_log_any_more(ada: User, teacher: User, group: LabClass) -> None:
    note_act(teacher, ada, group, Act.Kind.CHECK, "checked Task 2 for you")
    Membership.objects.get(user=ada).delete()
    page = text(Browser(teacher).get(log_of(group)))
    assert f"teacher {NO_MEMBER} checked Task 2 for you" in page
    assert "ada" not in page.lower()


def test_what_stands_there_is_text(browser: Browser, ada: User, teacher: User, group: LabClass) -> None:
    note_act(teacher, ada, group, Act.Kind.ROLE, "made you an observer of <script>alert(1)</script>")
    for page in (browser.get(MINE), Browser(teacher).get(log_of(group))):
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_both_are_paged_and_cost_the_same_however_long(
    browser: Browser, ada: User, teacher: User, group: LabClass
) -> None:
    note_act(teacher, ada, group, Act.Kind.CHECK, "checked Task 0 for you")
    staff = Browser(teacher)
    few = queries(browser, MINE), queries(staff, log_of(group))
    others = [member(group, f"student-{number}").user for number in range(ACTS_A_PAGE)]
    for person in (ada, *others):
        Act.objects.bulk_create(
            Act(by=teacher, by_name="teacher", person=person, lab_class=group, kind="check", text=f"number {number}")
            for number in range(ACTS_A_PAGE)
        )
    assert (queries(browser, MINE), queries(staff, log_of(group))) == few
    first, second = text(browser.get(MINE)), text(browser.get(f"{MINE}?page=2"))
    assert "Page 1 of 2 Older" in first
    assert "checked Task 0 for you" not in first
    assert "checked Task 0 for you" in second
    assert "Newer Page 2 of 2" in text(browser.get(f"{MINE}?page=nonsense&page=99"))
