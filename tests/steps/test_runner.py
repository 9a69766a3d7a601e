"""The runner's promises, on tasks made for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.kit.azure import AzureProblem, ProblemKind, Seen
from steps.kit.findings import could_not_tell, not_yet, passed
from steps.kit.runner import CHECKS, RECHECK_WAITS, STEP_WAITS, Finished, Mode, Progress, Stopped, advance
from steps.kit.task import (
    Action,
    ActionDone,
    ActionIntent,
    ActionPending,
    Check,
    Context,
    Do,
    Facts,
    Guide,
    Look,
    Task,
)
from steps.kit.verdict import Evidence, Finding, Source, Verdict
from tests.steps.fake_azure import FakeAzure, problem
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
    advance(a_task(actions=(action("slow", slow),)), Mode.CARRY_OUT, context(FakeAzure()), Progress(), tape, pool)
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


def test_a_judge_that_asks_a_probe_that_gave_up_hears_its_problem(pool: ThreadPoolExecutor) -> None:
    def denied(ctx: Context, token: str | None) -> ActionDone:
        raise problem(ProblemKind.NOT_AUTHORIZED)

    probe = action("p", denied)

    def judge(ctx: Context, facts: Facts) -> Finding:
        return passed("fine", wanted="", found=facts.told(probe)["x"], seen=(SEEN,))

    finished, tape, waits = run(a_task(Check("c", "c", (), judge), probes=(probe,)), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.COULD_NOT_TELL
    assert waits == []
    finding = tape.evidence["c"].finding
    assert finding.reason == "not_authorized"
    assert finding.sources == (Source("GET", "/trouble", 500, "request-of-trouble"),)


def test_checks_that_could_not_tell_are_looked_at_again_with_the_probe(pool: ThreadPoolExecutor) -> None:
    asked: list[int] = []

    def ask(ctx: Context, token: str | None) -> ActionDone:
        asked.append(1)
        return ActionDone("asked", False, facts={"n": str(len(asked))})

    probe = action("p", ask)

    def judge(ctx: Context, facts: Facts) -> Finding:
        if facts.told(probe)["n"] == "3":
            return passed("fine", wanted="", found="", seen=(SEEN,))
        return could_not_tell("unclear", wanted="", found="", next_step="", seen=(SEEN,))

    finished, tape, waits = run(a_task(Check("c", "c", (), judge), probes=(probe,)), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.PASSED
    assert waits == list(RECHECK_WAITS[:2])
    assert tape.events.count(("waiting", CHECKS)) == 2
    assert finished.progress.rechecks == 2


def test_a_probe_in_trouble_while_looking_again_ends_the_sitting_but_not_the_looking(pool: ThreadPoolExecutor) -> None:
    answers: list[AzureProblem | str] = ["unclear", problem(ProblemKind.THROTTLED, retry_after=90.0), "clear"]

    def ask(ctx: Context, token: str | None) -> ActionDone:
        answer = answers.pop(0)
        if isinstance(answer, AzureProblem):
            raise answer
        return ActionDone("asked", False, facts={"said": answer})

    probe = action("p", ask)

    def judge(ctx: Context, facts: Facts) -> Finding:
        if facts.told(probe)["said"] == "clear":
            return passed("fine", wanted="", found="", seen=(SEEN,))
        return could_not_tell("unclear", wanted="", found="", next_step="", seen=(SEEN,))

    finished, tape, waits = run(a_task(Check("c", "c", (), judge), probes=(probe,)), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.PASSED
    assert waits == [RECHECK_WAITS[0], 90.0]
    assert tape.troubles == [("p", "throttled", None)]
    assert finished.progress.gave_up == ""


def test_a_look_in_transient_trouble_is_looked_at_again_until_the_rechecks_are_used_up(
    pool: ThreadPoolExecutor,
) -> None:
    def fetch(ctx: Context) -> Seen[str]:
        raise problem(ProblemKind.AZURE_UNAVAILABLE)

    finished, tape, waits = run(a_task(fine("c", Look("l", "l", fetch))), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.COULD_NOT_TELL
    assert waits == list(RECHECK_WAITS)
    assert tape.evidence["c"].finding.reason == "azure_unavailable"


def test_a_look_that_no_later_try_would_mend_is_told_at_once(pool: ThreadPoolExecutor) -> None:
    def fetch(ctx: Context) -> Seen[str]:
        raise problem(ProblemKind.CREDENTIAL_EXPIRED)

    finished, _, waits = run(a_task(fine("c", Look("l", "l", fetch))), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.COULD_NOT_TELL
    assert waits == []


def test_what_the_student_can_mend_is_told_at_once_even_if_something_else_is_unclear(pool: ThreadPoolExecutor) -> None:
    checks = (
        Check("n", "n", (), lambda ctx, facts: not_yet("todo", wanted="", found="", next_step="go", seen=(SEEN,))),
        Check("u", "u", (), lambda ctx, facts: could_not_tell("u", wanted="", found="", next_step="", seen=(SEEN,))),
    )
    finished, tape, waits = run(a_task(*checks), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.NOT_YET
    assert waits == []
    assert set(tape.evidence) == {"n", "u"}


def test_all_looks_are_in_flight_at_the_same_time(pool: ThreadPoolExecutor) -> None:
    together = threading.Barrier(4, timeout=5)

    def fetch(ctx: Context) -> Seen[str]:
        together.wait()
        return SEEN

    looks = [Look(f"l{n}", "l", fetch) for n in range(4)]
    finished, _, _ = run(a_task(fine("a", *looks[:2]), fine("b", *looks[2:])), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.PASSED


def test_a_look_that_checks_share_is_asked_once(pool: ThreadPoolExecutor) -> None:
    asked: list[str] = []

    def fetch(ctx: Context) -> Seen[str]:
        asked.append("l")
        return SEEN

    look = Look("l", "l", fetch)
    run(a_task(fine("a", look), fine("b", look), fine("c", look, look)), Mode.VALIDATE, pool)
    assert asked == ["l"]


def test_a_check_is_told_before_the_looks_of_later_ones_have_answered(pool: ThreadPoolExecutor) -> None:
    first_told = threading.Event()

    def late(ctx: Context) -> Seen[str]:
        assert first_told.wait(5)
        return SEEN

    class Telling(Tape):
        def checked(self, evidence: Evidence) -> None:
            super().checked(evidence)
            first_told.set()

    task = a_task(fine("early", Look("e", "e", lambda ctx: SEEN)), fine("late", Look("l", "l", late)))
    walked = walk(task, Mode.VALIDATE, context(FakeAzure()), pool, tape=Telling())
    assert list(walked.tape.evidence) == ["early", "late"]


def test_a_check_of_the_students_own_answer_stays_out_of_carrying_out(pool: ThreadPoolExecutor) -> None:
    own = Check(
        "own", "own", (), lambda ctx, facts: not_yet("x", wanted="", found="", next_step="y", seen=(SEEN,)), True
    )
    carried, tape, _ = run(a_task(fine(), own), Mode.CARRY_OUT, pool)
    assert carried.verdict is Verdict.PASSED
    assert "own" not in tape.evidence
    validated, _, _ = run(a_task(fine(), own), Mode.VALIDATE, pool)
    assert validated.verdict is Verdict.NOT_YET


def test_a_task_without_a_single_check_could_not_tell(pool: ThreadPoolExecutor) -> None:
    outcome = advance(
        Task("t", 1, "T", "", NO_GUIDE, ()), Mode.VALIDATE, context(FakeAzure()), Progress(), Tape(), pool
    )
    assert isinstance(outcome, Finished)
    assert outcome.verdict is Verdict.COULD_NOT_TELL


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
