"""Whatever the actions answer, and wherever the worker dies, an attempt ends and nothing is done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.findings import could_not_tell, passed
from steps.kit.patience import RECHECK_WAITS, STEP_WAITS
from steps.kit.progress import Finished, Progress, Wait
from steps.kit.records import Seen
from steps.kit.runner import advance
from steps.kit.task import Action, ActionDone, ActionIntent, ActionPending, Check, Context, Facts, Guide, Task
from steps.kit.verdict import Finding, Source
from tests.steps.fake_azure import FakeAzure, problem
from tests.steps.walking import Killed, Tape, context, through_the_row

pytestmark = pytest.mark.thorough

SEEN = Seen("thing", Source("GET", "/thing", 200, "request-1"))
POOL = ThreadPoolExecutor(4)

ANSWERS = st.sampled_from(
    ["pending", *(f"transient {kind.value}" for kind in sorted(TRANSIENT)), "final policy_denied", "lost throttled"]
)


@dataclass
class Scripted:
    """An action that goes through ``answers`` and then is done; ``effects`` counts what it really did.

    "lost" has its effect and then the answer gets lost: the next call must find it there.
    """

    name: str
    answers: list[str]
    effects: int = 0
    calls: int = 0
    done_after_effect: list[bool] = field(default_factory=list)

    def __call__(self, ctx: Context, token: str | None) -> ActionDone | ActionPending | ActionIntent:
        self.calls += 1
        if self.effects:
            return ActionDone("there", did=token is not None)
        if token is None:
            return ActionIntent("intent")
        if not self.answers:
            self.effects += 1
            return ActionDone("done", did=True)
        kind, _, reason = self.answers.pop(0).partition(" ")
        if kind == "pending":
            return ActionPending("token", 1.0, "busy")
        if kind == "lost":
            self.effects += 1
        raise problem(ProblemKind(reason))


def a_task(scripts: list[Scripted], unclear: int) -> Task:
    left = [unclear]

    def judge(ctx: Context, facts: Facts) -> Finding:
        left[0] -= 1
        if left[0] >= 0:
            return could_not_tell("unclear", wanted="", found="", next_step="", seen=(SEEN,))
        return passed("fine", wanted="", found="", seen=(SEEN,))

    actions = tuple(Action(one.name, one.name, lambda names: "", one) for one in scripts)
    return Task("t", 1, "T", "", lambda names: Guide("", {}), (Check("c", "c", (), judge),), actions=actions)


@settings(max_examples=200, deadline=None)
@given(
    scripts=st.lists(st.lists(ANSWERS, max_size=15), max_size=4),
    unclear=st.integers(0, 10),
    kills=st.lists(st.integers(0, 60), max_size=6),
)
def test_every_attempt_ends_and_no_action_has_its_effect_twice(
    scripts: list[list[str]], unclear: int, kills: list[int]
) -> None:
    made = [Scripted(f"a{n}", list(answers)) for n, answers in enumerate(scripts)]
    task, ctx, told = a_task(made, unclear), context(FakeAzure()), Counter()
    progress, deaths = Progress(), sorted(kills, reverse=True)

    def maybe_die(number: int, kind: str) -> None:
        told.events += 1
        if deaths and told.events > deaths[-1]:
            deaths.pop()
            raise Killed

    bound = 1 + sum(len(answers) + len(STEP_WAITS) for answers in scripts) + len(RECHECK_WAITS) + len(kills)
    for _ in range(bound):
        tape = Tape(stored=progress, before_event=maybe_die)
        try:
            outcome = advance(course_of(task, Mode.CARRY_OUT), ctx, through_the_row(progress), tape, POOL)
        except Killed:
            progress = tape.stored
            continue
        progress = outcome.progress
        if isinstance(outcome, Finished):
            break
        assert isinstance(outcome, Wait)
        assert outcome.seconds > 0
    else:
        raise AssertionError("the attempt did not end within its bound")
    assert all(one.effects <= 1 for one in made)
    if not progress.gave_up:
        assert all(one.effects == 1 for one in made)
        assert progress.did == bool(made)


@dataclass
class Counter:
    events: int = 0


@settings(max_examples=100, deadline=None)
@given(answers=st.lists(st.sampled_from(["pending", "transient throttled"]), max_size=8))
def test_a_done_action_is_never_called_again_without_a_kill(answers: list[str]) -> None:
    first, second = Scripted("first", []), Scripted("second", list(answers))
    task, ctx, tape = a_task([first, second], 2), context(FakeAzure()), Tape()
    progress = Progress()
    for _ in range(40):
        outcome = advance(course_of(task, Mode.CARRY_OUT), ctx, through_the_row(progress), tape, POOL)
        progress = outcome.progress
        if isinstance(outcome, Finished):
            break
    assert first.calls == 2  # the intent, and the deed
    assert [step for step, _ in tape.dones] == ["first", "second"]
    assert [event for event in tape.events if event[0] == "started"] == [("started", "first"), ("started", "second")]
