"""What standings say of walks: from the rows of attempts to what a board shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from labportal.labs.models import LabSession
from labportal.runs.models import TaskResult
from labportal.standings.making import NOT_BEGUN, Made, made_of
from labportal.standings.models import Standing
from labportal.standings.reading import Obstacle, Tried, WalkRows
from tests.portal.walks import LAB

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST, VAULT, SECRET = LAB.tasks[0].id, LAB.tasks[1].id, LAB.tasks[2].id
MISSING = Obstacle("not_yet", "vault-exists", "vault_missing")
ELSEWHERE = Obstacle("not_yet", "vault-exists", "vault_in_other_group")
THROTTLED = Obstacle("could_not_tell", "vault-exists", "throttled")


def tried(minute: float, *obstacles: Obstacle, task: str = FIRST, on_behalf: bool = False, **more: str) -> Tried:
    """A check a minute after the walk's beginning, over ten seconds later."""
    verdict = more.pop("verdict", obstacles[0].verdict if obstacles else "passed")
    row = {"mode": "validate", "state": "finished"} | more
    at = BEGAN + timedelta(minutes=minute)
    ended = at + timedelta(seconds=10)
    return Tried(round(minute * 10), task, row["mode"], row["state"], verdict, at, ended, obstacles, on_behalf)


def made(*attempts: Tried, done: dict[str, str] | None = None, hints: int = 0) -> Made:
    session = LabSession(pk=7, lab_id=LAB.id, started_at=BEGAN)
    results = {
        task: TaskResult(task_id=task, provenance=how, completed_at=BEGAN + timedelta(minutes=30), hints_seen=hints)
        for task, how in (done or {}).items()
    }
    return made_of(LAB, WalkRows(session, list(attempts), results))


def test_who_has_only_begun_stands_at_the_first_task() -> None:
    fields = made().fields
    assert (fields["task_id"], fields["done"], fields["verdict"], fields["last_at"]) == (FIRST, 0, "", BEGAN)
    assert fields["session_id"] == 7


def test_every_field_but_the_standing_s_own_is_made() -> None:
    own = {"id", "user", "lab_id", "hand_at", "seen_at", "touched"}
    fields = {field.name for field in Standing._meta.concrete_fields} - own
    assert {name.removesuffix("_id") if name == "session_id" else name for name in NOT_BEGUN.fields} == fields
    assert made().fields.keys() == NOT_BEGUN.fields.keys()


def test_the_same_obstacle_again_and_again_is_counted_and_another_begins_anew() -> None:
    assert made(tried(1, MISSING), tried(2, MISSING), tried(3, MISSING)).fields["failures"] == 3
    fields = made(tried(1, MISSING), tried(2, MISSING), tried(3, ELSEWHERE)).fields
    assert (fields["failures"], fields["reason"], fields["tries"]) == (1, "vault_in_other_group", 3)


def test_azure_in_trouble_is_nobody_s_failure() -> None:
    fields = made(tried(1, THROTTLED), tried(2, THROTTLED)).fields
    assert (fields["failures"], fields["verdict"], fields["reason"]) == (0, "could_not_tell", "throttled")


def test_what_the_student_can_mend_stands_before_what_nobody_could_see() -> None:
    assert made(tried(1, THROTTLED, MISSING, verdict="not_yet")).fields["reason"] == "vault_missing"


def test_what_is_under_way_leaves_the_last_word_standing() -> None:
    fields = made(tried(1, MISSING), tried(2, state="running", verdict="")).fields
    assert (fields["state"], fields["reason"], fields["tries"]) == ("running", "vault_missing", 1)


def test_what_waits_for_azure_is_what_holds_the_student() -> None:
    fields = made(tried(1, MISSING), tried(2, THROTTLED, state="waiting", verdict="")).fields
    assert (fields["state"], fields["reason"]) == ("waiting", "throttled")


