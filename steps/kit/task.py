"""A lab and its parts: tasks, the actions that carry them out, the looks and checks that validate them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from steps.kit.azure import Azure, AzureProblem
from steps.kit.records import Seen
from steps.kit.verdict import Finding, Source

T = TypeVar("T")

POLICIES, ROLES = "policies", "roles"
"""The two permission models of a vault: access policies, and Azure RBAC."""


@dataclass(frozen=True, slots=True)
class Names:
    """The student's own names, filled into guides, plans and findings."""

    tenant_id: str
    subscription_id: str
    resource_group: str
    location: str
    vm: str
    vault: str
    secret: str
    permission_model: str = POLICIES
    """How the student lets the VM in: ``POLICIES`` or ``ROLES``."""

    @property
    def by_roles(self) -> bool:
        return self.permission_model == ROLES

    @property
    def vault_uri(self) -> str:
        return f"https://{self.vault}.vault.azure.net/"


class Walk(Protocol):
    """What the portal knows of a walk without asking Azure. In ``Context`` it stands under the same names."""

    @property
    def names(self) -> Names: ...

    @property
    def mended(self) -> frozenset[str]: ...

    @property
    def carried_out(self) -> Mapping[str, tuple[Mapping[str, str], ...]]: ...


@dataclass(frozen=True, slots=True)
class Context:
    """All that a task may touch while it runs.

    ``digest`` turns a nonce-bound string into the portal's keyed digest (hex): what is kept
    instead of a value. ``facts`` are JSON-able results of earlier actions of this attempt,
    by action id; they are stored, so no value or token may be among them. ``answers`` are what
    the student typed for this attempt's ``Ask``s, by ask id, already reduced by ``Ask.keep``.
    ``noted`` is what findings of this walk left behind in ``Finding.notes``, by kind, the oldest first.
    ``mended`` are the ids of the remedies that the portal has carried out in this walk and has not taken back.
    ``carried_out`` is what the portal did when it carried tasks out that have not been undone since: by action id,
    the facts of each time, the oldest first. ``began`` is when the walk began, None where nobody knows.
    """

    names: Names
    azure: Azure
    digest: Callable[[str], str]
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mended: frozenset[str] = frozenset()
    carried_out: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActionDone:
    """``did`` is False when the action looked and found the thing already there.
    ``facts`` are kept in ``Context.facts[action.id]``."""

    summary: str
    did: bool
    sources: tuple[Source, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionPending:
    """Azure is at work. The engine stores ``token`` and comes back after ``retry_after`` seconds.

    ``began`` is True once the portal has ordered what it waits for: should the attempt be cancelled meanwhile, the
    thing will be there all the same, and be the portal's doing. ``facts`` are then what is known of it: kept at once,
    as those of ``ActionDone`` are, which replace them."""

    token: str
    retry_after: float
    summary: str
    sources: tuple[Source, ...] = ()
    began: bool = False
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionIntent:
    """The thing is not there and is about to be made. The runner stores ``token``, then calls the
    action again at once with it. Should the worker die after the effect, the next one finds the
    thing there *and* this token, and knows that it was the portal that made it.
    Only an answer to a call without a token.

    ``facts`` are what is known of the thing once it is made. They are kept from now on, for this attempt and for
    whoever takes it back, and dropped only if Azure refuses the call itself (``steps.kit.azure.effect``)."""

    token: str
    facts: dict[str, str] = field(default_factory=dict)


class Do(Protocol):
    """Look first, then do. ``token`` is that of the last ActionPending or ActionIntent, or None at first.

    It may be called with None, or with an outlived token, although the thing was already done.
    May raise AzureProblem: a transient one is tried again, another ends the actions."""

    def __call__(self, ctx: Context, token: str | None, /) -> ActionDone | ActionPending | ActionIntent: ...


@dataclass(frozen=True, slots=True)
class Action:
    """One idempotent step of carrying out. ``plan`` says beforehand what it will do.
    ``expected_seconds`` is the documented usual duration, shown to the student. One that runs ``whatever_happened``
    is done although trouble ended the actions before it: what has to be put back at the end. One that is not ``due``
    is passed over without a word; that must not depend on what Azure says. Nor is one done that has nothing to do
    ``in_walk``, and that is not on the plan either: what the portal did not do it need not take back. One that is done
    ``even_if_cancelled`` puts back what must not stay away: a cancelled attempt ends only after it. It runs
    ``whatever_happened``, too.
    ``settles``: the reasons of findings which say that what it does is not done; where Azure kept the portal from it,
    they are nobody's to mend (``steps.kit.kept_from_it``)."""

    id: str
    title: str
    plan: Callable[[Names], str]
    do: Do
    expected_seconds: float = 2.0
    whatever_happened: bool = False
    even_if_cancelled: bool = False
    due: Callable[[Context], bool] = lambda ctx: True
    in_walk: Callable[[Walk], bool] = lambda walk: True
    settles: frozenset[str] = frozenset()


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
