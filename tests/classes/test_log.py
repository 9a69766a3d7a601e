"""The log of a class: a line for what was done at once, found by who, what, whom and when, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labportal.accounts.deletion import delete_person
from labportal.accounts.models import User
from labportal.classes.audit import ACTS_A_PAGE, note_act, one_deed
from labportal.classes.log import NO_MEMBER, PARTS_A_PAGE
from labportal.classes.models import Act, LabClass, Membership
from tests.classes.school import Role, a_class, member
from tests.portal import walks
from tests.portal.browsing import Browser, text

Kind = Act.Kind
CHECKED = "checked all your tasks"


@pytest.fixture
def teacher(db: None) -> User:
    return walks.person("teacher")


@pytest.fixture
def group(teacher: User) -> LabClass:
    group = a_class()
    member(group, teacher, Role.INSTRUCTOR)
    return group


@pytest.fixture
def staff(teacher: User, group: LabClass) -> Browser:
    return Browser(teacher)


def address(group: LabClass) -> str:
    return reverse("classes:log", args=[group.pk])


def a_round(by: User, group: LabClass, *students: Membership) -> Act:
    deed = one_deed(Kind.ROUND, 2)
    for one in students:
        note_act(by, one.user, group, Kind.ROUND, CHECKED, deed=deed)
    return Act.objects.get(deed=deed)


def at(moment: str, *acts: Act) -> None:
    Act.objects.filter(pk__in=[one.pk for one in acts]).update(at=datetime.fromisoformat(moment).replace(tzinfo=UTC))


def lines(answer_text: str) -> int:
    return answer_text.count(CHECKED)


def test_what_was_done_at_once_is_one_line_that_opens_to_its_people(
    staff: Browser, teacher: User, group: LabClass
) -> None:
    students = [member(group, name) for name in ("sam", "eve", "tom")]
    line = a_round(teacher, group, *students)
    note_act(teacher, students[0].user, group, Kind.CHECK, "checked Task 2 for you")
    page = staff.get(address(group))
    assert lines(text(page)) == 1
    assert "3 people checked all your tasks" in text(page)
    assert "Sam checked Task 2 for you" in text(page)
    opened = reverse("classes:log_line", args=[group.pk, line.pk])
    assert f'href="{opened}"' in page.content.decode()
    inside = text(staff.get(opened))
    assert "For 3 people “teacher checked all your tasks”" in inside
    assert {"Sam", "Eve", "Tom"} <= set(inside.split())


def test_each_person_reads_their_own_as_before(teacher: User, group: LabClass) -> None:
    sam, eve = member(group, "sam"), member(group, "eve")
    a_round(teacher, group, sam, eve)
    for one in (sam, eve):
        assert lines(text(Browser(one.user).get("/accounts/acts/"))) == 1
        assert Act.objects.get(person=one.user).text == CHECKED


def test_the_line_stays_when_who_came_first_in_it_is_gone(staff: Browser, teacher: User, group: LabClass) -> None:
    sam, eve = member(group, "sam"), member(group, "eve")
    line = a_round(teacher, group, sam, eve)
    assert delete_person(sam.user)
    assert "1 person checked all your tasks" in text(staff.get(address(group)))
    assert delete_person(eve.user)
    assert "Nobody who still has an account" in text(staff.get(address(group)))
    assert staff.get(reverse("classes:log_line", args=[group.pk, line.pk])).status_code == 200


def test_what_was_done_for_others_is_told_once_for_each(teacher: User, group: LabClass) -> None:
    a_round(teacher, group, member(group, "sam"), member(group, "eve"))
    kept = Browser(teacher).get(reverse("accounts:download")).json()
    assert len(kept["what you did for others"]) == 2


def test_one_student_is_found_in_what_was_done_at_once_too(staff: Browser, teacher: User, group: LabClass) -> None:
    sam, eve = member(group, "sam", name="Sám Smith"), member(group, "eve")
    a_round(teacher, group, sam, eve)
    note_act(teacher, sam.user, group, Kind.CHECK, "checked Task 2 for you")
    note_act(teacher, eve.user, group, Kind.CHECK, "checked Task 3 for you")
    page = text(staff.get(address(group), data={"student": "smith SAM"}))
    assert f"Sám Smith {CHECKED}" in page
    assert "Task 2" in page
    assert "Task 3" not in page
    assert "people" not in page.partition("What they read")[2].partition("Using Azure")[0]


def test_lines_are_found_by_what_who_and_when(staff: Browser, teacher: User, group: LabClass) -> None:
    LabClass.objects.update(time_zone="Asia/Tokyo")
    olga = member(group, "olga", Role.INSTRUCTOR)
    gone = walks.person("gone")
    sam = member(group, "sam").user
    at("2026-03-01T14:59", note_act(teacher, sam, group, Kind.CHECK, "one"))  # the last minute of 1 March in Tokyo
    at("2026-03-01T15:00", note_act(olga.user, sam, group, Kind.RESET, "two"))
    at("2026-03-02T15:00", note_act(gone, sam, group, Kind.LOOKED, "three"))

    def found(**wanted: str) -> set[str]:
        page = text(staff.get(address(group), data=wanted)).partition("What they read")[2]
        return {word for word in ("one", "two", "three") if f" {word} " in page}

    assert found() == {"one", "two", "three"}
    assert found(what="reset") == {"two"}
    assert found(who=str(teacher.pk)) == {"one"}
    assert found(who="gone") == {"three"}
    assert found(since="2026-03-02") == {"two", "three"}
    assert found(until="2026-03-01") == {"one"}
    assert found(since="2026-03-02", until="2026-03-02") == {"two"}
    assert found(student="sam", what="looked") == {"three"}
    assert found(student="nobody") == set()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"what": "murder"},
        {"who": "999999"},
        {"who": "\x00"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"student": "x" * 200},
    ],
)
def test_what_cannot_be_looked_for_is_said(staff: Browser, group: LabClass, nonsense: dict[str, str]) -> None:
    answer = staff.get(address(group), data=nonsense)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_what_is_looked_for_stays_from_page_to_page(staff: Browser, teacher: User, group: LabClass) -> None:
    sam = member(group, "sam").user
    for _ in range(ACTS_A_PAGE + 1):
        note_act(teacher, sam, group, Kind.CHECK, "checked")
        note_act(teacher, sam, group, Kind.RESET, "began anew")
    page = staff.get(address(group), data={"what": "reset", "student": "sam"})
    assert "Page 1 of 2" in text(page)
    assert 'href="?what=reset&amp;student=sam&amp;page=2"' in page.content.decode()
    second = text(staff.get(address(group), data={"what": "reset", "student": "sam", "page": "2"}))
    assert (second.count("began anew"), second.count("checked")) == (1, 0)


def test_a_line_of_another_class_or_of_one_person_is_not_opened(staff: Browser, teacher: User, group: LabClass) -> None:
    other = a_class("Other")
    line = a_round(teacher, other, member(other, "sam"))
    single = note_act(teacher, member(group, "eve").user, group, Kind.CHECK, "checked Task 2 for you")
    for act in (line, single):
        assert staff.get(reverse("classes:log_line", args=[group.pk, act.pk])).status_code == 404


def test_who_has_left_is_not_told_by_what_another_class_calls_them(
    staff: Browser, teacher: User, group: LabClass
) -> None:
    sam = member(group, "sam")
    note_act(teacher, sam.user, group, Kind.CHECK, "checked Task 2 for you")
    line = a_round(teacher, group, sam)
    sam.delete()
    member(a_class("Other"), sam.user, name="Samuel Secret")
    inside = reverse("classes:log_line", args=[group.pk, line.pk])
    for where in (address(group), inside):
        page = text(staff.get(where))
        assert NO_MEMBER in page
        assert "Secret" not in page
    assert "Nothing of the kind was done." in text(staff.get(address(group), data={"student": "secret"}))


def test_a_long_log_costs_no_more(staff: Browser, teacher: User, group: LabClass) -> None:
    def queries(where: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(where).status_code == 200
        return len(asked)

    sam = member(group, "sam")
    line = a_round(teacher, group, sam)
    note_act(teacher, sam.user, group, Kind.CHECK, "checked Task 2 for you")
    inside = reverse("classes:log_line", args=[group.pk, line.pk])
    asked = [address(group), f"{address(group)}?student=s&what=round", inside]
    few = [queries(one) for one in asked]
    students = [member(group, f"s{number}") for number in range(PARTS_A_PAGE + 1)]
    for _ in range(3):
        a_round(teacher, group, *students)
    Act.objects.bulk_create(
        Act(by=teacher, by_name="teacher", person=one.user, lab_class=group, kind=Kind.ROUND, text="x", part_of=line)
        for one in students
    )
    assert [queries(one) for one in asked] == few
    assert "Page 1 of 2" in text(staff.get(inside))
