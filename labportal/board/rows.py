"""One student, as a row of the board. A page of them takes two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from labportal.board.need import Need, Rule
from labportal.board.why import Why, why_of
from labportal.board.words import FOUND, NOT_TRIED, THEIRS_TO_MEND, count, heading, meaning_of, whose
from labportal.classes.models import Membership
from labportal.labs.badges import MASTERED, Badge, verdict_badge
from labportal.runs.models import Attempt, TaskResult
from labportal.standings.models import Standing, TaskStanding
from steps.kit.lab import Lab
from steps.kit.problems import Whose
from steps.kit.verdict import Verdict

By, State = TaskResult.Provenance, Attempt.State
UNDER_WAY = Badge("Under way", "active", "play")
WAITS = Badge("Waits for Azure", "active", "clock")
WAITS_FOR_THEM = Badge("Waits for the student", "not-yet", "key")
HERE = Badge("Here", "here", "arrow")
TO_DO = Badge("To do", "todo", "")
_NOT_TRIED = Badge(NOT_TRIED, "todo", "")
"""Where the student has not come to yet nothing is wrong: what is missing there is not told."""
_NEEDS = {
    Need.HAND: Badge("Hand raised", "needs", "hand"),
    Need.FAILING: Badge("Same failure again", "needs", "flag"),
    Need.SLOW: Badge("Longer than others", "needs", "clock"),
    Need.IDLE: Badge("Idle", "needs", "question"),
    Need.AZURE: Badge("Waiting for Azure", "unknown", "cloud"),
    Need.WORKING: Badge("Working", "active", "play"),
    Need.AWAY: Badge("Away", "todo", "end"),
    Need.NOT_BEGUN: Badge("Not begun", "todo", "circle"),
    Need.DONE: Badge("Done", "passed", "check"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A task, as the head of its column: what it is called in short, and what it is about."""

    task_id: str
    short: str
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A student at one task. ``more`` is what stops them, or who found it done, "" where there is nothing to say."""

    column: Column
    badge: Badge
    more: str = ""
    tries: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    member_id: int
    name: str
    need: Need
    badge: Badge
    why: Why
    cells: tuple[Cell, ...]
    help: tuple[str, ...]
    seconds: int
    last_at: datetime | None
    done: int


class _Student(NamedTuple):
    """With what ``Rule.classify`` tells of them."""

    member: Membership
    standing: Standing | None
    need: Need


def columns_of(lab: Lab) -> tuple[Column, ...]:
    """The tasks, and the challenge last."""
    tasks = (*lab.tasks, *((lab.challenge,) if lab.challenge else ()))
    return tuple(Column(task.id, *heading(lab, task)) for task in tasks)


def rows_of(rule: Rule, students: QuerySet[Membership]) -> tuple[Row, ...]:
    """In the order of ``students``, which ``rule`` has classified. Two queries, whatever their number."""
    found = [_Student(one, one.standing, Need(one.need)) for one in students]  # type: ignore[attr-defined]  # annotated
    columns = columns_of(rule.lab)
    tasks = _tasks_of(student.standing for student in found)
    return tuple(_row(rule, student, columns, tasks[student.member.standing_id]) for student in found)


def _tasks_of(standings: Iterable[Standing | None]) -> defaultdict[int | None, dict[str, TaskStanding]]:
    """By standing and task."""
    keys = [one.pk for one in standings if one is not None]
    told: defaultdict[int | None, dict[str, TaskStanding]] = defaultdict(dict)
    for task in TaskStanding.objects.filter(standing__in=keys):
        told[task.standing_id][task.task_id] = task
    return told


def _row(rule: Rule, student: _Student, columns: Sequence[Column], tasks: dict[str, TaskStanding]) -> Row:
    member, standing, need = student
    at = standing.task_id if standing is not None and standing.begun_at is not None else ""
    cells = (_cell(rule.lab, one, tasks.get(one.task_id), here=one.task_id == at) for one in columns)
    why = why_of(rule, need, standing)
    return Row(
        member_id=member.pk,
        name=member.name,
        need=need,
        badge=_badge(need, standing),
        why=why,
        cells=tuple(_once(cell, why) for cell in cells),
        help=_help(standing),
        seconds=standing.seconds if standing is not None and at else 0,
        last_at=standing.last_at if standing else None,
        done=standing.done if standing else 0,
    )


def _badge(need: Need, standing: Standing | None) -> Badge:
    """What the portal itself cannot do is not put down to Azure."""
    if need is Need.AZURE and standing and whose(standing.verdict, standing.reason) is Whose.PORTAL:
        return Badge("Waiting for the portal", "unknown", "question")
    return _NEEDS[need]


def _cell(lab: Lab, column: Column, task: TaskStanding | None, *, here: bool) -> Cell:
    if task is None:
        return Cell(column, HERE if here else TO_DO)
    if task.done_at is not None:
        mastery = lab.challenge is not None and task.task_id == lab.challenge.id
        return Cell(column, MASTERED if mastery else _done(task), FOUND.capitalize() if task.on_behalf else "")
    tries = count(task.tries, "try", "tries") if task.tries else ""
    if task.state in (State.QUEUED, State.RUNNING):
        return Cell(column, UNDER_WAY, tries=tries)
    if task.state == State.WAITING:
        theirs = task.reason in THEIRS_TO_MEND
        return Cell(column, WAITS_FOR_THEM if theirs else WAITS, _meaning(lab, task), tries)
    if not task.verdict:
        return Cell(column, HERE if here else TO_DO, tries=tries)
    badge, more = verdict_badge(task.verdict), _meaning(lab, task)
    if task.verdict == Verdict.NOT_YET and not task.tries:
        badge, more = _NOT_TRIED, more if here else ""
    return Cell(column, badge, more, tries)


def _once(cell: Cell, why: Why) -> Cell:
    """What stops them is not said twice in a row."""
    return replace(cell, more="") if cell.more and cell.more in why.words else cell


def _meaning(lab: Lab, task: TaskStanding) -> str:
    return meaning_of(lab, task.verdict, task.reason) if task.reason else ""


def _done(task: TaskStanding) -> Badge:
    """How it was done, which is what is asked of a done task."""
    match task.provenance:
        case By.PORTAL:
            return Badge("Carried out", "by-portal", "machine")
        case By.REPAIRED:
            return Badge("Repaired", "passed", "check")
        case _:
            return Badge(count(task.hints, "hint") if task.hints else "Alone", "passed", "check")


def _help(standing: Standing | None) -> tuple[str, ...]:
    """What they had help with, over all tasks."""
    if standing is None or standing.begun_at is None:
        return ()
    used = (
        count(standing.hints, "hint") if standing.hints else "",
        f"{standing.repaired} repaired" if standing.repaired else "",
        f"{standing.by_portal} carried out" if standing.by_portal else "",
    )
    return tuple(words for words in used if words) or ("None",)
