"""Making a class, what is set in it, copying it and putting it away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.forms import SettingsForm
from labportal.classes.models import Act, LabClass, Membership
from labportal.results.points import rules_of
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role
NEW = "/classes/new/"
A_CLASS = {
    "name": "Monday group",
    "starts_at": "2026-12-01T09:00",
    "due_at": "2026-12-03T18:00",
    "time_zone": "Europe/Berlin",
    "allows_hints": "on",
}


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's, with a student."""
    made = school.a_class()
    school.member(made, ada, Role.INSTRUCTOR)
    school.member(made, "sam")
    return made


def settings_of(group: LabClass, **changed: str) -> dict[str, str]:
    worth = {f"points_{task.id}": "10" for task in walks.LAB.tasks}
    assert walks.LAB.challenge is not None
    return {
        **A_CLASS,
        **worth,
        f"points_{walks.LAB.challenge.id}": "0",
        "late": "full",
        "late_percent": "10",
        "stuck_failures": "3",
        "stuck_idle_minutes": "10",
        **changed,
    }


def address(name: str, group: LabClass) -> str:
    return reverse(f"classes:{name}", args=[group.pk])


def test_whoever_makes_a_class_teaches_it(browser: Browser, ada: User) -> None:
    answer = browser.post(NEW, A_CLASS)
    made = LabClass.objects.get()
    assert answer.headers["Location"] == address("invite", made)
    member = made.memberships.get()
    assert (member.user, member.role, member.standing) == (ada, Role.INSTRUCTOR, None)
    assert (made.name, made.lab_id, made.cloud) == ("Monday group", walks.LAB.id, LabClass.Cloud.PRACTICE)
    assert (made.allows_hints, made.allows_carry_out) == (True, False), "a box that is not ticked is off"


