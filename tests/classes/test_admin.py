"""Classes in Django's admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.accounts.models import User
from labportal.classes.models import Invitation, Membership
from tests.classes import school
from tests.portal.browsing import Browser, text


@pytest.fixture
def chief(db: None) -> Browser:
    return Browser(User.objects.create_superuser("chief", password="a-long-pass-phrase-7"))


def test_classes_people_and_invitations_are_found(chief: Browser) -> None:
    group = school.a_class(code="ABCD2345")
    school.member(group, "sam")
    Invitation.objects.create(lab_class=group, name="Grace", token="not-for-the-admin")
    for model, query, shown in (
        ("labclass", "abcd", "Monday"),
        ("membership", "sam", "Sam"),
        ("invitation", "", "Grace"),
    ):
        page = chief.get(reverse(f"admin:classes_{model}_changelist"), data={"q": query})
        assert shown in text(page)
        (row,) = {"labclass": [group], "membership": group.memberships.all(), "invitation": Invitation.objects.all()}[
            model
        ]
        one = chief.get(reverse(f"admin:classes_{model}_change", args=[row.pk]))
        assert one.status_code == 200
        assert "not-for-the-admin" not in one.content.decode()


def test_a_role_that_the_admin_changes_keeps_standings_right(chief: Browser) -> None:
    sam = school.member(school.a_class(), "sam")
    address = reverse("admin:classes_membership_change", args=[sam.pk])
    data = {"name": "Sam", "email": ""}
    for role, kept in (("observer", False), ("student", True)):
        assert chief.post(address, data | {"role": role}).status_code == 302
        sam.refresh_from_db()
        assert (sam.role, sam.standing is not None) == (Membership.Role(role), kept)


def test_whose_membership_it_is_is_not_exchanged(chief: Browser) -> None:
    sam, eve = school.member(school.a_class(), "sam"), school.member(school.a_class(), "eve")
    address = reverse("admin:classes_membership_change", args=[sam.pk])
    data = {"lab_class": str(eve.lab_class_id), "user": str(eve.user_id), "name": "Sam", "email": "", "role": "student"}
    assert chief.post(address, data).status_code == 302
    assert Membership.objects.filter(pk=sam.pk, user=sam.user, lab_class=sam.lab_class).exists()
    assert chief.post(reverse("admin:classes_membership_add"), data | {"user": str(sam.user_id)}).status_code == 302
    assert Membership.objects.filter(user=sam.user, lab_class=eve.lab_class).exists(), "somebody is put into a class"


def test_a_class_is_changed_and_not_made_there(chief: Browser) -> None:
    group = school.a_class(points={"create-vault": 7})
    assert chief.get(reverse("admin:classes_labclass_add")).status_code == 403
    address = reverse("admin:classes_labclass_change", args=[group.pk])
    data = {
        **{"name": "Tuesday group", "cloud": "practice", "lab_id": "no-such-lab", "points": "[]", "late": "full"},
        **{"late_percent": "10", "stuck_failures": "3", "stuck_idle_minutes": "10", "door": "open"},
    }
    assert "not one of the available choices" in text(chief.post(address, data | {"time_zone": "Moon/Far_side"}))
    assert chief.post(address, data | {"time_zone": "Asia/Tokyo"}).status_code == 302
    lab_id, points = group.lab_id, group.points
    group.refresh_from_db()
    assert (group.name, group.time_zone, group.lab_id, group.points) == ("Tuesday group", "Asia/Tokyo", lab_id, points)
