"""What the pages of results show: read models, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from labportal.accounts.class_access import Seat
from labportal.board.words import minutes
from labportal.classes.models import Membership
from labportal.classes.roll import students_of
from labportal.classes.zones import on_the_wall, written
from labportal.results import drawing
from labportal.results.drawing import Bar, CurveDrawn, Histogram
from labportal.results.overview import Overview, TaskTold, Totals, overview_of
from labportal.results.points import rules_of
from labportal.results.reading import StudentRow, TaskRow, some_rows
from labportal.results.stumbles import Stumble, stumbles_of
from labportal.results.ways import State, Way
from labportal.results.wording import figures, late_words, points_words

STUDENTS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class TaskPicture:
    """A task with its pictures; ``times`` is None where nobody has done it themselves."""

    told: TaskTold
    ways: tuple[tuple[Way, int, int], ...]  # how many, and how many of a hundred who have done it
    ways_drawn: tuple[Bar, ...]
    first_tries_drawn: tuple[Bar, ...]
    times: Histogram | None
    half: str
    most: str

    @property
    def percent_done(self) -> int:
        return percent(self.told.done, self.told.of)

    @property
    def percent_at_once(self) -> int:
        return percent(self.told.first_try, self.told.looked)


@dataclass(frozen=True, slots=True)
class Pictures:
    totals: Totals
    percents: Mapping[str, int]
    curve: CurveDrawn | None
    due: str
    tasks: tuple[TaskPicture, ...]
    challenge: TaskPicture | None


def pictures_of(seat: Seat, now: datetime) -> Pictures:
    told = overview_of(seat.lab, seat.lab_class, now)
    due_at = seat.lab_class.due_at
    return Pictures(
        totals=told.totals,
        percents=_percents(told),
        curve=drawing.curve_drawn(told.curve) if told.curve else None,
        due=written(due_at, seat.lab_class.time_zone) if due_at else "",
        tasks=tuple(map(_picture, told.tasks)),
        challenge=_picture(told.challenge) if told.challenge else None,
    )


def percent(number: int, of: int) -> int:
    """Whole ones; 100 only for all, and 0 only for none."""
    if not of or not number:
        return 0
    return min(max(round(100 * number / of), 1), 100 if number == of else 99)


def _percents(told: Overview) -> dict[str, int]:
    totals = told.totals
    numbers = {"begun": totals.begun, "complete": totals.complete, "mastered": totals.mastered}
    return {what: percent(number, totals.students) for what, number in numbers.items()}


def _picture(told: TaskTold) -> TaskPicture:
    return TaskPicture(
        told=told,
        ways=tuple((way, number, percent(number, told.done)) for way, number in told.ways.items()),
        ways_drawn=drawing.ways_of(told),
        first_tries_drawn=drawing.first_tries_of(told),
        times=drawing.histogram_of(told.times) if told.times else None,
        half=_within(told.times.half) if told.times else "",
        most=_within(told.times.most) if told.times else "",
    )


def _within(seconds: int) -> str:
    """Never less than what was counted."""
    return f"{seconds} s" if seconds < 120 else f"{minutes(seconds)} min"


def stumbles_drawn(seat: Seat) -> tuple[tuple[Stumble, Bar], ...]:
    """What stopped most, each with its bar."""
    return drawing.stumbles_drawn(stumbles_of(seat.lab, seat.lab_class))


@dataclass(frozen=True, slots=True)
class Cell:
    """One task of one student: ``words`` are its points once it is done, and where it stands until then."""

    title: str
    words: str
    state: State
    late: int


@dataclass(frozen=True, slots=True)
class PointsRow:
    row: StudentRow
    cells: tuple[Cell, ...]
    points: str
    challenge: str
    complete: str


@dataclass(frozen=True, slots=True)
class PointsPage:
    """``challenge``: what mastery brings, "" where it brings none."""

    page: Page[Membership]
    titles: tuple[tuple[str, str], ...]
    rows: tuple[PointsRow, ...]
    most: str
    challenge: str
    rules: tuple[str, str]


def points_page(seat: Seat, number: str) -> PointsPage:
    """``number`` as it stands in the address; what is none is the first, and what is too high the last."""
    rules = rules_of(seat.lab_class, seat.lab)
    page = Paginator(students_of(seat.lab_class), STUDENTS_A_PAGE).get_page(number)
    titles = {task.id: task.title for task in seat.lab.tasks}
    rows = some_rows(seat.lab_class, page.object_list)  # type: ignore[arg-type]  # of a queryset it is one
    zone = seat.lab_class.time_zone
    return PointsPage(
        page=page,
        titles=tuple((title, figures(rules.worth[task_id])) for task_id, title in titles.items()),
        rows=tuple(
            PointsRow(
                row=row,
                cells=tuple(_cell(titles[one.task_id], one) for one in row.tasks),
                points=figures(row.points),
                challenge=figures(row.challenge.reached.points) if row.challenge else "",
                complete=_day(row.complete_at, zone) if row.complete_at else "",
            )
            for row in rows
        ),
        most=figures(rules.most),
        challenge=figures(rules.challenge) if rules.challenge is not None else "",
        rules=(points_words(rules), late_words(seat.lab_class)),
    )


def _day(moment: datetime, zone: str) -> str:
    wall = on_the_wall(moment, zone)
    return f"{wall.day} {wall:%b %Y, %H:%M}"


def _cell(title: str, one: TaskRow) -> Cell:
    words = figures(one.reached.points) if one.state is State.DONE else one.state.words
    return Cell(title, words, one.state, one.reached.late)
