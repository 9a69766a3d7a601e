"""Read models of the board, the wall and the causes: as many queries for ten thousand students as for three."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from labportal.accounts.class_access import Seat
from labportal.board.causes import Cause, Key, Stopped, causes_of, names_of, reasons_in, told_aloud
from labportal.board.narrow import BoardForm, Narrowed, narrowed_by
from labportal.board.need import Rule, rule_of
from labportal.board.rows import Column, Row, columns_of, rows_of
from labportal.board.summary import Bar, Part, Summary, bars_of, summary_of
from labportal.board.words import minutes, task_name
from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from steps.registry import LABS

TOGETHER = 50
TOP = 3
"""Causes that the board itself shows."""
ON_THE_WALL = 4


@dataclass(frozen=True, slots=True)
class PaceWords:
    """Nine of ten took at most ``minutes`` for ``task``."""

    task: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Board:
    """``page`` holds the keys of the students that ``rows`` show; ``told`` what the address says beside the page."""

    form: BoardForm
    narrowed: Narrowed
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    page: Page[Membership]
    summary: Summary
    causes: tuple[Cause, ...]
    rule: Rule
    told: str

    @property
    def found(self) -> int:
        return self.page.paginator.count

    @property
    def groups(self) -> tuple[tuple[Row, ...], ...]:
        """The rows, some together: what a browser leaves out while it is out of sight. Row by row that costs more
        than it saves; with a thousand rows in groups a changed one costs a tenth of a millisecond."""
        return tuple(self.rows[start : start + TOGETHER] for start in range(0, len(self.rows), TOGETHER))

    @property
    def paces(self) -> tuple[PaceWords, ...]:
        """In the order of the tasks; the same times for everybody."""
        lab, pace = self.rule.lab, self.rule.pace
        told = (task for task in lab.tasks if task.id in pace)
        return tuple(PaceWords(task_name(lab, task.id), minutes(pace[task.id].most)) for task in told)

    @property
    def idle_minutes(self) -> int:
        return round(self.rule.idle.total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Wall:
    """For everybody in the room to see: no names, and nothing that is one student's alone."""

    bars: tuple[Bar, ...]
    summary: Summary
    causes: tuple[Cause, ...]

    @property
    def shown(self) -> tuple[Part, ...]:
        return tuple(part for part in self.summary.parts if part.number)


@dataclass(frozen=True, slots=True)
class CauseWithNames:
    cause: Cause
    who: tuple[Stopped, ...]

    @property
    def more(self) -> int:
        """How many are not named here."""
        return self.cause.number - len(self.who)


@dataclass(frozen=True, slots=True)
class CausesPage:
    causes: tuple[CauseWithNames, ...]
    summary: Summary


def board_of(seat: Seat, address: Mapping[str, Any], told: str) -> Board:
    """``address``: what follows the question mark. Six queries: pace, causes, counts, how many are found, and two for
    the rows."""
    rule = rule_of(seat.lab_class, timezone.now())
    students = rule.classify(students_of(seat.lab_class))
    causes = causes_of(seat.lab, seat.lab_class)
    form = BoardForm(seat.lab, reasons_in(causes), address)
    narrowed = narrowed_by(form)
    found = narrowed.apply(students)
    page = Paginator(found, narrowed.size).get_page(address.get("page"))
    return Board(
        form=form,
        narrowed=narrowed,
        columns=columns_of(seat.lab),
        rows=rows_of(rule, page.object_list),  # type: ignore[arg-type]  # a slice of the query, not asked yet
        page=page,
        summary=summary_of(students),
        causes=causes[:TOP],
        rule=rule,
        told=told,
    )


def wall_of(lab_class: LabClass) -> Wall:
    """Five queries."""
    lab = LABS[lab_class.lab_id]
    rule = rule_of(lab_class, timezone.now())
    return Wall(
        bars=bars_of(lab, lab_class),
        summary=summary_of(rule.classify(students_of(lab_class))),
        causes=told_aloud(causes_of(lab, lab_class))[:ON_THE_WALL],
    )


def causes_page(lab_class: LabClass) -> CausesPage:
    """Four queries."""
    lab = LABS[lab_class.lab_id]
    rule = rule_of(lab_class, timezone.now())
    names = names_of(lab_class)
    return CausesPage(
        causes=tuple(CauseWithNames(cause, _who(cause.key, names)) for cause in causes_of(lab, lab_class)),
        summary=summary_of(rule.classify(students_of(lab_class))),
    )


def _who(key: Key, names: Mapping[Key, tuple[Stopped, ...]]) -> tuple[Stopped, ...]:
    return names.get(key, ())
