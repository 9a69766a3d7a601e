"""The rule that says who needs help, and why: the first that holds, with its figures in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from labportal.board.need import STUCK, Need, rule_of
from labportal.board.words import PROBLEMS, meaning_of, ordinal, whose
from labportal.classes.models import LabClass
from labportal.classes.roll import students_of
from labportal.standings.models import Standing
from steps.kit.azure import ProblemKind
from steps.kit.problems import Whose
from tests.board.staged import NOW, STOPPED, ago, at_task, finished, placed, told
from tests.classes.school import member
from tests.portal.walks import LAB

TABLE: list[tuple[str, dict[str, Any], Need]] = [
    ("a hand, whatever else holds", {**STOPPED, "failures": 9, "hand_at": ago(4)}, Need.HAND),
    ("the third failure", {**STOPPED, "failures": 3}, Need.FAILING),
    ("the second failure", {**STOPPED, "failures": 2}, Need.WORKING),
    ("the third failure, looked at once more", {**STOPPED, "failures": 3, "state": "running"}, Need.FAILING),
    ("ten minutes without a sign", {"last_at": ago(10)}, Need.IDLE),
    ("nine minutes without a sign", {"last_at": ago(9.9)}, Need.WORKING),
    ("ten minutes, and something is under way", {"last_at": ago(11), "state": "running"}, Need.WORKING),
    ("just under three hours without a sign", {"last_at": ago(179)}, Need.IDLE),
    ("three hours without a sign", {"last_at": ago(180)}, Need.AWAY),
    ("failing, and then gone home", {**STOPPED, "failures": 3, "last_at": ago(600)}, Need.FAILING),
    ("waits for Azure", {"state": "waiting", "last_at": ago(40)}, Need.AZURE),
    (
        "Azure in trouble",
        {"state": "finished", "verdict": "could_not_tell", "reason": "throttled", "last_at": ago(40)},
        Need.AZURE,
    ),
    ("the portal in trouble", {"state": "lost", "verdict": "could_not_tell", "last_at": ago(40)}, Need.AZURE),
    (
        "the portal in trouble, yesterday",
        {"state": "lost", "verdict": "could_not_tell", "last_at": ago(1_500)},
        Need.AWAY,
    ),
    (
        "a credential that only they can renew",
        {"state": "waiting", "verdict": "could_not_tell", "reason": "credential_expired", "last_at": ago(40)},
        Need.IDLE,
    ),
    ("done", {"complete_at": ago(50), "task_id": "", "last_at": ago(50)}, Need.DONE),
    ("done, with a hand raised", {"complete_at": ago(50), "task_id": "", "hand_at": ago(1)}, Need.HAND),
    ("no walk", {"begun_at": None, "last_at": None, "task_id": ""}, Need.NOT_BEGUN),
]


@pytest.mark.parametrize(("fields", "need"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_first_that_holds_counts(monday: LabClass, fields: dict[str, Any], need: Need) -> None:
    assert told(placed(monday, "ada", **fields))[0] is need


def test_who_needs_help_comes_first_and_who_is_done_last() -> None:
    assert list(STUCK) == [Need.HAND, Need.FAILING, Need.SLOW, Need.IDLE]
    assert list(Need)[-2:] == [Need.NOT_BEGUN, Need.DONE]


def test_the_bounds_are_the_classs_own(monday: LabClass) -> None:
    monday.stuck_failures, monday.stuck_idle_minutes = 5, 30
    monday.save()
    assert told(placed(monday, "ada", **STOPPED | {"failures": 4}))[0] is Need.WORKING
    assert told(placed(monday, "ben", **STOPPED | {"failures": 5}))[0] is Need.FAILING
    assert told(placed(monday, "cho", last_at=ago(29)))[0] is Need.WORKING
    assert told(placed(monday, "dee", last_at=ago(30)))[0] is Need.IDLE


def test_without_a_standing_nobody_has_begun(monday: LabClass) -> None:
    one = member(monday, "ada", standing=None)
    assert told(one)[0] is Need.NOT_BEGUN
    assert told(one)[1].words == "Has not begun"


def test_longer_than_nine_of_ten(monday: LabClass) -> None:
    for number in range(9):
        finished(monday, f"quick-{number}", seconds=12 * 60)
    finished(monday, "slow-1", seconds=50 * 60)
    ada = placed(monday, "ada", seconds=31 * 60, tries=1)
    assert told(ada)[0] is Need.SLOW
    assert told(ada)[1].words == "31 min at Task 3; nine of ten took at most 13"
    Standing.objects.filter(memberships=ada).update(seconds=12 * 60 + 20)
    assert told(ada)[1].words == "13 min at Task 3; nine of ten took at most 13"
    Standing.objects.filter(memberships=ada).update(seconds=12 * 60)
    assert told(ada)[0] is Need.WORKING


def test_who_waits_for_azure_is_not_slow(monday: LabClass) -> None:
    for number in range(5):
        finished(monday, f"quick-{number}")
    assert told(placed(monday, "ada", seconds=9_000, state="waiting"))[0] is Need.AZURE


def test_of_four_nobody_can_tell_how_long_it_takes(monday: LabClass) -> None:
    for number in range(4):
        finished(monday, f"quick-{number}")
    ada = placed(monday, "ada", seconds=9_000)
    assert told(ada)[0] is Need.WORKING
    finished(monday, "the-fifth")
    assert told(ada)[0] is Need.SLOW


def test_five_minutes_are_never_too_long(monday: LabClass) -> None:
    for number in range(5):
        finished(monday, f"quick-{number}", seconds=20)
    assert told(placed(monday, "ada", seconds=300))[0] is Need.WORKING
    assert told(placed(monday, "ben", seconds=301))[1].words == "5 min at Task 3; nine of ten took at most 1"


@pytest.mark.parametrize("how", [{"provenance": "portal"}, {"provenance": "student", "on_behalf": True}])
def test_what_the_portal_did_or_an_instructor_found_says_nothing_of_the_time_it_takes(
    monday: LabClass, how: dict[str, Any]
) -> None:
    for number in range(9):
        at_task(placed(monday, f"student-{number}"), "grant-access", done_at=ago(5), seconds=5, **how)
    assert rule_of(monday, NOW).pace == {}


def test_another_class_has_a_pace_of_its_own(monday: LabClass) -> None:
    other = LabClass.objects.create(lab_id=LAB.id, name="Tuesday group")
    for number in range(5):
        finished(other, f"quick-{number}")
    assert rule_of(monday, NOW).pace == {}
    assert {pace.of for pace in rule_of(other, NOW).pace.values()} == {5}


def test_the_words_of_a_failure_have_its_figures(monday: LabClass) -> None:
    why = told(placed(monday, "ada", **STOPPED | {"failures": 3}))[1]
    assert why.words == "The 3rd time in a row at Task 3: The VM's policy does not allow getting secrets."
    assert why.since is None


def test_who_is_stuck_and_gone_is_said_to_be_gone(monday: LabClass) -> None:
    why = told(placed(monday, "ada", **STOPPED | {"failures": 3, "last_at": ago(600)}))[1]
    assert why.since == ago(600)
    assert why.words == "The 3rd time in a row at Task 3: The VM's policy does not allow getting secrets; left"


def test_words_with_a_time_tell_since_when(monday: LabClass) -> None:
    hand, idle = placed(monday, "ada", hand_at=ago(4)), placed(monday, "ben", last_at=ago(20))
    assert (told(hand)[1].words, told(hand)[1].since) == ("Is at Task 3. Raised a hand", ago(4))
    assert told(idle)[1].words == "No sign of life at Task 3, which has not been checked yet"
    assert told(idle)[1].since == ago(20)


def test_who_has_to_sign_in_is_not_said_to_be_under_way(monday: LabClass) -> None:
    need, why = told(placed(monday, "ada", state="waiting", verdict="could_not_tell", reason="credential_rejected"))
    assert need is Need.WORKING
    assert why.words == "At Task 3: Azure does not accept the credential: the student has to sign in again."


def test_who_was_to_sign_in_and_is_idle_is_what_the_task_waits_for(monday: LabClass) -> None:
    waiting = {"state": "waiting", "verdict": "could_not_tell", "reason": "credential_rejected", "last_at": ago(20)}
    need, why = told(placed(monday, "ada", **waiting))
    assert (need, why.words) == (Need.IDLE, "No sign of life at Task 3, which waits for the student")


def test_the_portals_own_trouble_is_called_so(monday: LabClass) -> None:
    why = told(placed(monday, "ada", state="lost", verdict="could_not_tell"))[1]
    assert why.words == "At Task 3: The portal failed on this, and the student can do nothing about it."


def test_need_can_be_counted_and_ordered_by(monday: LabClass, django_assert_num_queries: Any) -> None:
    placed(monday, "ada", last_at=ago(20))
    placed(monday, "ben")
    placed(monday, "cho", hand_at=ago(1))
    students = rule_of(monday, timezone.now()).classify(students_of(monday))
    with django_assert_num_queries(1):
        names = [one.name for one in students.order_by("need", "name")]  # type: ignore[misc]  # annotated
    assert names == ["Cho", "Ada", "Ben"]
    stuck = students.filter(need__in=STUCK)  # type: ignore[misc]  # annotated
    assert stuck.count() == 2


def test_every_reason_and_problem_has_a_meaning_and_somebody_to_mend_it() -> None:
    assert set(PROBLEMS) == set(ProblemKind)
    assert meaning_of(LAB, "not_yet", "vault_in_rbac_mode") == LAB.reasons["vault_in_rbac_mode"].meaning
    assert (whose("not_yet", "vault_missing"), whose("could_not_tell", "vault_busy")) == (Whose.STUDENT, Whose.AZURE)
    assert (whose("could_not_tell", ""), whose("could_not_tell", "unexpected")) == (Whose.PORTAL, Whose.PORTAL)
    assert whose("could_not_tell", "credential_expired") is Whose.STUDENT


def test_ordinals_are_english() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]
