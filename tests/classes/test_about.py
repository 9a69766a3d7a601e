"""What a student sees of a class: what is expected, what is open to them, and where they stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labportal.accounts.models import User
from labportal.classes import zones
from labportal.classes.models import LabClass, Membership
from labportal.standings.models import Standing
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role
DUE = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada learns in it."""
    made = school.a_class()
    school.member(made, "ivo", Role.INSTRUCTOR)
    school.member(made, ada, name="Ada Lovelace")
    return made


def about(group: LabClass) -> str:
    return reverse("classes:about", args=[group.pk])


def test_a_student_reads_what_is_expected(browser: Browser, group: LabClass) -> None:
    LabClass.objects.update(due_at=DUE, time_zone="Asia/Tokyo", allows_repair=False)
    school.member(group, "olga", Role.OBSERVER)
    page = text(browser.get(about(group)))
    assert "4 December 2026, 02:00 (Asia/Tokyo)" in page
    assert "Open to you Hints · tasks carried out by the portal · Azure roles instead of access policies" in page
    assert "Not in this class Repairs by the portal" in page
    assert "Taught by Ivo Watched by Olga Here you are Ada Lovelace" in page
    assert "Those who teach the class see what you do in this lab" in page
    assert reverse("labs:lab", args=[group.lab_id]) in browser.get(about(group)).content.decode()


def test_a_student_sees_nobody_elses_name(browser: Browser, group: LabClass) -> None:
    school.member(group, "sam")
    assert "Sam" not in text(browser.get(about(group)))


def test_a_class_without_a_date_goes_at_everybodys_pace(browser: Browser, group: LabClass) -> None:
    assert "Due At your own pace" in text(browser.get(about(group)))


@pytest.mark.parametrize(
    ("due_in", "stands", "said"),
    [
        (DAY, {}, "Not begun"),
        (DAY, {"begun_at": DUE, "done": 2}, f"2 of {len(walks.LAB.tasks)} done"),
        (-DAY, {"begun_at": DUE, "done": 2}, f"2 of {len(walks.LAB.tasks)} done Late"),
        (-DAY, {}, "Not begun Late"),
        (-DAY, {"begun_at": DUE, "complete_at": -2 * DAY}, "All done in time"),
        (-2 * DAY, {"begun_at": DUE, "complete_at": -DAY}, "All done, late"),
        (DAY, {"begun_at": DUE, "complete_at": -DAY, "mastered_at": DUE}, "All done in time Mastered"),
        (None, {"begun_at": DUE, "complete_at": -DAY}, "All done"),
    ],
)
def test_where_the_student_stands_is_said_with_the_due_date(
    browser: Browser, group: LabClass, due_in: timedelta | None, stands: dict[str, Any], said: str
) -> None:
    now = timezone.now()
    LabClass.objects.update(due_at=now + due_in if due_in else None)
    Standing.objects.update(
        **{name: now + when if isinstance(when, timedelta) else when for name, when in stands.items()}
    )
    assert f"Where you stand {said} " in text(browser.get(about(group)))
    assert said in text(browser.get("/classes/"))


def test_the_list_says_what_is_not_allowed(browser: Browser, group: LabClass) -> None:
    LabClass.objects.update(allows_hints=False, allows_carry_out=False)
    assert "Not in this class: hints, tasks carried out by the portal." in text(browser.get("/classes/"))


@pytest.mark.parametrize("number", [3, 30])
def test_more_people_take_no_more_queries(
    browser: Browser, group: LabClass, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for at in range(number):
        school.member(group, f"s{at}", Role.STUDENT if at % 2 else Role.OBSERVER)
    with django_assert_num_queries(5):  # session, person, seat, standing, staff
        browser.get(about(group))


def test_clocks_are_read_and_written_where_the_class_is() -> None:
    assert zones.moment_of(datetime(2026, 12, 3, 18, 0), "Europe/Berlin") == DUE  # noqa: DTZ001  a clock on a wall
    assert zones.on_the_wall(DUE, "America/New_York") == datetime(2026, 12, 3, 12, 0)  # noqa: DTZ001
    assert zones.written(DUE, "America/New_York") == "3 December 2026, 12:00 (America/New York)"


@pytest.mark.parametrize("wall", [datetime(2027, 3, 28, 2, 30), datetime(2026, 10, 25, 2, 30)])  # noqa: DTZ001
def test_an_hour_that_clocks_skip_or_show_twice_is_no_moment(wall: datetime) -> None:
    with pytest.raises(ValidationError, match="because they change that night"):
        zones.moment_of(wall, "Europe/Berlin")


def test_zones_are_offered_by_part_of_the_world() -> None:
    first, *parts = zones.choices()
    assert first == ("UTC", "UTC")
    names = {name for _, inside in parts for name, _ in inside}  # type: ignore[attr-defined]  # a group's choices
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Australia/Sydney"} <= names
    assert not {"Etc/GMT+5", "US/Eastern", "posixrules"} & names
