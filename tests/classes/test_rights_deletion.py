"""Deleting an account: who may, what hinders it, what goes and what stays."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse

from labportal.accounts.deletion import NOBODY, delete_person, what_hinders
from labportal.accounts.models import User
from labportal.classes.models import Act, Invitation, Knock, LabClass, Membership
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.rounds.models import Round
from labportal.runs.models import Attempt
from labportal.support.models import Hand, Message, Note
from tests.classes import people
from tests.classes.school import Role, a_class, member
from tests.portal import walks
from tests.portal.browsing import Browser, text

DELETE = "/accounts/delete/"
MINE = {"password": "ada-knows-this-1"}
State = Attempt.State


@pytest.fixture
def teacher(db: None) -> User:
    return walks.person("teacher")


@pytest.fixture
def group(teacher: User) -> LabClass:
    group = a_class()
    member(group, teacher, Role.INSTRUCTOR)
    return group


def everything_that_names(words: str) -> list[str]:
    """Every row of every table in which these words stand, in any letter case. Letters in the middle of a hash or of
    an id are none."""
    named = re.compile(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", re.IGNORECASE)
    return [
        f"{model._meta.label} {row.get('pk', '')}"
        for model in apps.get_models()
        for row in model._base_manager.values()
        if any(named.search(str(value)) for value in row.values())
    ]


# Who may


def test_the_page_asks_and_a_look_at_it_changes_nothing(browser: Browser, ada: User) -> None:
    page = text(browser.get(DELETE))
    assert "This cannot be taken back." in page
    assert "Your password" in page
    assert User.objects.filter(pk=ada.pk).exists()


@pytest.mark.parametrize("data", [{}, {"password": "wrong"}, {"word": "delete"}, {"password": ""}])
def test_nobody_is_deleted_without_the_password(browser: Browser, ada: User, data: dict[str, str]) -> None:
    assert browser.post(DELETE, data).status_code == 422
    assert User.objects.filter(pk=ada.pk).exists()


def test_the_password_cannot_be_guessed_here_either(browser: Browser, ada: User) -> None:
    for _ in range(10):
        assert "That is not your password." in text(browser.post(DELETE, {"password": "wrong"}))
    assert "Too many wrong passwords" in text(browser.post(DELETE, MINE))
    assert User.objects.filter(pk=ada.pk).exists()


def test_a_guest_types_a_word(db: None) -> None:
    guest = walks.person("guest-1234", guest=True)
    walks.ready_session(guest)
    browser = Browser(guest)
    assert "Type the word delete" in text(browser.get(DELETE))
    assert browser.post(DELETE, {"word": "yes"}).status_code == 422
    assert browser.post(DELETE, {"word": "Delete"}).status_code == 302
    assert not User.objects.exists()


def test_a_forged_click_from_another_site_deletes_nobody(ada: User) -> None:
    assert Browser(ada, enforce_csrf=True).post(DELETE, MINE).status_code == 403
    assert User.objects.filter(pk=ada.pk).exists()


# What goes and what stays


def test_all_that_is_kept_goes(browser: Browser, ada: User, teacher: User, group: LabClass) -> None:
    people.studied(ada, group, teacher)
    walks.ready_session(teacher)
    assert everything_that_names("ada"), "else this shows nothing"
    answer = browser.post(DELETE, MINE, follow=True)
    assert "Your account is deleted, with all that was kept about you." in text(answer)
    assert "Start as a guest" in text(answer), "and signed out"
    assert everything_that_names("ada") == []
    assert (LabSession.objects.count(), Connection.objects.count()) == (1, 1), "the teacher's own"
    assert set(Message.objects.values_list("text", flat=True)) == {"To all"}
    assert not Invitation.objects.exists()


def test_her_other_browsers_are_signed_out(browser: Browser, ada: User) -> None:
    other = Browser(ada)
    browser.post(DELETE, MINE)
    assert other.get(reverse("accounts:account")).status_code == 302
    assert not other.client.login(username="ada", password=MINE["password"])


def test_what_she_did_for_others_stays_without_her_name(ada: User, teacher: User, group: LabClass) -> None:
    eve = member(group, "eve").user
    people.taught(ada, group, eve)
    assert delete_person(ada)
    assert Act.objects.get(person=eve).by_name == NOBODY
    assert Note.objects.get(about=eve).by_name == NOBODY
    assert Message.objects.get().by_name == NOBODY
    stopped = Round.objects.get()
    assert (stopped.by_name, stopped.stopped_by_name, stopped.stopped_by) == (NOBODY, NOBODY, None)
    assert Hand.objects.get().taken_by_name == NOBODY
    assert f"{NOBODY} checked Task 3 for you" in text(Browser(eve).get(reverse("accounts:acts")))
    assert everything_that_names("ada") == []


# What hinders it


def test_the_only_instructor_hands_a_class_over_first(browser: Browser, ada: User) -> None:
    own = a_class("Her own group")
    member(own, ada, Role.INSTRUCTOR)
    member(own, "eve")
    page = text(browser.get(DELETE))
    assert "First make somebody else an instructor, or archive the class: Her own group" in page
    assert "Delete my account" not in page
    assert browser.post(DELETE, MINE).status_code == 422
    assert User.objects.filter(pk=ada.pk).exists()
    member(own, "second", Role.INSTRUCTOR)
    assert browser.post(DELETE, MINE).status_code == 302
    assert Membership.objects.filter(lab_class=own).count() == 2


def test_an_archived_class_stays_and_one_without_students_goes(browser: Browser, ada: User) -> None:
    over = a_class("Last year", archived_at="2026-01-01T00:00Z")
    empty = a_class("Not begun")
    for one in (over, empty):
        member(one, ada, Role.INSTRUCTOR)
    member(over, "eve")
    page = text(browser.get(DELETE))
    assert "Nobody learns in Not begun , and nobody else teaches there: it goes too." in page
    assert "Last year" not in page
    assert browser.post(DELETE, MINE).status_code == 302
    assert list(LabClass.objects.all()) == [over]


@pytest.mark.parametrize("state", [State.QUEUED, State.WAITING])
def test_what_is_under_way_is_cancelled_first(browser: Browser, ada: User, session: LabSession, state: State) -> None:
    walks.attempt(session, state=state)
    assert "Something is under way in your lab. It is cancelled first." in text(browser.get(DELETE))
    assert browser.post(DELETE, MINE).status_code == 302
    assert not User.objects.exists()


def test_what_a_worker_holds_ends_first(browser: Browser, ada: User, session: LabSession) -> None:
    attempt = walks.attempt(session, state=State.RUNNING)
    answer = browser.post(DELETE, MINE)
    assert "It is being cancelled: try again in a moment." in text(answer)
    attempt.refresh_from_db()
    assert attempt.cancel_requested
    assert what_hinders(ada).under_way == (attempt,)
    Attempt.objects.update(state=State.CANCELLED)
    assert browser.post(DELETE, MINE).status_code == 302
    assert not User.objects.exists()


# An administrator


@pytest.mark.parametrize("at_once", [True, False])
def test_an_administrator_deletes_people_in_the_same_way(
    ada: User, teacher: User, group: LabClass, at_once: bool
) -> None:
    chief = Browser(User.objects.create_superuser("chief", password="chief-knows-this-1"))
    people.studied(ada, group, teacher)
    people.taught(ada, a_class("Her own group"), teacher)
    if at_once:
        data = {"action": "delete_selected", "_selected_action": str(ada.pk), "post": "yes"}
        answer = chief.post(reverse("admin:accounts_user_changelist"), data)
    else:
        answer = chief.post(reverse("admin:accounts_user_delete", args=[ada.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=ada.pk).exists()
    assert Act.objects.get(person=teacher).by_name == NOBODY
    assert everything_that_names("ada") == []


def test_the_log_of_the_admin_names_nobody_who_is_gone(ada: User, group: LabClass) -> None:
    chief = Browser(User.objects.create_superuser("chief", password="chief-knows-this-1"))
    hers = member(group, ada, name="Ada Lovelace")
    invited = Invitation.objects.create(lab_class=group, name="Ada L", token="t", accepted_by=ada)
    waits = Knock.objects.create(lab_class=a_class("Other"), user=ada, name="Ada B")
    name = {"name": "Ada King", "email": "", "role": "student"}
    chief.post(reverse("admin:classes_membership_change", args=[hers.pk]), name)
    for kind, key in (("membership", hers.pk), ("invitation", invited.pk), ("knock", waits.pk)):
        chief.post(reverse(f"admin:classes_{kind}_delete", args=[key]), {"post": "yes"})
    LogEntry.objects.log_actions(
        User.objects.get(username="chief").pk, User.objects.filter(pk=ada.pk), CHANGE, "seen", single_object=True
    )
    assert delete_person(User.objects.get(pk=ada.pk))
    assert LogEntry.objects.count() == 5
    assert everything_that_names("ada") == []
