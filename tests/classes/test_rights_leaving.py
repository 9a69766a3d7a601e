"""Leaving a class: the membership goes, the walk stays, and no class is left to nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.leaving import end_membership, is_last_instructor
from labportal.classes.models import LabClass, Membership
from labportal.labs.models import LabSession
from labportal.standings.models import Standing
from tests.classes.school import Role, a_class, follow, member
from tests.portal import addresses
from tests.portal.browsing import Browser, text


@pytest.fixture
def group(db: None) -> LabClass:
    group = a_class(allows_carry_out=False)
    member(group, "teacher", Role.INSTRUCTOR)
    return group


def leaving(lab_class: LabClass) -> str:
    return reverse("classes:leave", args=[lab_class.pk])


def test_a_student_leaves_and_keeps_the_walk(browser: Browser, ada: User, session: LabSession, group: LabClass) -> None:
    member(group, ada)
    follow()
    assert "Your walk through the lab stays yours" in text(browser.get(leaving(group)))
    assert Membership.objects.filter(user=ada).exists(), "asking changes nothing"
    answer = browser.post(leaving(group))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("classes:list"))
    assert not Membership.objects.filter(user=ada).exists()
    assert not Standing.objects.filter(user=ada).exists(), "nobody asks any more where they stand"
    assert LabSession.objects.filter(pk=session.pk, ended_at=None).exists()
    assert "Carry it out" in text(browser.get(addresses.task_page(session))), "the class has no say any more"
    assert browser.post(leaving(group)).status_code == 404


def test_where_a_student_stands_stays_for_their_other_class(ada: User, group: LabClass) -> None:
    other = member(a_class("Tuesday group"), ada)
    assert end_membership(member(group, ada))
    assert Standing.objects.filter(memberships=other).count() == 1


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.INSTRUCTOR])
def test_who_teaches_leaves_as_long_as_somebody_leads(group: LabClass, role: Role) -> None:
    second = member(group, "second", role)
    assert "You will not see the class any more." in text(Browser(second.user).get(leaving(group)))
    assert Browser(second.user).post(leaving(group)).status_code == 302
    assert not Membership.objects.filter(pk=second.pk).exists()


def test_the_last_instructor_stays(group: LabClass) -> None:
    last = Membership.objects.get()
    member(group, "watcher", Role.OBSERVER)
    browser = Browser(last.user)
    assert is_last_instructor(last)
    page = browser.get(leaving(group))
    assert "Make somebody else an instructor first" in text(page)
    assert "Leave the class" not in text(page)
    assert "You are the only instructor of this class." in text(browser.post(leaving(group)))
    assert Membership.objects.filter(pk=last.pk).exists()


def test_an_archived_class_can_be_left_too(browser: Browser, ada: User, group: LabClass) -> None:
    member(group, ada)
    LabClass.objects.update(archived_at="2026-01-01T00:00Z")
    assert browser.post(leaving(group)).status_code == 302
    assert not Membership.objects.filter(user=ada).exists()


def test_a_forged_click_from_another_site_has_nobody_leave(ada: User, group: LabClass) -> None:
    member(group, ada)
    assert Browser(ada, enforce_csrf=True).post(leaving(group)).status_code == 403
    assert Membership.objects.filter(user=ada).exists()