def test_a_done_task_has_no_open_verdict_and_the_next_one_is_where_the_student_is() -> None:
    told = made(tried(1), tried(2, MISSING), tried(3, MISSING, task=VAULT), done={FIRST: "student"})
    assert (told.fields["task_id"], told.fields["done"], told.fields["failures"]) == (VAULT, 1, 1)
    first = next(one for one in told.tasks if one.task_id == FIRST)
    assert (first.verdict, first.first_try, first.tries) == ("", True, 2)


def test_who_passes_a_task_over_is_where_they_try_and_comes_back_to_it_last() -> None:
    failing = [tried(minute, MISSING, task=VAULT) for minute in (1, 2, 3)]
    fields = made(*failing).fields
    assert (fields["task_id"], fields["reason"], fields["failures"]) == (VAULT, "vault_missing", 3)
    assert made(*failing, tried(4, task=VAULT), done={VAULT: "student"}).fields["task_id"] == SECRET
    others = {task.id: "student" for task in LAB.tasks if task.id != FIRST}
    assert made(*failing, done=others).fields["task_id"] == FIRST


def test_who_tried_an_open_task_before_is_still_at_it_and_a_look_on_their_behalf_moves_nobody() -> None:
    assert made(tried(1, MISSING), tried(2, MISSING, task=VAULT)).fields["task_id"] == FIRST
    assert made(tried(1, MISSING, task=VAULT, on_behalf=True)).fields["task_id"] == FIRST


def test_undoing_lets_what_was_seen_before_hold_no_more() -> None:
    fields = made(tried(1, MISSING), tried(2, mode="undo"), tried(3, MISSING)).fields
    assert fields["failures"] == 1
    assert made(tried(1, MISSING), tried(2, mode="undo")).fields["verdict"] == ""


def test_all_done_is_complete_and_says_who_did_it() -> None:
    done = {task.id: "student" for task in LAB.tasks} | {VAULT: "portal", SECRET: "repaired"}
    fields = made(done=done, hints=2).fields
    assert (fields["task_id"], fields["done"], fields["complete_at"]) == ("", 5, BEGAN + timedelta(minutes=30))
    assert (fields["by_portal"], fields["repaired"], fields["hints"]) == (1, 1, 10)
    assert fields["mastered_at"] is None


def test_mastery_is_apart_from_completion() -> None:
    assert LAB.challenge is not None
    fields = made(done={LAB.challenge.id: "portal"}).fields
    assert (fields["mastered_at"], fields["done"], fields["by_portal"]) == (BEGAN + timedelta(minutes=30), 0, 0)


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([tried(1)], True),
        ([tried(1, MISSING), tried(2)], False),
        ([tried(1, THROTTLED), tried(2)], True),
        ([tried(1, mode="carry_out"), tried(2)], None),
        ([tried(1, state="cancelled", verdict="")], None),
    ],
    ids=["passed", "not yet", "trouble first", "the portal did it", "cancelled"],
)
def test_the_first_try_is_the_first_that_came_to_a_verdict(attempts: list[Tried], expected: bool | None) -> None:
    first = next(one for one in made(*attempts).tasks if one.task_id == FIRST)
    assert first.first_try is expected


def test_trips_count_what_stopped_checks_and_not_the_portal_s_own_doings() -> None:
    told = made(tried(1, MISSING), tried(2, MISSING), tried(3, ELSEWHERE), tried(4, MISSING, mode="repair"))
    assert told.trips == {
        (FIRST, "vault-exists", "vault_missing"): 2,
        (FIRST, "vault-exists", "vault_in_other_group"): 1,
    }


def test_a_break_counts_only_so_far() -> None:
    told = made(tried(4, MISSING), tried(200))
    assert told.fields["seconds"] == 4 * 60 + 10 + 10 * 60 + 10


def test_cleaning_up_is_no_task_to_stand_at() -> None:
    assert LAB.clean_up is not None
    told = made(tried(1, MISSING, task=LAB.clean_up.id))
    assert told.tasks == ()
