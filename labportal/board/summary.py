"""How many students there are of each kind, and how far the class is with each task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from labportal.board.narrow import ALONE
from labportal.board.need import STUCK, Need
from labportal.board.words import heading
from labportal.classes.models import LabClass, Membership
from labportal.standings.models import TaskStanding
from steps.kit.lab import Lab


@dataclass(frozen=True, slots=True)
class Part:
    """A number with what it counts. ``narrowed`` is what the board's address says to show just those."""

    number: int
    words: str
    narrowed: str


@dataclass(frozen=True, slots=True)
class Summary:
    """``of`` is everybody; ``stuck`` who needs help, and ``reasons`` in what way."""

    of: int
    stuck: Part
    reasons: tuple[Part, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One task of the class: how many of ``of`` have done it, and how many are at it now."""

    short: str
    title: str
    done: int
    here: int
    of: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.of if self.of else 0


_STUCK_WORDS = {
    Need.HAND: "with a hand raised",
    Need.FAILING: "with the same failure again",
    Need.SLOW: "for longer than others",
    Need.IDLE: "idle",
}
_WORDS = {
    Need.WORKING: "working",
    Need.AZURE: "waiting for Azure",
    Need.AWAY: "away",
    Need.NOT_BEGUN: "not begun",
    Need.DONE: "done",
}


def summary_of(students: QuerySet[Membership]) -> Summary:
    """Of students that a ``Rule`` has classified. One query."""
    numbers = Counter[Need]()
    mastered = alone = 0
    rows = (
        students.order_by()
        .values("need")  # type: ignore[misc]  # annotated
        .annotate(
            number=Count("pk"),
            mastered=Count("pk", filter=Q(standing__mastered_at__isnull=False)),
            alone=Count("pk", filter=ALONE),
        )
    )
    for row in rows:
        numbers[Need(row["need"])] = row["number"]
        mastered += row["mastered"]
        alone += row["alone"] if row["need"] == Need.DONE else 0
    stuck = sum(numbers[need] for need in STUCK)
    return Summary(
        of=numbers.total(),
        stuck=Part(stuck, "needs help" if stuck == 1 else "need help", "stuck"),
        reasons=_parts(numbers, _STUCK_WORDS, always=()),
        parts=(
            *_parts(numbers, _WORDS, always=(Need.WORKING, Need.DONE)),
            *((Part(alone, "of them alone", "alone"),) if numbers[Need.DONE] else ()),
            Part(mastered, "mastered", "mastered"),
        ),
    )


def _parts(numbers: Mapping[Need, int], words: Mapping[Need, str], always: tuple[Need, ...]) -> tuple[Part, ...]:
    shown = (need for need in words if numbers[need] or need in always)
    return tuple(Part(numbers[need], words[need], need.slug) for need in shown)


def bars_of(lab: Lab, lab_class: LabClass) -> tuple[Bar, ...]:
    """The tasks of the lab, and its challenge last. Two queries."""
    students = Membership.objects.filter(lab_class=lab_class, role=Membership.Role.STUDENT)
    here = Counter[str]()
    rows = students.order_by().values_list("standing__task_id").annotate(number=Count("pk"))
    everybody = 0
    for task_id, number in rows:
        everybody += number
        here[task_id or ""] += number
    done = dict(
        TaskStanding.objects.filter(standing__in=students.values("standing"), done_at__isnull=False)
        .order_by()
        .values_list("task_id")
        .annotate(number=Count("pk"))
    )
    tasks = (*lab.tasks, *((lab.challenge,) if lab.challenge else ()))
    return tuple(
        Bar(
            *heading(lab, task),
            done=done.get(task.id, 0),
            here=here[task.id],
            of=everybody,
        )
        for task in tasks
    )
