"""A lab whose tasks do what the test says, and what was put on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from steps.kit.lab import Lab
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Guide, Task
from steps.kit.verdict import Finding, Source, Verdict

SOURCE = Source("GET", "/somewhere", 200, "request-1")
Step = Callable[[Context, str | None], ActionDone | ActionPending | ActionIntent]


@dataclass
class Wire:
    """What would have gone to Redis, and how Redis is."""

    enqueued: list[tuple[str, int, *tuple[int, ...]]] = field(default_factory=list)
    nudges: list[dict[str, Any]] = field(default_factory=list)
    queue_length: int = 0
    away: bool = False


class ScriptedTask:
    """``steps`` are the actions, ``finding`` what the only check says; both may be set by the test."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.finding: Callable[[Context], Finding] = lambda _ctx: Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    def lab(self) -> Lab:
        actions = tuple(
            Action(f"step-{number}", f"Step {number}", lambda _names: "does it", do=step)
            for number, step in enumerate(self.steps)
        )
        check = Check("check", "The thing is there", (), lambda ctx, _facts: self.finding(ctx))
        tasks = tuple(
            Task(name, number, "A task", "", lambda _names: Guide("", {}), checks=(check,), actions=actions)
            for number, name in enumerate(("task", "second", "third"))
        )
        return Lab("test-lab", "A lab", "", tasks)
