"""Tokens: shown once, kept as a digest, made and revoked by instructors only."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes import people
from labportal.classes.models import LabClass, Membership
from labportal.redaction import redact
from labportal.results import tokens
from labportal.results.models import ApiToken
from tests.classes.school import Role, a_class, member
from tests.portal.browsing import Browser, text
from tests.results.test_api import ask

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"lab_[\w-]{43}")


@pytest.fixture
def lab_class() -> LabClass:
    return a_class()


@pytest.fixture
def teacher(lab_class: LabClass) -> Membership:
    return member(lab_class, "teacher", Role.INSTRUCTOR)


def tokens_page(lab_class: LabClass) -> str:
    return reverse("results:tokens", args=[lab_class.pk])


def make(browser: Browser, lab_class: LabClass, name: str = "gradebook", days: str = "30") -> str:
    answer = browser.post(tokens_page(lab_class), {"name": name, "days": days})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    shown: set[str] = set(TOKEN.findall(answer.content.decode()))
    (token,) = shown
    return token


def test_a_token_is_shown_once_and_opens_its_class(lab_class: LabClass, teacher: Membership) -> None:
    browser = Browser(teacher.user)
    token = make(browser, lab_class)
    assert ask(token, "class").json()["id"] == lab_class.pk
    again = browser.get(tokens_page(lab_class))
    assert TOKEN.search(again.content.decode()) is None
    assert f"gradebook …{token[-4:]}" in text(again)
    assert "Made by teacher. Good until" in text(again)


def test_only_what_recognises_it_is_kept(lab_class: LabClass, teacher: Membership) -> None:
    token = make(Browser(teacher.user), lab_class)
    row = ApiToken.objects.get()
    assert row.digest == sha256(token.encode()).hexdigest()
    assert row.expires_at - row.created_at == pytest.approx(timedelta(days=30), abs=timedelta(seconds=5))
    for table in ("results_apitoken", "django_session", "classes_act", "django_admin_log"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            assert token not in str(cursor.fetchall()), table


@pytest.mark.parametrize("where", ["/api/v1/class?key={}", "{}", "Authorization: Token {}", '{{"key": "{}"}}'])
def test_one_that_is_sent_in_the_wrong_place_is_in_no_log(lab_class: LabClass, teacher: Membership, where: str) -> None:
    token = make(Browser(teacher.user), lab_class)
    assert redact(where.format(token)) == where.format("[redacted]")


def test_its_use_is_noted_once_a_minute(lab_class: LabClass, teacher: Membership) -> None:
    token = make(Browser(teacher.user), lab_class)
    assert ApiToken.objects.get().last_used_at is None
    ask(token, "class")
    first = ApiToken.objects.get().last_used_at
    ask(token, "class")
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    ask(token, "class")
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    assert noted >= first
    assert "Last used" in text(Browser(teacher.user).get(tokens_page(lab_class)))


def test_a_revoked_token_opens_nothing(lab_class: LabClass, teacher: Membership) -> None:
    browser = Browser(teacher.user)
    token, other = make(browser, lab_class), make(browser, lab_class, "another")
    row = ApiToken.objects.get(name="gradebook")
    answer = browser.client.post(reverse("results:revoke", args=[lab_class.pk, row.pk]), follow=True)
    assert "The token for gradebook is revoked." in text(answer)
    assert (ask(token, "class").status_code, ask(other, "class").status_code) == (401, 200)


def test_a_token_that_reads_an_archived_class_can_be_revoked(lab_class: LabClass, teacher: Membership) -> None:
    browser = Browser(teacher.user)
    token = make(browser, lab_class)
    LabClass.objects.filter(pk=lab_class.pk).update(archived_at=timezone.now())
    assert ask(token, "class").status_code == 200
    browser.post(reverse("results:revoke", args=[lab_class.pk, ApiToken.objects.get().pk]))
    assert ask(token, "class").status_code == 401


def test_any_instructor_may_revoke_it(lab_class: LabClass, teacher: Membership) -> None:
    token = make(Browser(teacher.user), lab_class)
    second = Browser(member(lab_class, "second", Role.INSTRUCTOR).user)
    second.post(reverse("results:revoke", args=[lab_class.pk, ApiToken.objects.get().pk]))
    assert ask(token, "class").status_code == 401


def test_a_token_of_another_class_is_not_there(lab_class: LabClass, teacher: Membership) -> None:
    other = a_class("Another")
    stranger = member(other, "stranger", Role.INSTRUCTOR)
    make(Browser(teacher.user), lab_class)
    answer = Browser(stranger.user).post(reverse("results:revoke", args=[other.pk, ApiToken.objects.get().pk]))
    assert answer.status_code == 404
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(("role", "status"), [(Role.OBSERVER, 403), (Role.STUDENT, 403), (None, 404)])
def test_nobody_else_may_make_see_or_revoke_them(
    lab_class: LabClass, teacher: Membership, role: Role | None, status: int
) -> None:
    make(Browser(teacher.user), lab_class)
    who = Browser(member(lab_class if role else a_class("Another"), "somebody", role or Role.INSTRUCTOR).user)
    revoke = reverse("results:revoke", args=[lab_class.pk, ApiToken.objects.get().pk])
    assert who.get(tokens_page(lab_class)).status_code == status
    assert who.post(tokens_page(lab_class), {"name": "mine", "days": "7"}).status_code == status
    assert who.post(revoke).status_code == status
    assert ApiToken.objects.count() == 1


def test_an_observer_is_not_shown_the_way_there(lab_class: LabClass) -> None:
    watcher = Browser(member(lab_class, "watcher", Role.OBSERVER).user)
    answer = watcher.get(reverse("results:results", args=[lab_class.pk]))
    assert answer.status_code == 200
    assert tokens_page(lab_class) not in answer.content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"name": "", "days": "30"}, {"name": "x", "days": "9999"}, {"name": "x" * 61, "days": "7"}]
)
def test_what_cannot_be_made_is_said(lab_class: LabClass, teacher: Membership, data: dict[str, str]) -> None:
    answer = Browser(teacher.user).post(tokens_page(lab_class), data)
    assert (answer.status_code, b"field-error" in answer.content) == (400, True)
    assert not ApiToken.objects.exists()


def test_there_is_a_bound_to_how_many(lab_class: LabClass, teacher: Membership) -> None:
    for number in range(tokens.MOST):
        tokens.make(lab_class, teacher.user, f"token {number}", 7)
    answer = Browser(teacher.user).post(tokens_page(lab_class), {"name": "one more", "days": "7"})
    assert (answer.status_code, "20 tokens at most" in text(answer)) == (400, True)
    assert ApiToken.objects.count() == tokens.MOST


def test_one_that_is_good_for_nothing_any_more_is_told_as_such(lab_class: LabClass, teacher: Membership) -> None:
    make(Browser(teacher.user), lab_class)
    second = Browser(member(lab_class, "second", Role.INSTRUCTOR).user)
    assert "It opens nothing" not in text(second.get(tokens_page(lab_class)))
    User.objects.filter(pk=teacher.user_id).update(is_active=False)
    assert "It opens nothing: who made it is no instructor of this class any more, or may not sign in." in text(
        second.get(tokens_page(lab_class))
    )
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "Ran out" in text(second.get(tokens_page(lab_class)))


def back_again(member: Membership) -> None:
    Membership.objects.update_or_create(
        user=member.user, lab_class=member.lab_class, defaults={"role": Role.INSTRUCTOR, "name": member.name}
    )


@pytest.mark.parametrize("end", ["made an observer", "made a student", "removed", "leaves", "admin", "admin removes"])
def test_who_leads_no_more_leaves_no_token_that_sleeps(lab_class: LabClass, teacher: Membership, end: str) -> None:
    second = member(lab_class, "second", Role.INSTRUCTOR)
    mine, theirs = make(Browser(second.user), lab_class), make(Browser(teacher.user), lab_class)
    elsewhere = a_class("Another")
    member(elsewhere, second.user, Role.INSTRUCTOR)
    other = tokens.make(elsewhere, second.user, "of another class", 30)[1]
    chief = Browser(User.objects.create_superuser("chief", password="chief-knows-this-1"))
    match end:
        case "made an observer":
            assert people.change_role(teacher.user, second, Role.OBSERVER)
        case "made a student":
            assert people.change_role(teacher.user, second, Role.STUDENT)
        case "removed":
            assert people.remove(teacher.user, second)
        case "leaves":
            assert Browser(second.user).post(reverse("classes:leave", args=[lab_class.pk])).status_code == 302
        case "admin":
            address = reverse("admin:classes_membership_change", args=[second.pk])
            assert chief.post(address, {"role": "observer", "name": "Second", "email": ""}).status_code == 302
        case _:
            listed = reverse("admin:classes_membership_changelist")
            chief.post(listed, {"action": "delete_selected", "_selected_action": str(second.pk), "post": "yes"})
            assert not Membership.objects.filter(pk=second.pk).exists()
    back_again(second)
    assert [ask(token, "class").status_code for token in (mine, theirs, other)] == [401, 200, 200]


def test_one_that_an_observer_is_left_with_opens_nothing(lab_class: LabClass, teacher: Membership) -> None:
    token = make(Browser(teacher.user), lab_class)
    Membership.objects.filter(pk=teacher.pk).update(role=Role.OBSERVER)
    assert ask(token, "class").status_code == 403


def test_making_one_is_no_business_of_another_site(lab_class: LabClass, teacher: Membership) -> None:
    strict = Browser(teacher.user, enforce_csrf=True)
    assert strict.post(tokens_page(lab_class), {"name": "x", "days": "7"}).status_code == 403
    assert not ApiToken.objects.exists()


def test_an_administrator_sees_which_there_are_and_revokes_one(lab_class: LabClass, teacher: Membership) -> None:
    token = make(Browser(teacher.user), lab_class)
    row = ApiToken.objects.get()
    boss = Browser(type(teacher.user).objects.create_superuser("boss", password="boss-knows-this-1"))
    assert "gradebook" in text(boss.get(reverse("admin:results_apitoken_changelist")))
    one = boss.get(reverse("admin:results_apitoken_change", args=[row.pk])).content.decode()
    assert row.ending in one
    assert row.digest not in one
    assert boss.get(reverse("admin:results_apitoken_add")).status_code == 403
    boss.post(reverse("admin:results_apitoken_delete", args=[row.pk]), {"post": "yes"})
    assert ask(token, "class").status_code == 401
