"""A round from the first turn to the last: who is checked, when, and what stops it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from labportal.classes.models import Act, LabClass, Membership
from labportal.rounds import beginning, conductor, services
from labportal.rounds.conductor import turn
from labportal.rounds.models import Round, RoundEntry, RoundLook
from labportal.runs.models import Attempt
from labportal.runs.services import start
from steps.kit.course import Mode
from tests.classes.school import Role, a_class, member, student
from tests.portal.walks import LAB
from tests.rounds.going import end, entries, turns

pytestmark = pytest.mark.django_db
TASKS = [task.id for task in LAB.tasks]


def a_round(lab_class: LabClass, teacher: Membership, task_id: str = "") -> Round:
    return services.begin_now(teacher.user, lab_class, task_id)[0]


def test_everybody_who_has_begun_is_checked_at_all_tasks_for_their_instructor(
    lab_class: LabClass, teacher: Membership
) -> None:
    for name in ("ada", "ben"):
        student(lab_class, name)
    the_round = a_round(lab_class, teacher)
    turn()
    attempts = Attempt.objects.order_by("pk")
    assert [attempt.task_id for attempt in attempts] == TASKS * 2
    assert {(one.mode, one.on_behalf, one.asked_by_id) for one in attempts} == {("validate", True, teacher.user_id)}
    end()
    turn()
    the_round.refresh_from_db()
    assert entries(the_round) == {"Ada": "passed", "Ben": "passed"}
    assert the_round.state == "ended"
    assert the_round.ended_at is not None


def test_each_student_reads_of_one_act_a_round(lab_class: LabClass, teacher: Membership) -> None:
    """And in the log of the class the round is one line."""
    one, _ = student(lab_class, "ada")
    student(lab_class, "cleo")
    member(lab_class, "ben")
    a_round(lab_class, teacher)
    turns(3)
    line = Act.objects.get(person=None)
    assert (line.by, line.lab_class, line.parts.count()) == (teacher.user, lab_class, 2)
    act = Act.objects.get(person=one.user)
    assert (act.person, act.by, act.lab_class, act.text) == (
        one.user,
        teacher.user,
        lab_class,
        "checked all your tasks",
    )


def test_one_task_may_be_chosen(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    a_round(lab_class, teacher, TASKS[2])
    turn()
    assert Attempt.objects.get().task_id == TASKS[2]
    assert Act.objects.get(person__isnull=False).text == "checked Task 2 for you"


def test_no_more_begin_at_once_than_may(lab_class: LabClass, teacher: Membership, settings: Any) -> None:
    settings.ROUND_STUDENTS_AT_ONCE = 3
    for number in range(7):
        student(lab_class, f"student-{number}")
    the_round = a_round(lab_class, teacher)
    turn()
    turn()
    assert list(entries(the_round).values()).count("under_way") == 3
    end(session=Attempt.objects.earliest("pk").session)
    turn()
    assert sorted(entries(the_round).values()) == ["passed", *["to_do"] * 3, *["under_way"] * 3]
    turns(5)
    assert set(entries(the_round).values()) == {"passed"}


def test_they_begin_a_few_at_a_turn(lab_class: LabClass, teacher: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conductor, "NEW_AT_A_TURN", 2)
    for number in range(6):
        student(lab_class, f"student-{number}")
    the_round = a_round(lab_class, teacher)
    turn()
    assert list(entries(the_round).values()).count("under_way") == 2
    turn()
    assert list(entries(the_round).values()).count("under_way") == 4


def test_two_rounds_share_the_room_and_take_turns(lab_class: LabClass, teacher: Membership, settings: Any) -> None:
    settings.ROUND_STUDENTS_AT_ONCE = 4
    other = a_class("Tuesday group")
    second = member(other, teacher.user, Role.INSTRUCTOR)
    for number in range(4):
        student(lab_class, f"student-{number}")
        student(other, f"other-{number}")
    rounds = [a_round(lab_class, teacher), a_round(other, second)]
    turn()
    assert [list(entries(one).values()).count("under_way") for one in rounds] == [2, 2]


def test_a_class_has_one_round_at_a_time(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    first = a_round(lab_class, teacher)
    assert services.begin_now(teacher.user, lab_class) == (first, False)
    turns(2)
    assert services.begin_now(teacher.user, lab_class)[1]


def test_results_say_what_stops_each_student_at_each_task(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    turn()
    end(task_id=TASKS[0])
    turn()
    assert RoundLook.objects.get(task_id=TASKS[0]).verdict == "passed"
    assert entries(the_round) == {"Ada": "under_way"}
    end("not_yet", "vault_missing", task_id=TASKS[1])
    end("could_not_tell", "throttled")
    turn()
    looks = {look.task_id: (look.verdict, look.check_id, look.reason) for look in RoundLook.objects.all()}
    assert looks[TASKS[1]] == ("not_yet", "the-check", "vault_missing")
    assert looks[TASKS[2]] == ("could_not_tell", "the-check", "throttled")
    assert entries(the_round) == {"Ada": "not_yet"}


def test_what_the_student_has_under_way_is_joined(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    own = start(session, TASKS[1], Mode.CARRY_OUT, {}).attempt
    the_round = a_round(lab_class, teacher)
    turn()
    look = RoundLook.objects.get(task_id=TASKS[1])
    assert (look.attempt, look.joined) == (own, True)
    assert Attempt.objects.filter(on_behalf=True).count() == len(TASKS) - 1
    turns(1)
    turn()
    assert entries(the_round) == {"Ada": "passed"}


def test_a_student_s_click_takes_the_place_and_answers_for_it(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    turn()
    own = start(session, TASKS[1], Mode.VALIDATE, {}).attempt
    turn()
    look = RoundLook.objects.get(task_id=TASKS[1])
    assert (look.attempt, look.joined, look.state) == (own, True, "")
    end("not_yet")
    turn()
    assert entries(the_round) == {"Ada": "not_yet"}


def test_a_student_may_cancel_what_was_asked_for_them(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher, TASKS[1])
    turn()
    Attempt.objects.update(state="cancelled", due_at=None)
    turn()
    the_round.refresh_from_db()
    assert (entries(the_round), the_round.state) == ({"Ada": "ended"}, "ended")
    assert RoundLook.objects.get().state == "cancelled"


def test_what_waits_for_azure_for_long_is_left_to_go_on_by_itself(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher, TASKS[1])
    turn()
    Attempt.objects.update(state="waiting", due_at=timezone.now() + timedelta(minutes=1))
    turn()
    assert entries(the_round) == {"Ada": "under_way"}
    RoundEntry.objects.update(began_at=timezone.now() - timedelta(minutes=4))
    turn()
    assert (entries(the_round), RoundLook.objects.get().state) == ({"Ada": "could_not_tell"}, "waiting")
    assert Attempt.objects.get().state == "waiting"


def test_who_has_to_sign_in_again_is_not_waited_for(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    the_round = a_round(lab_class, teacher, TASKS[1])
    turn()
    Attempt.objects.update(state="waiting", due_at=timezone.now() + timedelta(minutes=5))
    session.connection.state = "broken"
    session.connection.save()
    turn()
    assert entries(the_round) == {"Ada": "could_not_tell"}


def test_calling_it_off_begins_nothing_new_and_ends_what_no_worker_is_at(
    lab_class: LabClass, teacher: Membership, settings: Any
) -> None:
    settings.ROUND_STUDENTS_AT_ONCE = 2
    sessions = [student(lab_class, name)[1] for name in ("ada", "ben", "cleo")]
    the_round = a_round(lab_class, teacher, TASKS[1])
    turn()
    Attempt.objects.filter(session=sessions[0]).update(state="running")
    assert services.call_off(the_round, teacher.user)
    turn()
    the_round.refresh_from_db()
    states = list(Attempt.objects.order_by("pk").values_list("state", flat=True))
    assert (states, the_round.state) == (["running", "cancelled"], "stopping")
    turns(1)
    turn()
    the_round.refresh_from_db()
    assert entries(the_round) == {"Ada": "passed", "Ben": "called_off", "Cleo": "called_off"}
    assert (the_round.state, the_round.stopped_by_name) == ("stopped", "teacher")
    assert not services.call_off(the_round, teacher.user)


def test_calling_it_off_leaves_the_student_s_own_alone(lab_class: LabClass, teacher: Membership) -> None:
    _, session = student(lab_class, "ada")
    own = start(session, TASKS[1], Mode.VALIDATE, {}).attempt
    the_round = a_round(lab_class, teacher, TASKS[1])
    turn()
    services.call_off(the_round, teacher.user)
    turn()
    own.refresh_from_db()
    assert own.state == "queued"


def test_calling_it_off_leaves_what_another_class_asked_for_alone(lab_class: LabClass, teacher: Membership) -> None:
    """A student of two classes has one walk: what one round has begun there, the other joins."""
    here, _ = student(lab_class, "ada")
    other = a_class("Tuesday group")
    member(other, here.user)
    colleague = member(other, "colleague", Role.INSTRUCTOR)
    first = a_round(other, colleague, TASKS[1])
    turn()
    theirs = RoundLook.objects.get(entry__round=first).attempt
    second = a_round(lab_class, teacher, TASKS[1])
    turn()
    assert RoundLook.objects.get(entry__round=second).attempt == theirs
    services.call_off(second, teacher.user)
    turn()
    assert theirs is not None
    theirs.refresh_from_db()
    assert theirs.state == "queued"


def test_whoever_no_longer_leads_the_class_has_nothing_checked(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    Membership.objects.filter(pk=teacher.pk).update(role=Role.OBSERVER)
    turn()
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, the_round.problem, Attempt.objects.count()) == ("stopped", "nobody", 0)


def test_an_archived_class_is_left_in_peace(lab_class: LabClass, teacher: Membership) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    LabClass.objects.update(archived_at=timezone.now())
    turn()
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, the_round.problem) == ("stopped", "archived")


def test_a_fault_of_our_own_ends_that_round_says_so_and_stops_no_other(
    lab_class: LabClass, teacher: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    student(lab_class, "ada")
    other = a_class("Tuesday group")
    student(other, "ben")
    bad, good = a_round(lab_class, teacher), a_round(other, member(other, teacher.user, Role.INSTRUCTOR))

    def begin(one: Round, *rest: Any) -> bool:
        if one == bad:
            raise KeyError("no such lab")
        return beginning.begin(one, *rest)

    monkeypatch.setattr(conductor, "begin", begin)
    turns(3)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.problem, good.state) == ("stopped", "portal", "ended")


def test_a_database_that_is_away_is_waited_for(
    lab_class: LabClass, teacher: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)

    def away(*_: Any) -> bool:
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr(conductor, "begin", away)
        with pytest.raises(DatabaseError):
            turn()
    turns(2)
    the_round.refresh_from_db()
    assert the_round.state == "ended"


def test_a_turn_without_a_round_is_one_query(
    lab_class: LabClass, teacher: Membership, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert turn() == set()


def test_who_leaves_the_class_meanwhile_is_not_in_the_way(lab_class: LabClass, teacher: Membership) -> None:
    one, _ = student(lab_class, "ada")
    the_round = a_round(lab_class, teacher)
    turn()
    one.delete()
    turn()
    the_round.refresh_from_db()
    assert (the_round.state, entries(the_round)) == ("ended", {})


def test_a_round_of_nobody_ends(lab_class: LabClass, teacher: Membership) -> None:
    the_round = a_round(lab_class, teacher)
    turn()
    the_round.refresh_from_db()
    assert the_round.state == "ended"
