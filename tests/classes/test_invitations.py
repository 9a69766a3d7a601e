"""Invitations for one person: made, sent as a table, accepted once, withdrawn."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import Invitation, LabClass, Membership
from labportal.classes.sheets import harmless
from tests.classes import school
from tests.portal import walks
from tests.portal.browsing import Browser, text

Role = Membership.Role


@pytest.fixture
def group(ada: User) -> LabClass:
    """Ada's."""
    made = school.a_class()
    school.member(made, ada, Role.INSTRUCTOR)
    return made


def invited(group: LabClass, name: str = "Grace Hopper", **more: object) -> Invitation:
    return Invitation.objects.create(lab_class=group, name=name, **more)


def link(invitation: Invitation) -> str:
    return reverse("classes:invitation", args=[invitation.token])


def of_class(name: str, group: LabClass) -> str:
    return reverse(f"classes:{name}", args=[group.pk])


def test_an_instructor_gets_a_link_for_one_person(browser: Browser, group: LabClass) -> None:
    data = {"name": " Ivo  Ivanov ", "email": "Ivo@Example.org", "role": "instructor"}
    answer = browser.post(of_class("invite_one", group), data)
    assert answer.headers["Location"] == of_class("invitations", group)
    made = Invitation.objects.get()
    assert (made.lab_class, made.name, made.email, made.role) == (group, "Ivo Ivanov", "ivo@example.org", "instructor")
    assert f"http://testserver{link(made)}" in text(browser.get(of_class("invitations", group)))


def test_the_same_address_is_not_invited_twice(browser: Browser, group: LabClass) -> None:
    invited(group, email="grace@example.org")
    school.member(group, "sam", email="sam@example.org")
    for email, said in (("GRACE@example.org", "invited already"), ("sam@Example.org", "in the class already")):
        answer = browser.post(of_class("invite_one", group), {"name": "X", "email": email, "role": "student"})
        assert answer.status_code == 422
        assert said in text(answer)
    assert Invitation.objects.count() == 1


def test_who_has_left_may_be_invited_again(browser: Browser, group: LabClass) -> None:
    invited(group, email="grace@example.org", accepted_at=timezone.now())
    data = {"name": "Grace", "email": "grace@example.org", "role": "student"}
    assert browser.post(of_class("invite_one", group), data).status_code == 302


def test_whoever_accepts_is_taken_for_them(group: LabClass) -> None:
    invitation = invited(group, email="grace@example.org")
    grace = walks.person("grace")
    answer = Browser(grace).post(link(invitation))
    assert answer.headers["Location"] == reverse("labs:lab", args=[group.lab_id])
    member = group.memberships.get(user=grace)
    assert (member.name, member.email, member.role) == ("Grace Hopper", "grace@example.org", Role.STUDENT)
    assert member.standing is not None
    invitation.refresh_from_db()
    assert invitation.accepted_by == grace


def test_opening_a_link_uses_nothing_up(anonymous: Browser, group: LabClass) -> None:
    invitation = invited(group)
    for _ in range(2):
        assert "An invitation for Grace Hopper" in text(anonymous.get(link(invitation)))
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(is_guest=True).exists()


def test_a_link_works_once(group: LabClass) -> None:
    invitation = invited(group)
    grace = Browser(walks.person("grace"))
    grace.post(link(invitation))
    answer = Browser(walks.person("eve")).post(link(invitation))
    assert answer.status_code == 403
    assert "has been used already" in text(answer)
    assert group.memberships.count() == 2
    assert grace.get(link(invitation)).headers["Location"] == reverse("labs:lab", args=[group.lab_id])


def test_two_who_accept_at_once_are_not_both_taken(group: LabClass) -> None:
    """The second has opened the page before the first accepted, and its row was read before, too."""
    from labportal.classes import joining

    invitation = invited(group)
    assert joining.accept(walks.person("grace"), invitation) is not None
    assert joining.accept(walks.person("eve"), invitation) is None
    assert group.memberships.count() == 2


