"""Clicks at the same moment: of one person, and of two."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from labportal.classes import joining
from labportal.classes.models import Invitation, Membership
from labportal.classes.people import change_role
from tests.classes import school
from tests.portal import walks

Role = Membership.Role
pytestmark = pytest.mark.django_db(transaction=True)


def together(*clicks: Callable[[], object]) -> list[object]:
    """What each of them answered; they begin at the same moment, each with a connection of its own."""
    start = Barrier(len(clicks))

    def click(one: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clicks)) as pool:
        return list(pool.map(click, clicks))


def test_a_double_click_joins_once() -> None:
    group = school.a_class()
    for at in range(5):
        ada = walks.person(f"ada-{at}")
        one, other = together(*[partial(joining.join, ada, group, "Ada")] * 2)
        assert one == other == group.memberships.get(user=ada)


def test_joining_by_the_code_and_by_an_invitation_at_once_is_one_membership() -> None:
    group = school.a_class()
    for at in range(5):
        ada = walks.person(f"ada-{at}")
        invited = Invitation.objects.create(lab_class=group, name="Ada", email=f"ada-{at}@example.org")
        together(partial(joining.join, ada, group, "Ada"), partial(joining.accept, ada, invited))
        assert group.memberships.filter(user=ada).count() == 1


def test_two_who_open_one_invitation_at_once_are_not_both_let_in() -> None:
    group = school.a_class()
    for at in range(5):
        invited = Invitation.objects.create(lab_class=group, name=f"Ada {at}")
        people = [walks.person(f"{name}-{at}") for name in ("ada", "eve")]
        answers = together(*(partial(joining.accept, who, invited) for who in people))
        assert sorted(answer is None for answer in answers) == [False, True]
        assert group.memberships.filter(name=f"Ada {at}").count() == 1


def test_two_instructors_who_step_down_at_once_do_not_leave_the_class_to_nobody() -> None:
    for at in range(5):
        group = school.a_class()
        both = [school.member(group, f"{name}-{at}", Role.INSTRUCTOR) for name in ("ada", "ivo")]
        done = together(*(partial(change_role, one.user, one, Role.OBSERVER) for one in both))
        assert sorted(map(bool, done)) == [False, True]
        assert group.memberships.filter(role=Role.INSTRUCTOR).count() == 1
