"""Who is not checked in a round, and why: each reason is one that the instructor reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labportal.classes.models import Act, LabClass, Membership
from labportal.rounds import services
from labportal.rounds.conductor import turn
from labportal.runs.models import Attempt
from steps.kit.task import ROLES
from steps.kit.verdict import Verdict
from tests.classes.school import member, student
from tests.portal import walks
from tests.rounds.going import entries, turns

if TYPE_CHECKING:
    from labportal.rounds.models import Round
    from steps.kit.task import Task

pytestmark = pytest.mark.django_db


def clean_up() -> Task:
    assert walks.LAB.clean_up is not None
    return walks.LAB.clean_up


def checked(lab_class: LabClass, teacher: Membership) -> Round:
    the_round = services.begin_now(teacher.user, lab_class)[0]
    turn()
    return the_round


def test_who_has_not_begun(lab_class: LabClass, teacher: Membership) -> None:
    member(lab_class, "ada")
    assert entries(checked(lab_class, teacher)) == {"Ada": "not_begun"}
    assert not Act.objects.exists()


def test_whose_subscription_is_not_there_yet(lab_class: LabClass, teacher: Membership) -> None:
    walks.preparing_session(member(lab_class, "ada").user)
    assert entries(checked(lab_class, teacher)) == {"Ada": "preparing"}


def test_whose_credential_azure_refuses(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    session.connection.state = "broken"
    session.connection.save()
    assert entries(checked(lab_class, teacher)) == {"Ada": "broken"}
    assert not Attempt.objects.exists()


def test_whose_way_a_class_does_not_accept(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    session.permission_model = ROLES
    session.save()
    LabClass.objects.update(allows_roles=False)
    assert entries(checked(lab_class, teacher)) == {"Ada": "roles"}


def test_who_is_cleaning_up(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    walks.attempt(session, clean_up(), state=walks.State.RUNNING)
    assert entries(checked(lab_class, teacher)) == {"Ada": "cleaning"}


def test_who_has_cleaned_up(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    walks.attempt(session, clean_up(), verdict=Verdict.PASSED)
    assert entries(checked(lab_class, teacher)) == {"Ada": "cleaned"}


def test_who_goes_on_after_cleaning_up_is_checked_again(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    walks.attempt(session, clean_up(), verdict=Verdict.PASSED)
    walks.attempt(session, verdict=Verdict.NOT_YET)
    assert entries(checked(lab_class, teacher)) == {"Ada": "under_way"}


def test_who_has_left_a_walk_and_begun_another_is_checked_in_that(lab_class: LabClass, teacher: Membership) -> None:
    one, session = student(lab_class, "ada")
    session.ended_at = session.started_at
    session.save()
    later = walks.ready_session(one.user)
    checked(lab_class, teacher)
    assert {attempt.session for attempt in Attempt.objects.all()} == {later}


def test_those_who_teach_are_nobody_s_students(lab_class: LabClass, teacher: Membership) -> None:
    assert entries(checked(lab_class, teacher)) == {}


def test_many_who_have_not_begun_hold_up_nobody(lab_class: LabClass, teacher: Membership) -> None:
    for number in range(40):
        member(lab_class, f"a-{number:02}")
    student(lab_class, "zoe")
    assert entries(checked(lab_class, teacher))["Zoe"] == "under_way"


def test_a_round_of_those_alone_ends(lab_class: LabClass, teacher: Membership) -> None:
    member(lab_class, "ada")
    the_round = services.begin_now(teacher.user, lab_class)[0]
    turns(2)
    the_round.refresh_from_db()
    assert the_round.state == "ended"
