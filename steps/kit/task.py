"""A lab's tasks, and the looks and checks that validate them. What carries them out is in ``steps.kit.action``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from steps.kit.action import Action, ActionDone, ActionIntent, ActionPending, Do
from steps.kit.azure import AzureProblem
from steps.kit.context import POLICIES, ROLES, Context, Names, Walk
from steps.kit.records import Seen
from steps.kit.verdict import Finding

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class Look(Generic[T]):
    """One read-only question to Azure. Looks that several checks share are asked once."""

    id: str
    title: str
    fetch: Callable[[Context], Seen[T]]


class Facts(Protocol):
    """What the looks and the probes have told. Each is asked once and remembered."""

    def of(self, look: Look[T]) -> Seen[T]:
        """Raises the AzureProblem if the look failed. A look not asked before is asked now."""
        ...

    def ask(self, *looks: Look[Any]) -> None:
        """Start these looks at the same time, for ``of`` to answer: for what only some verdicts need."""
        ...

    def told(self, step: Action) -> dict[str, str]:
        """The facts of an action or probe ({} if it did not run). Raises its AzureProblem if it gave up."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """A read-only judgement. The ``looks`` of all checks are fetched at the same time.

    ``judge`` answers COULD_NOT_TELL only for what another look, some time later, may tell;
    it lets AzureProblems through. ``validating_only`` keeps a check about the student's own
    answer out of what the portal carries out. One that has nothing to say ``in_walk`` is left out.
    """

    id: str
    title: str
    looks: tuple[Look[Any], ...]
    judge: Callable[[Context, Facts], Finding]
    validating_only: bool = False
    in_walk: Callable[[Walk], bool] = lambda walk: True


@dataclass(frozen=True, slots=True)
class Guide:
    """What the student reads: Markdown with ``{{ vault }}``-like names, already filled in.
    ``ways`` maps "portal", "az", "powershell" to their numbered steps, in that order."""

    intro: str
    ways: dict[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers that an ``Ask`` offers. ``id`` is what is kept; ``label`` is a whole sentence."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a task asks the student for before it validates.

    ``keep`` reduces what was typed or pasted to the part that may be stored ("" when it holds
    nothing of use) and never raises: a pasted response may hold a secret's value, and only what
    ``keep`` answers ever leaves the request. ``options`` are all the answers there are, for one that is not typed but
    chosen.
    """

    id: str
    label: str
    help: str
    keep: Callable[[str], str]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """``probes`` run in both modes, before the checks, and again before the checks are looked at
    again: reads that take long (Run Command). ``actions`` run only when carrying out.
    A task whose doing is a read has only probes. ``undo`` takes back what the task made, and ``undone``
    are the checks that it is gone; the tasks in ``undo_reopens`` are no longer done then. ``to_undo``: the portal has
    done something in the walk that undoing takes back; what it mended beside that, only cleaning up does. ``hints``
    are shown one by one, from a nudge to nearly the answer. An id never changes meaning."""

    id: str
    number: int
    title: str
    summary: str
    guide: Callable[[Names], Guide]
    checks: tuple[Check, ...]
    actions: tuple[Action, ...] = ()
    probes: tuple[Action, ...] = ()
    asks: tuple[Ask, ...] = ()
    undo: tuple[Action, ...] = ()
    undone: tuple[Check, ...] = ()
    undo_reopens: tuple[str, ...] = ()
    to_undo: Callable[[Walk], bool] = lambda walk: True
    hints: tuple[Callable[[Names], str], ...] = ()

    def checks_for(self, *, validating: bool) -> tuple[Check, ...]:
        """The checks that will be made: of carrying out, those about the student's own answers are no part."""
        return tuple(check for check in self.checks if validating or not check.validating_only)

    @property
    def can_carry_out(self) -> bool:
        return bool(self.carried_out_by)

    @property
    def carried_out_by(self) -> tuple[Action, ...]:
        """What the portal does when it carries the task out, in order: the plan to show beforehand."""
        return self.actions + self.probes


__all__ = [
    "POLICIES",
    "ROLES",
    "Action",
    "ActionDone",
    "ActionIntent",
    "ActionPending",
    "Ask",
    "AzureProblem",
    "Check",
    "Context",
    "Do",
    "Facts",
    "Guide",
    "Look",
    "Names",
    "Option",
    "Task",
    "Walk",
]
