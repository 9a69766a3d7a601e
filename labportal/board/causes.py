"""What stops whom: the open verdicts of a class, those that are alike together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Max, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from labportal.board.words import meaning_of, task_name, whose
from labportal.classes.models import LabClass, Membership
from labportal.classes.roll import students_of
from steps.kit.lab import Lab
from steps.kit.problems import Whose

NAMED = 12
"""Students of a cause who are named at once; the board shows them all."""
_KEY = ("standing__task_id", "standing__check_id", "standing__reason", "standing__verdict")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """The same thing that stops ``number`` of ``at_task``, who are all those at its task now.

    ``typical`` and ``longest`` are seconds at the task so far; ``tries`` are theirs together. ``mends`` says what the
    portal can do about it, if the student accepts and the class allows repairs.
    """

    key: Key
    task: str
    check: str
    meaning: str
    whose: Whose
    number: int
    at_task: int
    typical: int
    longest: int
    tries: int
    mends: tuple[str, ...]

    @property
    def task_id(self) -> str:
        return self.key[0]

    @property
    def check_id(self) -> str:
        return self.key[1]

    @property
    def reason(self) -> str:
        return self.key[2]

    @property
    def anchor(self) -> str:
        return "-".join(part for part in self.key if part)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A student behind a cause."""

    member_id: int
    name: str


def causes_of(lab: Lab, lab_class: LabClass) -> tuple[Cause, ...]:
    """The most frequent first. One query."""
    begun = _begun(lab_class).order_by()
    rows = begun.values(*_KEY).annotate(
        number=Count("pk"),
        typical=Avg("standing__seconds"),
        longest=Max("standing__seconds"),
        tries=Sum("standing__tries"),
    )
    groups = list(rows)
    at_task = Counter[str]()
    for row in groups:
        at_task[row["standing__task_id"]] += row["number"]
    repairs = lab_class.allows_repair
    stopping = (_cause(lab, row, at_task, repairs=repairs) for row in groups if row["standing__verdict"])
    return tuple(sorted(stopping, key=lambda cause: (-cause.number, cause.key)))


def names_of(lab_class: LabClass) -> dict[Key, tuple[Stopped, ...]]:
    """The first ``NAMED`` of each cause, by name. One query, bounded however large the class is."""
    stopped = _begun(lab_class).exclude(standing__verdict="")
    place = Window(RowNumber(), partition_by=[F(one) for one in _KEY], order_by=[F("name").asc(), F("pk").asc()])
    first = stopped.annotate(place=place).filter(place__lte=NAMED).order_by("name", "pk")
    found: defaultdict[Key, list[Stopped]] = defaultdict(list)
    for member_id, name, *key in first.values_list("pk", "name", *_KEY):
        found[tuple(key)].append(Stopped(member_id, name))
    return {key: tuple(who) for key, who in found.items()}


def reasons_in(causes: Iterable[Cause]) -> dict[str, str]:
    """By reason id, its meaning: what a board can be narrowed to."""
    return {cause.reason: cause.meaning for cause in causes if cause.reason}


def told_aloud(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Those that can be shown to a whole room: what stops one student alone would point at them."""
    return tuple(cause for cause in causes if cause.number > 1)


def _begun(lab_class: LabClass) -> QuerySet[Membership]:
    """The students who are at a task now."""
    return students_of(lab_class).filter(standing__begun_at__isnull=False, standing__complete_at=None)


def _cause(lab: Lab, row: dict[str, Any], at_task: Counter[str], *, repairs: bool) -> Cause:
    task_id, check_id, reason, verdict = key = tuple(row[name] for name in _KEY)
    known = lab.reasons.get(reason)
    return Cause(
        key=key,
        task=task_name(lab, task_id),
        check=_check_title(lab, task_id, check_id),
        meaning=meaning_of(lab, verdict, reason),
        whose=whose(verdict, reason),
        number=row["number"],
        at_task=at_task[task_id],
        typical=round(row["typical"] or 0),
        longest=row["longest"] or 0,
        tries=row["tries"] or 0,
        mends=tuple(lab.remedies[one].action.title for one in known.remedies) if known and repairs else (),
    )


def _check_title(lab: Lab, task_id: str, check_id: str) -> str:
    """ "" for a check that the lab does not have any more."""
    tasks = (task for task in lab.all_tasks if task.id == task_id)
    return next((check.title for task in tasks for check in task.checks if check.id == check_id), "")
