"""Points: what the class gives, and what being late takes, at every boundary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from labportal.classes.models import LabClass
from labportal.results.points import Points, Rules, rules_of
from labportal.results.ways import Way, way_of
from labportal.runs.models import TaskResult
from tests.portal.walks import LAB

DUE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIRST, VAULT = LAB.tasks[0], LAB.tasks[1]
assert LAB.challenge is not None
CHALLENGE = LAB.challenge.id
Late = LabClass.Late
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def rules(**more: Any) -> Rules:
    return rules_of(LabClass(**{"lab_id": LAB.id, "due_at": DUE} | more), LAB)


@pytest.mark.parametrize(
    ("after_due", "days"),
    [
        (-DAY, 0),
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (SECOND, 1),
        (DAY - SECOND, 1),
        (DAY, 1),
        (DAY + timedelta(microseconds=1), 2),
        (DAY + SECOND, 2),
        (9 * DAY, 9),
        (400 * DAY, 400),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("late", "percent", "left"),
    [
        (Late.FULL, 10, lambda days: 100),
        (Late.NOTHING, 10, lambda days: 0 if days else 100),
        (Late.DAILY, 10, lambda days: max(0, 100 - 10 * days)),
        (Late.DAILY, 30, lambda days: max(0, 100 - 30 * days)),
        (Late.DAILY, 100, lambda days: 0 if days else 100),
        (Late.DAILY, 0, lambda days: 100),
    ],
)
def test_what_is_left_after_so_many_days(after_due: timedelta, days: int, late: str, percent: int, left: Any) -> None:
    told = rules(late=late, late_percent=percent).of_task(VAULT.id, DUE + after_due)
    points = Decimal(left(days)) / 10
    assert told == Points(points, days, 10 - points)


@pytest.mark.parametrize("late", Late)
def test_nothing_is_late_where_nothing_is_due(late: str) -> None:
    assert rules(late=late, due_at=None).of_task(VAULT.id, DUE + 99 * DAY) == Points(Decimal(10))


def test_what_is_open_brings_nothing_and_is_not_late() -> None:
    assert rules(late=Late.DAILY).of_task(VAULT.id, None) == Points()


def test_a_class_that_has_set_nothing_gives_ten_for_each_task_and_nothing_for_the_preflight() -> None:
    usual = rules()
    assert usual.worth == {task.id: (10 if task.number else 0) for task in LAB.tasks}
    assert usual.most == 10 * (len(LAB.tasks) - 1)
    assert usual.challenge is None


def test_a_class_that_has_set_some_gives_nothing_for_the_others() -> None:
    told = rules(points={FIRST.id: 5, VAULT.id: 2.5})
    assert told.worth == {task.id: {FIRST.id: 5, VAULT.id: Decimal("2.5")}.get(task.id, 0) for task in LAB.tasks}
    assert told.total({FIRST.id: DUE, VAULT.id: DUE, LAB.tasks[2].id: DUE}) == Decimal("7.5")


def test_mastery_is_never_in_the_sum() -> None:
    told = rules(points={VAULT.id: 10, CHALLENGE: 20})
    assert (told.most, told.challenge) == (Decimal(10), Decimal(20))
    assert told.total({VAULT.id: DUE, CHALLENGE: DUE}) == 10
    assert told.of_challenge(DUE).points == 20
    assert told.of_task(CHALLENGE, DUE).points == 0


def test_mastery_brings_nothing_where_the_class_gives_it_nothing() -> None:
    assert rules(points={VAULT.id: 10}).of_challenge(DUE).points == 0
    assert rules(points={VAULT.id: 10, CHALLENGE: 0}).challenge is None


def test_the_challenge_loses_by_being_late_as_a_task_does() -> None:
    told = rules(points={CHALLENGE: 20}, late=Late.DAILY, late_percent=25)
    assert told.of_challenge(DUE + SECOND) == Points(Decimal(15), 1, Decimal(5))


def test_half_a_cent_is_rounded_up_and_what_is_lost_is_the_rest() -> None:
    told = rules(points={VAULT.id: 0.5}, late=Late.DAILY, late_percent=33).of_task(VAULT.id, DUE + SECOND)
    assert told == Points(Decimal("0.34"), 1, Decimal("0.16"))


def test_a_task_that_the_lab_has_not_brings_nothing() -> None:
    assert rules(points={"gone-since": 10}).of_task("gone-since", DUE).points == 0


By = TaskResult.Provenance


@pytest.mark.parametrize(
    ("provenance", "hints", "way"),
    [
        (By.STUDENT, 0, Way.ALONE),
        (By.STUDENT, 1, Way.HINTS),
        (By.REPAIRED, 0, Way.REPAIRED),
        (By.REPAIRED, 3, Way.REPAIRED),
        (By.PORTAL, 3, Way.CARRIED_OUT),
        ("", 3, None),
    ],
)
def test_how_a_task_was_done(provenance: str, hints: int, way: Way | None) -> None:
    assert way_of(provenance, hints) is way
