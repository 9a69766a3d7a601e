"""What a scenario is, and the books that hold those of one group."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from practice_cloud.scenarios.scene import Scene

Act = Callable[["Scene"], None]
MOST_SECONDS = 366 * 24 * 3600.0


class Refused(Exception):
    """What was asked for cannot be: says what to do instead."""


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter: seconds, mostly. ``default`` None is "until it is lifted"."""

    default: float | None
    says: str

    def read(self, name: str, sent: Any) -> float | None:
        """Raises Refused."""
        if sent is None:
            return self.default
        number = isinstance(sent, int | float) and not isinstance(sent, bool) and math.isfinite(sent)
        if not number or not 0 < sent <= MOST_SECONDS:
            raise Refused(f"{name} must be a number above zero, at most {MOST_SECONDS:.0f}: {self.says}")
        return float(sent)


@dataclass(frozen=True, slots=True)
class Scenario:
    """``id`` never changes meaning. ``act`` puts a student's Azure into the state that ``title`` names; ``task`` is the
    id of the lab's task that it is about, "any" for all of them."""

    id: str
    title: str
    task: str
    group: str
    does: str
    act: Act
    parameters: dict[str, Number]

    def read(self, sent: dict[str, Any]) -> dict[str, float | None]:
        """The parameters, with what was left out at its default. Raises Refused."""
        unknown = ", ".join(sorted(set(sent) - set(self.parameters)))
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise Refused(f"{unknown}: {self.id} has no such parameter; it has {known}")
        return {name: kind.read(name, sent.get(name)) for name, kind in self.parameters.items()}


class Book:
    """The scenarios of one group, in the order they are written."""

    def __init__(self, group: str, *, task: str) -> None:
        self.scenarios: list[Scenario] = []
        self._group = group
        self._task = task

    def scenario(self, scenario_id: str, title: str, **parameters: Number) -> Callable[[Act], Act]:
        """The function's docstring says what it does."""

        def keep(act: Act) -> Act:
            does = " ".join((act.__doc__ or "").split())
            self.scenarios.append(Scenario(scenario_id, title, self._task, self._group, does, act, parameters))
            return act

        return keep
