"""The runner's promises about actions and probes, on tasks made for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace

import pytest

from steps.kit.azure import AzureProblem, ProblemKind, effect
from steps.kit.course import Mode, course_of
from steps.kit.findings import could_not_tell, passed
from steps.kit.patience import STEP_WAITS
from steps.kit.problems import beside
from steps.kit.progress import Progress, Stopped
from steps.kit.records import Seen
from steps.kit.runner import advance
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Check, Context, Do, Facts, Look, Task
from steps.kit.verdict import Finding, Verdict
from tests.steps.fake_azure import FakeAzure, problem
from tests.steps.made_up import SEEN, a_task, action, done, fine, run
from tests.steps.walking import Tape, context, walk


def test_carrying_out_does_the_actions_then_the_probes_then_the_checks(pool: ThreadPoolExecutor) -> None:
    _, tape, _ = run(a_task(actions=(done("a"), done("b")), probes=(done("p"),)), Mode.CARRY_OUT, pool)
    told = [event for event in tape.events if event[0] != "checkpoint"]
    assert told == [
        ("started", "a"), ("done", "a"), ("started", "b"), ("done", "b"),
        ("started", "p"), ("done", "p"), ("checked", "fine"),
    ]  # fmt: skip


def test_validating_never_runs_an_action_and_never_counts_as_doing(pool: ThreadPoolExecutor) -> None:
    finished, tape, _ = run(a_task(actions=(done("a"),), probes=(done("p"),)), Mode.VALIDATE, pool)
    assert tape.dones == [("p", False)]
    assert finished.progress.did is False


def test_facts_of_an_action_reach_the_next_one_and_the_judges(pool: ThreadPoolExecutor) -> None:
    heard: list[dict[str, str]] = []
    first = done("a", colour="green")

    def second(ctx: Context, token: str | None) -> ActionDone:
        heard.append(ctx.facts["a"])
        return ActionDone("done", False)

    def judge(ctx: Context, facts: Facts) -> Finding:
        heard.append(facts.told(first))
        return passed("fine", wanted="", found="", seen=(SEEN,))

    run(a_task(Check("c", "c", (), judge), actions=(first, action("b", second))), Mode.CARRY_OUT, pool)
    assert heard == [{"colour": "green"}, {"colour": "green"}]


def test_a_pending_action_leaves_at_once_and_is_called_again_with_its_token(pool: ThreadPoolExecutor) -> None:
    tokens: list[str | None] = []

    def slow(ctx: Context, token: str | None) -> ActionDone | ActionPending:
        tokens.append(token)
        return ActionDone("done", True) if token == "2" else ActionPending("2" if token else "1", 7.0, "busy")

    finished, tape, waits = run(a_task(actions=(action("slow", slow),)), Mode.CARRY_OUT, pool)
    assert tokens == [None, "1", "2"]
    assert waits == [7.0, 7.0]
    assert [kind for kind, _ in tape.events].count("started") == 1
    assert finished.progress.token is None
    assert finished.progress.did


def test_a_token_is_stored_before_the_waiting_is_told(pool: ThreadPoolExecutor) -> None:
    def slow(ctx: Context, token: str | None) -> ActionPending:
        return ActionPending("precious", 7.0, "busy")

    tape = Tape()
    course = course_of(a_task(actions=(action("slow", slow),)), Mode.CARRY_OUT)
    advance(course, context(FakeAzure()), Progress(), tape, pool)
    assert [kind for kind, _ in tape.events] == ["started", "checkpoint", "waiting"]
    assert tape.stored.token == "precious"


def test_an_intent_is_stored_before_the_effect_and_costs_no_wait(pool: ThreadPoolExecutor) -> None:
    tape, stored_at_effect = Tape(), []

    def careful(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
        if token is None:
            return ActionIntent("about-to")
        stored_at_effect.append(tape.stored.token)
        return ActionDone("done", True)

    task = a_task(actions=(action("careful", careful),))
    walked = walk(task, Mode.CARRY_OUT, context(FakeAzure()), pool, tape=tape)
    assert stored_at_effect == ["about-to"]
    assert walked.waits == []
    assert tape.events.count(("started", "careful")) == 1


NOTE = {"thing": "mine"}


def lost(kind: ProblemKind, then: ActionDone | ActionIntent | None, *, at_effect: bool = True) -> Do:
    """Says what it is about to do, and ends in trouble with it. Asked once more, it sees ``then``; None: nothing."""
    asked: list[str] = []

    def do(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
        if token is None and not asked:
            asked.append("once")
            return ActionIntent("about-to", NOTE)
        if token is None and then is not None:
            return then
        if token is None:
            raise problem(kind)
        assert ctx.facts["careful"] == NOTE
        with effect() if at_effect else nullcontext():
            raise problem(kind)

    return do


@pytest.mark.parametrize(
    ("kind", "at_effect", "then", "known"),
    [
        (ProblemKind.NOT_AUTHORIZED, True, None, False),  # refused: it is not done
        (ProblemKind.THROTTLED, True, None, False),
        (ProblemKind.NOT_AUTHORIZED, False, None, True),  # something else was refused: who knows
        (ProblemKind.NOT_AUTHORIZED, False, ActionIntent("about-to", NOTE), False),  # seen: it is not done
        (ProblemKind.UNEXPECTED, True, None, True),
        (ProblemKind.TIMED_OUT, True, None, True),
        (ProblemKind.TIMED_OUT, True, ActionIntent("about-to", NOTE), False),
        (ProblemKind.TIMED_OUT, True, ActionIntent("about-to", {"thing": "half of it"}), True),  # some of it is
    ],
)
def test_what_an_intent_notes_is_dropped_only_if_it_is_certainly_not_done(
    pool: ThreadPoolExecutor, kind: ProblemKind, at_effect: bool, then: ActionIntent | None, known: bool
) -> None:
    task = a_task(actions=(action("careful", lost(kind, then, at_effect=at_effect)),))
    finished, _, _ = run(task, Mode.CARRY_OUT, pool)
    assert finished.progress.did is known
    assert finished.progress.in_doubt is False
    assert finished.progress.gave_up == kind.value
    assert beside(finished.progress.facts["careful"]) == (NOTE if known else {})


@pytest.mark.parametrize("kind", [ProblemKind.TIMED_OUT, ProblemKind.UNEXPECTED])
def test_what_is_found_done_before_giving_up_is_done(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    task = a_task(actions=(action("careful", lost(kind, ActionDone("there", did=False))),))
    finished, tape, _ = run(task, Mode.CARRY_OUT, pool)
    assert (finished.progress.did, finished.progress.gave_up) == (True, "")
    assert finished.progress.facts["careful"] == NOTE
    assert tape.dones == [("careful", True)]
    assert tape.troubles[-1] == ("careful", kind.value, 0.0)


def test_an_action_that_only_ever_intends_is_a_fault_not_an_endless_loop(pool: ThreadPoolExecutor) -> None:
    task = a_task(actions=(action("dreamer", lambda ctx, token: ActionIntent("again")),))
    with pytest.raises(RuntimeError, match="dreamer"):
        run(task, Mode.CARRY_OUT, pool)


def test_transient_trouble_is_tried_again_with_growing_waits_and_then_given_up(pool: ThreadPoolExecutor) -> None:
    def throttled(ctx: Context, token: str | None) -> ActionDone:
        raise problem(ProblemKind.THROTTLED)

    finished, tape, waits = run(a_task(actions=(action("a", throttled), done("b"))), Mode.CARRY_OUT, pool)
    assert waits == list(STEP_WAITS)
    assert tape.troubles[-1] == ("a", "throttled", None)
    assert finished.progress.gave_up == "throttled"
    assert tape.dones == []
    assert finished.verdict is Verdict.PASSED  # the checks tell the truth


def test_azures_own_retry_after_is_honoured(pool: ThreadPoolExecutor) -> None:
    answers = [problem(ProblemKind.THROTTLED, retry_after=33.0), problem(ProblemKind.CONFLICT, retry_after=1.0)]

    def busy(ctx: Context, token: str | None) -> ActionDone:
        if answers:
            raise answers.pop(0)
        return ActionDone("done", True)

    finished, _, waits = run(a_task(actions=(action("a", busy),)), Mode.CARRY_OUT, pool)
    assert waits == [33.0, STEP_WAITS[1]]
    assert finished.progress.troubles == 0


def test_a_final_problem_skips_the_other_actions_but_not_the_probes_and_checks(pool: ThreadPoolExecutor) -> None:
    def denied(ctx: Context, token: str | None) -> ActionDone:
        raise problem(ProblemKind.POLICY_DENIED)

    task = a_task(actions=(action("a", denied), done("b")), probes=(done("p"),))
    finished, tape, waits = run(task, Mode.CARRY_OUT, pool)
    assert waits == []
    assert tape.troubles == [("a", "policy_denied", None)]
    assert [step for step, _ in tape.dones] == ["p"]
    assert finished.progress.gave_up == "policy_denied"
    assert list(tape.evidence) == ["fine"]


@pytest.mark.parametrize("kind", [ProblemKind.POLICY_DENIED, ProblemKind.THROTTLED])
def test_what_has_to_be_put_back_is_put_back_whatever_happened(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    def refused(ctx: Context, token: str | None) -> ActionDone:
        raise problem(kind)

    last = replace(done("back"), whatever_happened=True)
    task = a_task(actions=(action("a", refused), done("b"), last, done("c")), probes=(done("p"),))
    finished, tape, _ = run(task, Mode.CARRY_OUT, pool)
    assert [step for step, _ in tape.dones] == ["back", "p"]
    assert finished.progress.gave_up == kind.value
    assert finished.progress.did


def test_what_is_not_due_is_passed_over_without_a_word(pool: ThreadPoolExecutor) -> None:
    never = replace(done("b"), due=lambda ctx: False)
    told = replace(done("c"), due=lambda ctx: "a" in ctx.facts)
    last = replace(never, id="d", whatever_happened=True)
    finished, tape, _ = run(a_task(actions=(done("a"), never, told, last)), Mode.CARRY_OUT, pool)
    assert [step for step, _ in tape.dones] == ["a", "c"]
    assert not {step for _, step in tape.events} & {"b", "d"}
    assert set(finished.progress.facts) == {"a", "c"}


def a_task_of_every_event() -> Task:
    """Starts, pends, has trouble, is done, checks, and looks again."""
    busy, trouble = ActionPending("t", 1.0, "busy"), problem(ProblemKind.THROTTLED)
    answers: Iterator[ActionDone | ActionPending | AzureProblem] = iter([busy, trouble, ActionDone("done", True)])

    def do(ctx: Context, token: str | None) -> ActionDone | ActionPending:
        answer = next(answers)
        if isinstance(answer, AzureProblem):
            raise answer
        return answer

    def judge(ctx: Context, facts: Facts) -> Finding:
        return could_not_tell("unclear", wanted="", found="", next_step="", seen=(SEEN,))

    return a_task(Check("c", "c", (), judge), actions=(action("a", do),))


def test_stopped_passes_through_from_every_event_and_nothing_is_told_after_it(pool: ThreadPoolExecutor) -> None:
    whole = walk(a_task_of_every_event(), Mode.CARRY_OUT, context(FakeAzure()), pool).tape.events
    assert {kind for kind, _ in whole} == {"started", "checkpoint", "waiting", "trouble", "done", "checked"}
    for last in range(len(whole)):

        def stop(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Stopped

        tape = Tape(before_event=stop)
        with pytest.raises(Stopped):
            walk(a_task_of_every_event(), Mode.CARRY_OUT, context(FakeAzure()), pool, tape=tape)
        assert tape.events == whole[:last]


def test_a_fault_in_a_look_is_not_swallowed(pool: ThreadPoolExecutor) -> None:
    def faulty(ctx: Context) -> Seen[str]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(a_task(fine("c", Look("l", "l", faulty))), Mode.VALIDATE, pool)
