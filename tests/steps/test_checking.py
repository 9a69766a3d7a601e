"""The runner's promises about looks and checks, on tasks made for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.findings import could_not_tell, not_yet, passed
from steps.kit.patience import RECHECK_WAITS, SIGN_IN_WAIT
from steps.kit.progress import Finished, Progress, Wait
from steps.kit.records import Seen
from steps.kit.runner import CHECKS, advance
from steps.kit.task import ActionDone, Check, Context, Facts, Look, Task
from steps.kit.verdict import Evidence, Finding, Source, Verdict
from tests.steps.fake_azure import FakeAzure, problem
from tests.steps.made_up import NO_GUIDE, SEEN, a_task, action, fine, run
from tests.steps.walking import Tape, context, walk


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
        raise problem(ProblemKind.POLICY_DENIED)

    finished, _, waits = run(a_task(fine("c", Look("l", "l", fetch))), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.COULD_NOT_TELL
    assert waits == []


@pytest.mark.parametrize(
    ("kind", "first"), [(ProblemKind.CREDENTIAL_EXPIRED, SIGN_IN_WAIT), (ProblemKind.CREDENTIAL_REJECTED, 5.0)]
)
def test_a_credential_that_stopped_working_is_waited_for(
    pool: ThreadPoolExecutor, kind: ProblemKind, first: float
) -> None:
    """A token may be refused once although the credential is good: then it is tried again at once."""

    def fetch(ctx: Context) -> Seen[str]:
        raise problem(kind)

    finished, _, waits = run(a_task(fine("c", Look("l", "l", fetch))), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.COULD_NOT_TELL
    assert waits == [first, *[SIGN_IN_WAIT] * (len(RECHECK_WAITS) - 1)]


def test_an_attempt_that_waits_for_signing_in_says_so(pool: ThreadPoolExecutor) -> None:
    def fetch(ctx: Context) -> Seen[str]:
        raise problem(ProblemKind.CREDENTIAL_EXPIRED)

    course = course_of(a_task(fine("c", Look("l", "l", fetch))), Mode.VALIDATE)
    waiting = advance(course, context(FakeAzure()), Progress(), Tape(), pool)
    assert isinstance(waiting, Wait)
    assert waiting.for_sign_in


def test_what_the_student_can_mend_is_told_at_once_even_if_something_else_is_unclear(pool: ThreadPoolExecutor) -> None:
    checks = (
        Check("n", "n", (), lambda ctx, facts: not_yet("todo", wanted="", found="", next_step="go", seen=(SEEN,))),
        Check("u", "u", (), lambda ctx, facts: could_not_tell("u", wanted="", found="", next_step="", seen=(SEEN,))),
    )
    finished, tape, waits = run(a_task(*checks), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.NOT_YET
    assert waits == []
    assert set(tape.evidence) == {"n", "u"}


@pytest.mark.parametrize(("kind", "again"), [(ProblemKind.NOT_AUTHORIZED, False), (ProblemKind.THROTTLED, True)])
def test_a_check_that_waits_for_another_is_looked_at_again_only_with_that_one(
    pool: ThreadPoolExecutor, kind: ProblemKind, again: bool
) -> None:
    def cause(ctx: Context, facts: Facts) -> Finding:
        raise problem(kind)

    def waiting(ctx: Context, facts: Facts) -> Finding:
        told = could_not_tell("later", wanted="", found="", next_step="", seen=(SEEN,))
        return replace(told, waits_for="cause")

    checks = (Check("cause", "c", (), cause), Check("waiting", "w", (), waiting))
    finished, _, waits = run(a_task(*checks), Mode.VALIDATE, pool)
    assert finished.verdict is Verdict.COULD_NOT_TELL
    assert bool(waits) == again


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
    course = course_of(Task("t", 1, "T", "", NO_GUIDE, ()), Mode.VALIDATE)
    outcome = advance(course, context(FakeAzure()), Progress(), Tape(), pool)
    assert isinstance(outcome, Finished)
    assert outcome.verdict is Verdict.COULD_NOT_TELL
