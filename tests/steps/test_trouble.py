"""Every task, with Azure in every kind of trouble at every call, and the worker killed at every event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.kit import problems
from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode
from steps.kit.progress import Progress
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.fake_azure import NAMES, VERSION, FakeAzure, after_task, problem
from tests.steps.walking import Killed, Tape, Walk, context, walk

TASKS = LABS["key-vault-managed-identity"].tasks
RIGHT = f"{NAMES.vault_uri}secrets/{NAMES.secret}/{VERSION}"
EXPLAINED = {
    ("preflight", "subscription", ProblemKind.NOT_AUTHORIZED): "subscription_not_visible",
    ("preflight", "provider", ProblemKind.NOT_AUTHORIZED): "needs_role_on_subscription",
    ("preflight", "vault_name_availability", ProblemKind.NOT_AUTHORIZED): "needs_role_on_subscription",
    ("preflight", "vault_denials", ProblemKind.NOT_AUTHORIZED): "policy_not_looked_at",
    ("preflight", "locks", ProblemKind.NOT_AUTHORIZED): "locks_not_looked_at",
    ("preflight", "permissions_in_subscription", ProblemKind.NOT_AUTHORIZED): "rights_sufficient_for_lab",
    ("preflight", "vault_denials", ProblemKind.NOT_REGISTERED): "policy_not_looked_at",
    ("read-secret", "run_powershell", ProblemKind.OPERATION_FAILED): "vm_command_failed",
    ("read-secret", "resume_run_powershell", ProblemKind.OPERATION_FAILED): "vm_command_failed",
}
"""Problems that a check has words of its own for, by task, call and kind; any other is worded as its kind is."""
ENDS = {
    "subscription_not_visible": Verdict.NOT_YET,
    "policy_not_looked_at": Verdict.PASSED,
    "locks_not_looked_at": Verdict.PASSED,
    "rights_sufficient_for_lab": Verdict.PASSED,
}
"""What such a reason comes to, where it is not *could not tell*: whether the caller may ask is itself judged."""
EFFECTS = {"create-vault": "create_vault", "create-secret": "set_secret", "grant-access": "add_access_policy"}


def validate(task: Task, azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(task, Mode.VALIDATE, context(azure, identifier=RIGHT), pool)


def asked_by(task: Task, pool: ThreadPoolExecutor) -> list[str]:
    """What validating it asks Azure when all is well."""
    azure = after_task(task.number if task.number < 4 else 3)
    assert validate(task, azure, pool).verdict is Verdict.PASSED
    return list(azure.calls)


@pytest.mark.parametrize("kind", list(ProblemKind))
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_a_call_that_always_fails_is_never_held_against_the_student_nor_called_a_pass(
    pool: ThreadPoolExecutor, task: Task, kind: ProblemKind
) -> None:
    for call in asked_by(task, pool):
        azure = after_task(task.number if task.number < 4 else 3)
        azure.before[call] = [problem(kind) for _ in range(200)]
        walked = validate(task, azure, pool)
        reason = EXPLAINED.get((task.id, call, kind), kind.value)
        assert reason in walked.reasons().values(), call
        assert walked.verdict is ENDS.get(reason, Verdict.COULD_NOT_TELL), call
        asked_again = problem(kind).may_pass or reason == "vm_command_failed"
        assert bool(walked.waits) == asked_again or call == "resume_run_powershell", call


@pytest.mark.parametrize("kind", sorted(TRANSIENT))
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_a_call_that_fails_for_a_while_ends_in_a_pass(pool: ThreadPoolExecutor, task: Task, kind: ProblemKind) -> None:
    for call in asked_by(task, pool):
        azure = after_task(task.number if task.number < 4 else 3)
        azure.before[call] = [problem(kind), problem(kind)]
        walked = validate(task, azure, pool)
        assert walked.verdict is Verdict.PASSED, call
        assert walked.waits, call


@pytest.mark.parametrize("task", TASKS[1:4], ids=lambda task: task.id)
@pytest.mark.parametrize("kind", list(ProblemKind))
def test_carrying_out_against_a_refusal_ends_and_the_checks_tell_the_truth(
    pool: ThreadPoolExecutor, task: Task, kind: ProblemKind
) -> None:
    azure = after_task(task.number - 1)
    azure.before[EFFECTS[task.id]] = [problem(kind) for _ in range(200)]
    walked = walk(task, Mode.CARRY_OUT, context(azure), pool)
    secret = task.id == "create-secret"
    told = ProblemKind.BLOCKED if secret and kind is ProblemKind.NOT_AUTHORIZED else kind
    delayed = secret and kind is ProblemKind.NOT_AUTHORIZED  # the vault does not apply what the portal was given
    excused = delayed or problems.whose(problem(kind)) is not problems.Whose.STUDENT
    assert walked.verdict is (Verdict.COULD_NOT_TELL if excused else Verdict.NOT_YET)
    assert walked.finished.progress.gave_up == told.value
    assert not walked.finished.progress.did
    assert walked.tape.troubles[-1][1:] == (told.value, None)


@pytest.mark.parametrize("task", TASKS[1:4], ids=lambda task: task.id)
@pytest.mark.parametrize("kind", sorted(TRANSIENT))
def test_an_answer_lost_in_any_way_has_no_second_effect(
    pool: ThreadPoolExecutor, task: Task, kind: ProblemKind
) -> None:
    azure = after_task(task.number - 1)
    azure.after[EFFECTS[task.id]] = [problem(kind)]
    walked = walk(task, Mode.CARRY_OUT, context(azure), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    assert azure.calls[EFFECTS[task.id]] == 1


def killed_at(last: int, task: Task, azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    """Carries ``task`` out; the worker dies before event ``last``, and the next one goes on from what is stored."""

    def die(number: int, kind: str) -> None:
        if number == last:
            raise Killed

    tape, finish = Tape(before_event=die), lambda sitting: azure.finish_vault()
    with pytest.raises(Killed):
        walk(task, Mode.CARRY_OUT, context(azure), pool, tape=tape, between=finish)
    return walk(task, Mode.CARRY_OUT, context(azure), pool, progress=tape.stored, between=finish)


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("task", TASKS[1:], ids=lambda task: task.id)
def test_a_worker_killed_at_any_event_costs_nothing_and_its_deed_stays_the_portals(
    pool: ThreadPoolExecutor, task: Task, slow: bool
) -> None:
    def before() -> FakeAzure:
        azure = after_task(task.number - 1)
        azure.slow = slow
        return azure

    azure = before()
    whole = walk(task, Mode.CARRY_OUT, context(azure), pool, between=lambda sitting: azure.finish_vault())
    for last in range(len(whole.tape.events)):
        azure = before()
        walked = killed_at(last, task, azure, pool)
        assert walked.verdict is Verdict.PASSED, last
        assert walked.finished.progress.did, last
        if task.id in EFFECTS:
            assert azure.calls[EFFECTS[task.id]] == 1, last


@pytest.mark.parametrize("task", TASKS[1:4], ids=lambda task: task.id)
def test_a_worker_killed_between_the_effect_and_its_answer_costs_nothing(pool: ThreadPoolExecutor, task: Task) -> None:
    azure, effect, tape = after_task(task.number - 1), EFFECTS[task.id], Tape()
    azure.after[effect] = [Killed()]
    with pytest.raises(Killed):
        walk(task, Mode.CARRY_OUT, context(azure), pool, tape=tape)
    walked = walk(task, Mode.CARRY_OUT, context(azure), pool, progress=tape.stored)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    assert azure.calls[effect] == 1


@pytest.mark.parametrize("task", TASKS[1:4], ids=lambda task: task.id)
@pytest.mark.parametrize("mode", [Mode.VALIDATE, Mode.CARRY_OUT])
def test_a_task_done_long_ago_starts_from_nothing_stored(pool: ThreadPoolExecutor, task: Task, mode: Mode) -> None:
    azure = after_task(task.number)
    walked = walk(task, mode, context(azure), pool, progress=Progress())
    assert walked.verdict is Verdict.PASSED
    assert not walked.finished.progress.did
    assert azure.calls[EFFECTS[task.id]] == 0


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_validating_changes_nothing(pool: ThreadPoolExecutor, task: Task) -> None:
    for done in range(4):
        azure = after_task(done)
        validate(task, azure, pool)
        assert not set(azure.calls) & set(EFFECTS.values())


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
@pytest.mark.parametrize("done", range(4))
@pytest.mark.parametrize("mode", [Mode.VALIDATE, Mode.CARRY_OUT])
def test_every_finding_says_what_was_wanted_found_and_where_it_was_seen(
    pool: ThreadPoolExecutor, task: Task, done: int, mode: Mode
) -> None:
    walked = walk(task, mode, context(after_task(done)), pool)
    for evidence in walked.tape.evidence.values():
        finding = evidence.finding
        assert finding.wanted.endswith(".")
        assert finding.found
        assert finding.sources
        assert bool(finding.next_step) == (finding.verdict is not Verdict.PASSED)
