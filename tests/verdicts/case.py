"""One way a lab can go wrong, and what the portal must say about it: a row of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from practice_cloud.scenarios import CATALOGUE
from steps.kit.course import Mode
from steps.registry import LABS
from tests.verdicts.before import Step

LAB = LABS["key-vault-managed-identity"]


@dataclass(frozen=True, slots=True)
class Case:
    """``scenario`` is a name of the practice cloud's catalogue, "" for a student who has done nothing yet; ``before``
    is what happened after it. Of the finding of ``check``, ``reason`` is the whole id; ``found`` and ``next_step`` are
    facts that its words must hold, with the student's names in braces (``"{vault}"``). ``choices`` are the values
    offered. ``remedy`` must be among those that the reason offers, "" for none expected; it is what was done where
    the ``mode`` is to repair.

    ``also`` names each other check of the task that says something of its own, with its reason: every other one must
    have passed or wait. ``paste`` is what the student pastes, as it comes; ``answers`` are
    what is chosen elsewhere. When ``check`` is the id of an action, the
    problem that ended it is meant.
    """

    scenario: str
    task: str
    check: str
    reason: str
    found: tuple[str, ...] = ()
    next_step: tuple[str, ...] = ()
    title: str = ""
    remedy: str = ""
    choices: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    before: tuple[Step, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    paste: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = Mode.VALIDATE

    @property
    def id(self) -> str:
        """Unique in the table: a test sees to it."""
        parts = [self.task, self.scenario or "fresh", self.reason, *self.names.values()]
        return "-".join(parts) + (f"-{self.title.replace(' ', '_')}" if self.title else "")

    @property
    def told(self) -> str:
        """The case in words: its own title, or that of its scenario."""
        return self.title or CATALOGUE[self.scenario].title

    @property
    def scene(self) -> tuple[object, ...]:
        """What tells students of the practice cloud apart who can be one and the same: looking changes nothing."""
        looks = self.mode is Mode.VALIDATE and not self.before
        return (self.scenario, tuple(self.parameters.items()), tuple(self.names.items())) if looks else (self.id,)
