"""What the page of results tells of a class, in numbers: three queries, however large the class is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, Min, Q, QuerySet

from labportal.board.words import task_name
from labportal.classes.models import LabClass, Membership
from labportal.results.completion import Curve, curve_of
from labportal.results.times import STEP, Times, times_of
from labportal.results.ways import Way, way_of
from labportal.standings.models import TaskStanding
from steps.kit.lab import Lab
from steps.kit.task import Task


@dataclass(frozen=True, slots=True)
class Totals:
    """Students: all of them, those who have begun, those with all tasks done, and apart from it those with mastery."""

    students: int
    begun: int
    complete: int
    mastered: int
    first_begun: datetime | None
    first_complete: datetime | None
    last_complete: datetime | None


@dataclass(frozen=True, slots=True)
class TaskTold:
    """One task, or the challenge. ``ways``: how many did it in which. ``looked`` are those who had a check of their
    own before anything else, and ``first_try`` those of them who passed at once. ``found``: for how many a check of an
    instructor's found it done. ``times``: None where nobody did it themselves."""

    task: Task
    name: str
    done: int
    of: int
    ways: Mapping[Way, int]
    first_try: int
    looked: int
    found: int
    times: Times | None


@dataclass(frozen=True, slots=True)
class Overview:
    """``curve`` is None while nobody is complete."""

    totals: Totals
    curve: Curve | None
    tasks: tuple[TaskTold, ...]
    challenge: TaskTold | None


def overview_of(lab: Lab, lab_class: LabClass, now: datetime) -> Overview:
    """Everything at once; what of it is shown, and how, is the page's affair."""
    students = Membership.objects.filter(lab_class=lab_class, role=Membership.Role.STUDENT).order_by()
    totals = _totals(students)
    numbers = _numbers(students)

    def told(task: Task) -> TaskTold:
        return _told(lab, task, totals.students, numbers.get(task.id) or _Numbers())

    return Overview(
        totals=totals,
        curve=_curve(students, totals, lab_class, now),
        tasks=tuple(map(told, lab.tasks)),
        challenge=told(lab.challenge) if lab.challenge else None,
    )


def _totals(students: QuerySet[Membership]) -> Totals:
    told = students.aggregate(
        students=Count("pk"),
        begun=Count("standing__begun_at"),
        complete=Count("standing__complete_at"),
        mastered=Count("standing__mastered_at"),
        first_begun=Min("standing__begun_at"),
        first_complete=Min("standing__complete_at"),
        last_complete=Max("standing__complete_at"),
    )
    return Totals(**told)


@dataclass(slots=True)
class _Numbers:
    """Of one task, while it is counted; ``steps``: how many took so many steps of ``STEP`` seconds."""

    ways: Counter[Way] = field(default_factory=Counter)
    first_try: int = 0
    looked: int = 0
    found: int = 0
    steps: Counter[int] = field(default_factory=Counter)


def _numbers(students: QuerySet[Membership]) -> Mapping[str, _Numbers]:
    """By task id. One query: everybody once, and those who are alike are counted by the database."""
    tasks = TaskStanding.objects.filter(standing__in=students.values("standing")).order_by()
    alike = tasks.annotate(hinted=_is(hints__gt=0), done=_is(done_at__isnull=False), step=F("seconds") / STEP)
    names = ("task_id", "done", "provenance", "hinted", "first_try", "on_behalf", "step")
    rows = alike.values_list(*names).annotate(number=Count("pk"))
    found: defaultdict[str, _Numbers] = defaultdict(_Numbers)
    for task_id, done, provenance, hinted, first_try, on_behalf, step, number in rows:
        one = found[task_id]
        way = way_of(provenance, hinted) if done else None
        if way is not None:
            one.ways[way] += number
        # whom the portal did it for, and who did not say that they were through, tell nothing of the time it takes
        if way not in (None, Way.CARRIED_OUT) and not on_behalf:
            one.steps[step] += number
        one.looked += number if first_try is not None else 0
        one.first_try += number if first_try else 0
        one.found += number if on_behalf else 0
    return found


def _is(**condition: object) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())


def _told(lab: Lab, task: Task, of: int, numbers: _Numbers) -> TaskTold:
    return TaskTold(
        task=task,
        name=task_name(lab, task.id),
        done=numbers.ways.total(),
        of=of,
        ways={way: numbers.ways[way] for way in Way},
        first_try=numbers.first_try,
        looked=numbers.looked,
        found=numbers.found,
        times=times_of(numbers.steps) if numbers.steps else None,
    )


def _curve(students: QuerySet[Membership], totals: Totals, lab_class: LabClass, now: datetime) -> Curve | None:
    if totals.first_begun is None or totals.first_complete is None or totals.last_complete is None:
        return None
    begins = min(totals.first_begun, totals.first_complete)
    until = max(totals.last_complete, min(now, lab_class.due_at) if lab_class.due_at else totals.last_complete)

    def complete_by(edges: list[datetime]) -> list[int]:
        counts = {
            f"at_{place}": Count("pk", filter=Q(standing__complete_at__lte=edge)) for place, edge in enumerate(edges)
        }
        told = students.aggregate(**counts)
        return [told[name] for name in counts]

    return curve_of(begins, until, lab_class, totals.students, complete_by)
