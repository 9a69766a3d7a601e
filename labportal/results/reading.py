"""What each student of a class has reached, task by task, with its points: what exports, pages and programs read.

From standings only, never from attempts. Two queries for each ``AT_ONCE`` students, and no more memory for a large
class than for a small one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from labportal.results.points import Points, Rules, rules_of
from labportal.results.ways import State, Way, state_of, way_of
from labportal.standings.models import TaskStanding
from steps.kit.lab import Lab
from steps.registry import LABS

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of one student, or the challenge. Fields as in ``standings.TaskStanding``; ``way`` is None and
    ``done_at`` too while it is open, and so is ``found``: whether it was a check of an instructor's that found it done.
    ``seconds`` are of work."""

    task_id: str
    state: State = State.TO_DO
    way: Way | None = None
    found: bool | None = None
    tries: int = 0
    first_try: bool | None = None
    hints: int = 0
    seconds: int = 0
    done_at: datetime | None = None
    reached: Points = field(default_factory=Points)


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student. ``member_id`` is the key of the membership; ``tasks`` has all of the lab's, in their order.

    ``points`` is their sum, ``lost`` what being late took, ``late`` how many were done late. ``challenge`` is apart;
    None where the lab has none. ``hints``, ``repaired`` and ``carried_out`` count over the tasks.
    """

    member_id: int
    name: str
    email: str
    begun_at: datetime | None
    last_at: datetime | None
    complete_at: datetime | None
    mastered_at: datetime | None
    hints: int
    tasks: tuple[TaskRow, ...]
    challenge: TaskRow | None

    @property
    def done(self) -> int:
        return sum(one.done_at is not None for one in self.tasks)

    @property
    def points(self) -> Decimal:
        return sum((one.reached.points for one in self.tasks), Decimal(0))

    @property
    def lost(self) -> Decimal:
        return sum((one.reached.lost for one in self.tasks), Decimal(0))

    @property
    def late(self) -> int:
        return sum(one.reached.late > 0 for one in self.tasks)

    @property
    def repaired(self) -> int:
        return sum(one.way is Way.REPAIRED for one in self.tasks)

    @property
    def carried_out(self) -> int:
        return sum(one.way is Way.CARRIED_OUT for one in self.tasks)


_MEMBER = (
    *("pk", "name", "email", "standing_id", "standing__begun_at", "standing__last_at"),
    *("standing__complete_at", "standing__mastered_at", "standing__hints"),
)
_TASK = (
    "standing_id",
    "task_id",
    "state",
    "verdict",
    "tries",
    "first_try",
    "hints",
    "provenance",
    "done_at",
    "on_behalf",
    "seconds",
)
_Member = tuple[
    int, str, str, int | None, datetime | None, datetime | None, datetime | None, datetime | None, int | None
]


def all_rows(lab_class: LabClass) -> Iterator[StudentRow]:
    """Everybody in the class, by name."""
    lab = LABS[lab_class.lab_id]
    rules = rules_of(lab_class, lab)
    members = students_of(lab_class).values_list(*_MEMBER).iterator(chunk_size=AT_ONCE)
    while some := list(islice(members, AT_ONCE)):
        yield from _rows(some, lab, rules)


def some_rows(lab_class: LabClass, members: QuerySet[Membership]) -> list[StudentRow]:
    """Those few: ``members`` are students of the class, in the order in which they are wanted."""
    lab = LABS[lab_class.lab_id]
    return list(_rows(list(members.values_list(*_MEMBER)), lab, rules_of(lab_class, lab)))


def _rows(members: Sequence[_Member], lab: Lab, rules: Rules) -> Iterator[StudentRow]:
    told = _tasks_of([member[3] for member in members if member[3] is not None], rules, lab)
    for pk, name, email, standing, begun_at, last_at, complete_at, mastered_at, hints in members:
        theirs = told.get(standing, {}) if standing is not None else {}
        yield StudentRow(
            member_id=pk,
            name=name,
            email=email,
            begun_at=begun_at,
            last_at=last_at,
            complete_at=complete_at,
            mastered_at=mastered_at,
            hints=hints or 0,
            tasks=tuple(theirs.get(task.id) or TaskRow(task.id) for task in lab.tasks),
            challenge=theirs.get(lab.challenge.id) or TaskRow(lab.challenge.id) if lab.challenge else None,
        )


def _tasks_of(standing_ids: Iterable[int], rules: Rules, lab: Lab) -> Mapping[int, Mapping[str, TaskRow]]:
    """By standing and task."""
    challenge = lab.challenge.id if lab.challenge else ""
    told: defaultdict[int, dict[str, TaskRow]] = defaultdict(dict)
    rows = TaskStanding.objects.filter(standing__in=list(standing_ids)).values_list(*_TASK)
    for standing, task_id, state, verdict, tries, first_try, hints, provenance, *more in rows:
        done_at, on_behalf, seconds = more
        reached = rules.of_challenge(done_at) if task_id == challenge else rules.of_task(task_id, done_at)
        told[standing][task_id] = TaskRow(
            task_id=task_id,
            state=state_of(done=done_at is not None, state=state, verdict=verdict, tries=tries),
            way=way_of(provenance, hints) if done_at is not None else None,
            found=on_behalf if done_at is not None else None,
            tries=tries,
            first_try=first_try,
            hints=hints,
            seconds=seconds,
            done_at=done_at,
            reached=reached,
        )
    return told
