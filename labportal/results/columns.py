"""The columns of an export: what each is called, and where it is in a student's row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from labportal.board.words import FOUND
from labportal.classes.models import LabClass
from labportal.classes.zones import on_the_wall
from labportal.results.points import Rules, rules_of
from labportal.results.reading import StudentRow, TaskRow
from steps.registry import LABS

_LEAST = Decimal("0.1")
Value = str | int | Decimal | datetime | None
"""A time is without a zone, as clocks show it in the class's, and without fractions of a second."""


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in letters."""

    title: str
    width: int
    of: Callable[[StudentRow], Value]


def columns_of(lab_class: LabClass) -> Sequence[Column]:
    """Those who they are, then eight for each task, then what comes of all of them, and mastery apart."""
    lab, zone = LABS[lab_class.lab_id], lab_class.time_zone
    rules = rules_of(lab_class, lab)
    return (
        Column("Name", 26, lambda row: row.name),
        Column("E-mail", 28, lambda row: row.email),
        *(one for place, task in enumerate(lab.tasks) for one in _of_task(place, task.title, zone)),
        *_of_all(rules, zone),
        *(_of_challenge(rules, zone) if lab.challenge else ()),
    )


def _of_task(place: int, title: str, zone: str) -> Iterator[Column]:
    def column(what: str, width: int, of: Callable[[TaskRow], Value]) -> Column:
        return Column(f"{title}: {what}", width, lambda row: of(row.tasks[place]))

    yield column("state", 14, lambda one: one.state.words)
    yield column("how", 23, lambda one: one.way.words if one.way else "")
    yield column(FOUND, 16, lambda one: _yes_or_no(one.found))
    yield column("tries", 11, lambda one: one.tries)
    yield column("first try passed", 11, lambda one: _yes_or_no(one.first_try))
    yield column("minutes of work", 11, lambda one: _minutes(one.seconds))
    yield column(f"done at ({zone})", 19, lambda one: _clock(one.done_at, zone))
    yield column("points", 11, lambda one: one.reached.points)


def _of_all(rules: Rules, zone: str) -> Iterator[Column]:
    yield Column("Tasks done", 9, lambda row: row.done)
    yield Column(f"Points (of {rules.most:f})", 10, lambda row: row.points)
    yield Column("Tasks done late", 9, lambda row: row.late)
    yield Column("Points lost by being late", 12, lambda row: row.lost)
    yield Column(f"Complete at ({zone})", 19, lambda row: _clock(row.complete_at, zone))
    yield Column("Hints seen", 8, lambda row: row.hints)
    yield Column("Tasks with a repair", 11, lambda row: row.repaired)
    yield Column("Tasks carried out by the portal", 15, lambda row: row.carried_out)


def _of_challenge(rules: Rules, zone: str) -> Iterator[Column]:
    yield Column(f"Mastery at ({zone})", 19, lambda row: _clock(row.mastered_at, zone))
    if rules.challenge is not None:
        title = f"Mastery: points apart (of {rules.challenge:f})"
        yield Column(title, 14, lambda row: row.challenge.reached.points if row.challenge else None)


def _yes_or_no(told: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[told]


def _minutes(seconds: int) -> Decimal | None:
    """To a tenth; None for no work at all, and never nothing for a little."""
    return max(round(Decimal(seconds) / 60, 1), _LEAST) if seconds else None


def _clock(moment: datetime | None, zone: str) -> datetime | None:
    return on_the_wall(moment, zone).replace(microsecond=0) if moment is not None else None
