"""Tasks made up for the runner's tests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from steps.kit.course import Mode
from steps.kit.findings import passed
from steps.kit.progress import Finished
from steps.kit.records import Seen
from steps.kit.task import Action, ActionDone, Check, Context, Do, Facts, Guide, Look, Task
from steps.kit.verdict import Finding, Source
from tests.steps.fake_azure import FakeAzure
from tests.steps.walking import Tape, context, walk

SOURCE = Source("GET", "/thing", 200, "request-1")
SEEN = Seen("thing", SOURCE)
NO_GUIDE: Callable[..., Guide] = lambda names: Guide("", {})  # noqa: E731


def action(step_id: str, do: Do) -> Action:
    return Action(step_id, step_id.title(), lambda names: f"do {step_id}", do)


def done(step_id: str, *, did: bool = True, **facts: str) -> Action:
    return action(step_id, lambda ctx, token: ActionDone("done", did, (SOURCE,), facts))


def fine(check_id: str = "fine", *looks: Look[str]) -> Check:
    def judge(ctx: Context, facts: Facts) -> Finding:
        seen = tuple(facts.of(look) for look in looks)
        return passed("fine", wanted="w", found="f", seen=seen or (SEEN,))

    return Check(check_id, check_id, looks, judge)


def a_task(*checks: Check, actions: tuple[Action, ...] = (), probes: tuple[Action, ...] = ()) -> Task:
    return Task("t", 1, "T", "", NO_GUIDE, checks or (fine(),), actions=actions, probes=probes)


def run(task: Task, mode: Mode, pool: ThreadPoolExecutor) -> tuple[Finished, Tape, list[float]]:
    walked = walk(task, mode, context(FakeAzure()), pool)
    return walked.finished, walked.tape, walked.waits