def test_dates_are_meant_as_clocks_show_them_there(browser: Browser, group: LabClass) -> None:
    browser.post(address("settings", group), settings_of(group))
    group.refresh_from_db()
    assert group.due_at == datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
    page = browser.get(address("settings", group)).content.decode()
    assert 'value="2026-12-03T18:00"' in page
    assert "Due 3 December 2026, 18:00 (Europe/Berlin)" in text(browser.get("/classes/"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due_at": "2026-12-01T09:00"}, "not after the beginning"),
        ({"due_at": "2027-03-28T02:30"}, "because they change that night"),
        ({"starts_at": "2026-10-25T02:30"}, "because they change that night"),
        ({"time_zone": "Europe/Atlantis"}, "not one of the available choices"),
        ({"due_at": "tomorrow"}, "Enter a valid date/time"),
        ({"name": "   "}, "This field is required"),
        ({"late_percent": "101"}, "less than or equal to 100"),
        ({"stuck_failures": "1"}, "greater than or equal to 2"),
        ({f"points_{walks.TASK.id}": "-1"}, "greater than or equal to 0"),
        ({f"points_{walks.TASK.id}": "1001"}, "less than or equal to 1000"),
        ({f"points_{walks.TASK.id}": "2.5"}, "Enter a whole number"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    browser: Browser, group: LabClass, changed: dict[str, str], said: str
) -> None:
    answer = browser.post(address("settings", group), settings_of(group, **changed) | {"allows_repair": ""})
    assert answer.status_code == 422
    assert said in text(answer)
    assert "Monday group" in text(answer), "the frame still has the name that is stored"
    group.refresh_from_db()
    assert (group.due_at, group.points, group.allows_repair) == (None, {}, True)


def test_what_is_not_a_field_of_the_form_cannot_be_set(browser: Browser, group: LabClass) -> None:
    code = group.code
    more = {"code": "AAAAAAAA", "lab_id": "another", "cloud": "own", "archived_at": "2026-01-01", "points": "{}"}
    assert browser.post(address("settings", group), settings_of(group, **more)).status_code == 302
    group.refresh_from_db()
    assert (group.code, group.lab_id, group.cloud, group.archived_at) == (code, walks.LAB.id, "practice", None)


def test_what_a_task_is_worth_is_what_results_count(browser: Browser, group: LabClass) -> None:
    page = browser.get(address("settings", group)).content.decode()
    assert f'name="points_{walks.LAB.tasks[0].id}" value="0"' in page, "before it is set, the usual points stand there"
    assert f'name="points_{walks.TASK.id}" value="10"' in page
    browser.post(address("settings", group), settings_of(group, **{f"points_{walks.TASK.id}": "25"}))
    group.refresh_from_db()
    rules = rules_of(group, walks.LAB)
    assert rules.worth[walks.TASK.id] == 25
    assert rules.challenge is None


def test_settings_hold_every_setting(browser: Browser, group: LabClass) -> None:
    more = {"late": "daily", "late_percent": "25", "stuck_failures": "4", "stuck_idle_minutes": "20"}
    browser.post(address("settings", group), settings_of(group, **more))
    group.refresh_from_db()
    assert (group.late, group.late_percent) == (LabClass.Late.DAILY, 25)
    assert (group.stuck_failures, group.stuck_idle_minutes) == (4, 20)
    assert (group.allows_hints, group.allows_carry_out, group.allows_repair, group.allows_roles) == (
        True,
        False,
        False,
        False,
    )


def test_what_another_instructor_sets_meanwhile_stays(group: LabClass) -> None:
    """A form that was opened before the door was shut writes nothing of the door."""
    form = SettingsForm(settings_of(group), instance=LabClass.objects.get(pk=group.pk))
    assert form.is_valid(), form.errors
    LabClass.objects.filter(pk=group.pk).update(door=LabClass.Door.CLOSED)
    form.save()
    group.refresh_from_db()
    assert group.door == LabClass.Door.CLOSED


def test_a_guest_is_told_how_to_teach(db: None) -> None:
    guest = Browser(walks.person("guest-1", guest=True))
    assert guest.get(NEW).status_code == 403
    assert guest.post(NEW, A_CLASS).status_code == 403
    assert "Sign up first" in text(guest.get(NEW))
    assert not LabClass.objects.exists()
    assert f"{reverse('accounts:sign_up')}?next={NEW}" in guest.get("/classes/").content.decode()


def test_what_the_portal_cannot_do_is_no_choice(browser: Browser, group: LabClass) -> None:
    for page in (browser.get(NEW), browser.get(address("settings", group))):
        assert "own Azure subscriptions cannot be used yet" in text(page)
        assert 'name="cloud"' not in page.content.decode()


def test_an_archived_class_is_read_and_not_changed(browser: Browser, group: LabClass) -> None:
    assert "Archive Monday group?" in text(browser.get(address("archive", group)))
    browser.post(address("archive", group))
    group.refresh_from_db()
    first = group.archived_at
    assert first is not None
    browser.post(address("archive", group))
    group.refresh_from_db()
    assert group.archived_at == first
    assert "Bring it back" in text(browser.get(address("settings", group)))
    assert browser.post(address("settings", group), settings_of(group, name="Other")).status_code == 403
    browser.post(address("bring_back", group))
    assert LabClass.objects.filter(archived_at=None, name="Monday group").exists()


def test_a_copy_has_the_settings_and_no_student(browser: Browser, group: LabClass, ada: User) -> None:
    school.member(group, "olga", Role.OBSERVER)
    ivo = school.member(group, "ivo", Role.INSTRUCTOR)
    LabClass.objects.filter(pk=group.pk).update(
        allows_hints=False, points={walks.TASK.id: 7}, late="nothing", stuck_failures=5, archived_at=timezone.now()
    )
    page = browser.get(address("copy", group)).content.decode()
    assert "Ivo, instructor" in page
    assert "Olga, observer" in page
    assert "Sam," not in page
    assert 'value="Monday group (copy)"' in page
    answer = browser.client.post(
        address("copy", group), {"name": "Next term", "time_zone": "UTC", "staff": [str(ivo.pk)]}
    )
    copy = LabClass.objects.exclude(pk=group.pk).get()
    assert answer.headers["Location"] == address("invite", copy)
    assert {(one.user.username, one.role) for one in copy.memberships.select_related("user")} == {
        ("ada", Role.INSTRUCTOR),
        ("ivo", Role.INSTRUCTOR),
    }
    assert (copy.allows_hints, copy.points, copy.late, copy.stuck_failures) == (
        False,
        {walks.TASK.id: 7},
        "nothing",
        5,
    )
    assert (copy.due_at, copy.archived_at, copy.door) == (None, None, "open")
    assert copy.code != group.code
    act = Act.objects.get()
    assert (act.by, act.person, act.text) == (
        ada,
        ivo.user,
        "made you an instructor of Next term, a copy of Monday group",
    )


def test_neither_a_student_nor_somebody_elses_staff_comes_along(browser: Browser, group: LabClass) -> None:
    sam = group.memberships.get(role=Role.STUDENT)
    stranger = school.member(school.a_class("Other"), "eve", Role.INSTRUCTOR)
    for member in (sam, stranger):
        school.member(group, f"olga-{member.pk}", Role.OBSERVER)
        answer = browser.post(address("copy", group), {"name": "B", "time_zone": "UTC", "staff": str(member.pk)})
        assert answer.status_code == 422
    assert not LabClass.objects.filter(name="B").exists()


def test_two_labs_are_a_choice(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from steps.registry import LABS

    monkeypatch.setitem(LABS, "second", replace(walks.LAB, id="second", title="A second lab"))
    assert "A second lab" in text(browser.get(NEW))
    browser.post(NEW, A_CLASS | {"lab_id": "second"})
    assert LabClass.objects.get().lab_id == "second"
