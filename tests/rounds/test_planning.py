"""Rounds at a set time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from labportal.classes.models import LabClass, Membership
from labportal.rounds import services
from labportal.rounds.conductor import turn
from labportal.rounds.models import Round
from tests.classes.school import member, student
from tests.rounds.going import entries, turns

pytestmark = pytest.mark.django_db


def planned(lab_class: LabClass, teacher: Membership, at: datetime) -> Round:
    return services.plan(teacher.user, lab_class, "", at)


def in_seconds(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def test_it_waits_for_its_time(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = planned(lab_class, teacher, in_seconds(60))
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, entries(the_round)) == ("planned", {})


def test_it_is_about_those_who_are_in_the_class_then(lab_class: LabClass, teacher: Membership) -> None:
    the_round = planned(lab_class, teacher, in_seconds(0))
    student(lab_class, "ada")
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, the_round.behind, entries(the_round)) == ("open", "", {"Ada": "under_way"})


def test_what_was_missed_while_all_was_off_begins_when_it_is_up_again_and_says_so(
    lab_class: LabClass, teacher: Membership
) -> None:
    student(lab_class, "ada")
    the_round = planned(lab_class, teacher, in_seconds(-3600))
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, the_round.behind) == ("open", "off")


def test_one_that_finds_another_under_way_follows_it_and_says_so(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    first, _ = services.begin_now(teacher.user, lab_class)
    second = planned(lab_class, teacher, in_seconds(-120))
    turn()
    second.refresh_from_db()
    assert second.state == "planned"
    turns(2)
    turn()
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state, second.behind) == ("ended", "open", "other")


def test_two_of_a_class_at_the_same_time_go_one_after_the_other(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    both = [planned(lab_class, teacher, in_seconds(-1)) for _ in range(2)]
    turn()
    assert sorted(Round.objects.values_list("state", flat=True)) == ["open", "planned"]
    turns(6)
    assert [entries(one) for one in both] == [{"Ada": "passed"}] * 2


def test_it_can_be_called_off_before(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = planned(lab_class, teacher, in_seconds(0))
    assert services.call_off(the_round, teacher.user)
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, the_round.stopped_by_name, entries(the_round)) == ("stopped", "teacher", {})


def test_nobody_plans_without_end(lab_class: LabClass, teacher: Membership) -> None:
    for _ in range(services.MOST_PLANNED):
        planned(lab_class, teacher, in_seconds(60))
    with pytest.raises(services.TooManyPlanned):
        planned(lab_class, teacher, in_seconds(60))


def test_who_was_removed_before_is_not_acted_for(lab_class: LabClass, teacher: Membership) -> None:
    member(lab_class, "ada")
    the_round = planned(lab_class, teacher, in_seconds(0))
    teacher.delete()
    turns(2)
    the_round.refresh_from_db()
    assert (the_round.state, the_round.problem) == ("stopped", "nobody")
