"""Walks a task from sitting to sitting, as the engine would, without waiting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from typing import Any

from steps.kit.azure import AzureProblem
from steps.kit.course import Mode, course_of
from steps.kit.progress import Finished, Progress, Wait
from steps.kit.runner import advance
from steps.kit.task import Action, Context, Task
from steps.kit.verdict import Evidence, Finding, Source, Verdict
from tests.steps.fake_azure import NAMES, FakeAzure


class Killed(BaseException):
    """The worker is gone in this very moment."""


@dataclass
class Tape:
    """A recorder that remembers. ``before_event(n, kind)`` is called before each event and may raise."""

    events: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    dones: list[tuple[str, bool]] = field(default_factory=list)
    troubles: list[tuple[str, str, float | None]] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    stored: Progress = field(default_factory=Progress)
    before_event: Callable[[int, str], None] = lambda number, kind: None

    def _event(self, kind: str, step_id: str) -> None:
        self.before_event(len(self.events), kind)
        self.events.append((kind, step_id))

    def started(self, step_id: str, title: str) -> None:
        self._event("started", step_id)

    def done(self, step_id: str, summary: str, sources: tuple[Source, ...], did: bool) -> None:
        self._event("done", step_id)
        self.dones.append((step_id, did))
        self.texts.append(summary)

    def waiting(self, step_id: str, summary: str, sources: tuple[Source, ...], retry_after: float) -> None:
        self._event("waiting", step_id)
        self.texts.append(summary)

    def trouble(self, step_id: str, problem: AzureProblem, retry_after: float | None) -> None:
        self._event("trouble", step_id)
        self.troubles.append((step_id, problem.kind.value, retry_after))

    def checked(self, evidence: Evidence) -> None:
        self._event("checked", evidence.check_id)
        self.evidence[evidence.check_id] = evidence

    def checkpoint(self, progress: Progress) -> None:
        self._event("checkpoint", str(progress.step))
        self.stored = progress


@dataclass
class Walk:
    """What came of it."""

    finished: Finished
    tape: Tape
    waits: list[float]

    @property
    def verdict(self) -> Verdict:
        return self.finished.verdict

    def finding(self, check_id: str) -> Finding:
        return self.tape.evidence[check_id].finding

    def reasons(self) -> dict[str, str]:
        return {check: one.finding.reason for check, one in self.tape.evidence.items()}


def context(azure: FakeAzure, **answers: str) -> Context:
    return Context(NAMES, azure, lambda text: hashlib.sha256(text.encode()).hexdigest(), answers=answers)


def through_the_row(progress: Progress) -> Progress:
    """As the engine stores it: JSON and back."""
    said: dict[str, Any] = json.loads(json.dumps(asdict(progress)))
    return Progress(**said)


def walk(
    task: Task,
    mode: Mode,
    ctx: Context,
    pool: Executor,
    *,
    tape: Tape | None = None,
    progress: Progress | None = None,
    between: Callable[[int], None] = lambda sitting: None,
    limit: int = 60,
    remedy: Action | None = None,
) -> Walk:
    """From ``progress`` to the end; ``between`` is called after each wait. Fails after ``limit`` sittings."""
    tape = tape or Tape()
    waits: list[float] = []
    progress = progress or Progress()
    for sitting in range(limit):
        outcome = advance(course_of(task, mode, remedy), ctx, through_the_row(progress), tape, pool)
        if isinstance(outcome, Finished):
            return Walk(outcome, tape, waits)
        assert isinstance(outcome, Wait)
        waits.append(outcome.seconds)
        progress = tape.stored = outcome.progress
        between(sitting)
    raise AssertionError(f"not finished after {limit} sittings")
