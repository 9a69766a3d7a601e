"""What a finding offers beside its words: why it matters, hints, the idea behind it, choices, what can be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from labportal.classes.allowed import EVERYTHING, Allowed
from labportal.labs.hints import OF_THE_TASK, Shown
from labportal.labs.models import LabSession
from labportal.runs.models import ACTIVE, Attempt, AttemptEvidence
from steps.kit import problems
from steps.kit.lab import Lab
from steps.kit.reasons import Idea, Reason, Worded
from steps.kit.task import ROLES, Action, Names, Task
from steps.registry import LABS

_SILENT = Reason("a reason that the lab does not know any more")


@dataclass(frozen=True, slots=True)
class PlanLine:
    title: str
    plan: str
    seconds: float  # what it usually takes


@dataclass(frozen=True, slots=True)
class Hints:
    """``about`` is the reason they are for, "" for the task's own. ``left`` are those not shown yet."""

    about: str
    shown: tuple[str, ...]
    left: int

    @property
    def total(self) -> int:
        return len(self.shown) + self.left


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A button that sets one of the student's names."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RemedyView:
    id: str
    change: PlanLine


@dataclass(frozen=True, slots=True)
class Offer:
    """``why`` and ``idea`` go with what was found; the rest is offered while it is the latest that is known.
    ``choices_elsewhere`` says what could be chosen there, where it is not offered; ``refused`` why a choice is not."""

    why: str = ""
    idea: Idea | None = None
    hints: Hints | None = None
    choices: tuple[ChoiceView, ...] = ()
    choices_elsewhere: tuple[str, ...] = ()
    refused: str = ""
    remedies: tuple[RemedyView, ...] = ()


class Offers:
    """Hands out what the findings of one attempt offer: what several of them offer stands with the first.

    ``shown`` is None where nothing can be done any more: then there is only what explains.
    What the student's classes do not allow is not offered.
    """

    def __init__(self, lab: Lab, names: Names, shown: Shown | None, allowed: Allowed = EVERYTHING) -> None:
        self._lab = lab
        self._allowed = allowed
        self._names = names
        self._shown = shown
        self._given: set[tuple[str, ...]] = set()

    def of(self, row: AttemptEvidence) -> Offer:
        reason = self._lab.reasons.get(row.reason, _SILENT)
        why = reason.why or problems.why(row.reason)
        possible = [ChoiceView(**choice) for choice in row.choices if self._first_choice(choice)]
        choices = tuple(choice for choice in possible if may_choose(self._allowed, choice.name, choice.value))
        explained = Offer(
            why=why if self._first("why", why) else "",
            idea=self._lab.ideas.get(reason.idea) if self._first("idea", reason.idea) else None,
            refused=self._allowed.no_roles if len(choices) < len(possible) else "",
        )
        if self._shown is None:
            return replace(explained, choices_elsewhere=tuple(choice.label for choice in choices))
        return replace(
            explained,
            hints=self._hints(row.reason, reason.hints),
            choices=choices,
            remedies=tuple(
                RemedyView(remedy, plan_line(self._lab.remedies[remedy].action, self._names))
                for remedy in reason.remedies
                if self._allowed.repair and self._first("remedy", remedy)
            ),
        )

    def _hints(self, about: str, hints: tuple[Worded, ...]) -> Hints | None:
        if not hints or not self._first("hints", about):
            return None
        return hints_of(about, hints, self._names, self._shown or {}, self._allowed)

    def _first_choice(self, choice: Mapping[str, Any]) -> bool:
        return self._first("choice", choice["name"], choice["value"])

    def _first(self, *what: str) -> bool:
        """It has not been given to an earlier finding."""
        first = what not in self._given
        self._given.add(what)
        return first


def hints_of(about: str, hints: tuple[Worded, ...], names: Names, shown: Shown, allowed: Allowed) -> Hints | None:
    """None where there are none. Those that are shown already stay; where a class gives none, no more are left."""
    told = hints[: shown.get(about, 0)]
    left = len(hints) - len(told) if allowed.hints else 0
    return Hints(about, tuple(hint(names) for hint in told), left) if told or left else None


def may_choose(allowed: Allowed, name: str, value: str) -> bool:
    """That way to go on is open to the student: Task 3 by roles may not be."""
    return allowed.roles or (name, value) != ("permission_model", ROLES)


def hints_there_are(lab: Lab, task: Task, about: str) -> int:
    """How many hints a task, or one of the lab's reasons, has."""
    if about == OF_THE_TASK:
        return len(task.hints)
    return len(lab.reasons.get(about, _SILENT).hints)


def plan_line(action: Action, names: Names) -> PlanLine:
    return PlanLine(action.title, action.plan(names), action.expected_seconds)


def offered_remedies(session: LabSession, task: Task) -> frozenset[str]:
    """What the latest attempt at a task gives reason to mend; nothing while one is under way. Two queries."""
    latest = Attempt.objects.filter(session=session, task_id=task.id).order_by("-id").first()
    if latest is None or latest.state in ACTIVE:
        return frozenset()
    reasons = LABS[session.lab_id].reasons
    found = latest.evidence.values_list("reason", flat=True)
    return frozenset(remedy for reason in found for remedy in reasons.get(reason, _SILENT).remedies)