def test_a_student_may_come_as_a_guest_and_closed_joining_does_not_matter(anonymous: Browser, group: LabClass) -> None:
    LabClass.objects.update(door="closed")
    anonymous.post(link(invited(group)))
    assert group.memberships.get(name="Grace Hopper").user.is_guest


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.INSTRUCTOR])
def test_who_teaches_needs_an_account(anonymous: Browser, group: LabClass, role: Membership.Role) -> None:
    invitation = invited(group, role=role)
    guest = Browser(walks.person("guest-1", guest=True))
    for who in (anonymous, guest):
        page = who.post(link(invitation))
        assert "Who teaches needs an account" in text(page)
        assert f"{reverse('accounts:sign_up')}?next={link(invitation)}" in page.content.decode()
    assert group.memberships.count() == 1
    ivo = walks.person("ivo")
    answer = Browser(ivo).post(link(invitation))
    assert group.memberships.get(user=ivo).role == role
    assert "/classes/" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("is_now", "asked_to_be", "becomes"),
    [
        (Role.STUDENT, Role.INSTRUCTOR, Role.INSTRUCTOR),
        (Role.OBSERVER, Role.INSTRUCTOR, Role.INSTRUCTOR),
        (Role.INSTRUCTOR, Role.OBSERVER, Role.INSTRUCTOR),
        (Role.INSTRUCTOR, Role.STUDENT, Role.INSTRUCTOR),
        (Role.STUDENT, Role.STUDENT, Role.STUDENT),
    ],
)
def test_who_is_in_the_class_rises_and_does_not_fall(
    group: LabClass, is_now: Membership.Role, asked_to_be: Membership.Role, becomes: Membership.Role
) -> None:
    member = school.member(group, "mia", is_now)
    Browser(member.user).post(link(invited(group, role=asked_to_be)))
    member.refresh_from_db()
    assert (member.role, member.name) == (becomes, "Mia")
    assert (member.standing is not None) == (becomes == Role.STUDENT)


def test_an_archived_class_takes_nobody(group: LabClass) -> None:
    LabClass.objects.update(archived_at=timezone.now())
    answer = Browser(walks.person("grace")).post(link(invited(group)))
    assert answer.status_code == 403
    assert "has been archived" in text(answer)
    assert group.memberships.count() == 1


def test_a_link_that_nobody_made_leads_nowhere(anonymous: Browser, db: None) -> None:
    assert anonymous.get("/invitations/made-up/").status_code == 404


def test_a_withdrawn_link_leads_nowhere(browser: Browser, anonymous: Browser, group: LabClass) -> None:
    invitation = invited(group)
    browser.post(reverse("classes:withdraw", args=[group.pk, invitation.pk]))
    assert anonymous.get(link(invitation)).status_code == 404


def test_an_accepted_one_is_not_withdrawn(browser: Browser, group: LabClass) -> None:
    invitation = invited(group, accepted_at=timezone.now())
    browser.post(reverse("classes:withdraw", args=[group.pk, invitation.pk]))
    assert Invitation.objects.filter(pk=invitation.pk).exists()
    assert "has accepted it meanwhile" in text(browser.get(of_class("invitations", group)))


def test_nobody_withdraws_for_another_class(browser: Browser, group: LabClass) -> None:
    other = invited(school.a_class("Other"))
    assert browser.post(reverse("classes:withdraw", args=[group.pk, other.pk])).status_code == 404
    assert Invitation.objects.filter(pk=other.pk).exists()


def test_the_open_ones_are_a_table_with_links(browser: Browser, group: LabClass) -> None:
    first = invited(group, email="grace@example.org")
    evil = invited(group, name="=HYPERLINK(1)", role=Role.OBSERVER)
    invited(group, name="Has come", accepted_at=timezone.now())
    invited(school.a_class("Other"), name="Elsewhere")
    answer = browser.get(of_class("invitations_sheet", group))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf"), "so that spreadsheets take it for UTF-8"
    assert list(csv.reader(StringIO(answer.content.decode("utf-8-sig")))) == [
        ["name", "email", "role", "link"],
        ["'=HYPERLINK(1)", "", "Observer", f"http://testserver{link(evil)}"],
        ["Grace Hopper", "grace@example.org", "Student", f"http://testserver{link(first)}"],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n1", "  =1", "\uff1d1"])
def test_no_cell_is_computed(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_other_cells_are_as_they_were() -> None:
    assert [harmless(cell) for cell in ("", "Ada", "a=b", "http://x/-a")] == ["", "Ada", "a=b", "http://x/-a"]
