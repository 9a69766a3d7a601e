"""A lab whose tasks do what the test says, and what was put on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from steps.kit.lab import Lab
from steps.kit.reasons import Remedy, by_id
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
    """``steps`` are the actions, ``back`` what is put back even if cancelled, ``undo`` takes back, ``mend`` is what two
    remedies do, of which "switch" has a way back, ``tidy`` cleans up, ``dare`` is the challenge, and ``finding``
    is what the only check says; all may be set by the test."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.back: list[Step] = []
        self.undo: list[Step] = []
        self.mend: Step = lambda _ctx, _token: ActionDone("mended", did=True, sources=(SOURCE,))
        self.tidy: Step = lambda _ctx, _token: ActionDone("tidied", did=True, sources=(SOURCE,))
        self.dare: Step = lambda _ctx, _token: ActionDone("dared", did=True, sources=(SOURCE,))
        self.finding: Callable[[Context], Finding] = lambda _ctx: Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    def lab(self) -> Lab:
        actions, undo = _actions("step", self.steps), _actions("undo", self.undo)
        actions += tuple(replace(one, even_if_cancelled=True) for one in _actions("back", self.back))
        check = Check("check", "The thing is there", (), lambda ctx, _facts: self.finding(ctx))

        def task(name: str, number: int, actions: tuple[Action, ...]) -> Task:
            return Task(name, number, "A task", "", lambda _names: Guide("", {}), (check,), actions=actions)

        names = ("task", "second", "third")
        tasks = tuple(
            replace(task(name, at, actions), undo=undo, undone=(check,), undo_reopens=names[at + 1 : at + 2])
            for at, name in enumerate(names)
        )
        tidy = task("tidy", 9, _actions("tidy", [self.tidy]))
        dare = task("dare", 8, _actions("dare", [self.dare]))
        mend = Remedy(Action("mend", "Mend it", lambda _names: "mends it", self.mend), of_task="task")
        back = Action("put-back", "Put it back", lambda _names: "puts it back", self.tidy)
        switch = Remedy(Action("switch", "Switch it on", lambda _names: "switches it on", self.mend), back)
        return Lab("test-lab", "A lab", "", tasks, clean_up=tidy, challenge=dare, remedies=by_id({}, mend, switch))


def _actions(name: str, steps: list[Step]) -> tuple[Action, ...]:
    return tuple(
        Action(f"{name}-{number}", f"{name.title()} {number}", lambda _names: "does it", do=step)
        for number, step in enumerate(steps)
    )
