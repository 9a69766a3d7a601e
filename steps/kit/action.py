"""An action: one idempotent step of carrying out, and the three ways it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from steps.kit.context import Context, Names, Walk
from steps.kit.verdict import Source


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
