"""What Azure's trouble keeps the portal from is never held against the student, whatever the portal was about to do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from steps.kit.azure import TRANSIENT, ProblemKind
from steps.kit.course import Mode
from steps.kit.task import Action
from steps.kit.verdict import Finding, Verdict
from steps.registry import LABS
from tests.steps.fake_azure import NAMES, PRINCIPAL, FakeAzure, after_task, policy_for, problem, set_vault
from tests.steps.portals_hand import CLEAN_UP, GRANT, SECRET, VAULT, Hand
from tests.steps.walking import Walk

LAB = LABS["key-vault-managed-identity"]
ACTIONS: tuple[Action, ...] = tuple(action for task in LAB.all_tasks for action in (*task.actions, *task.undo)) + tuple(
    one.action for one in LAB.remedies.values()
)
TROUBLE = sorted({*TRANSIENT, ProblemKind.OPERATION_FAILED})


@dataclass(frozen=True)
class Kept:
    """``call`` is in trouble while the portal does it; ``check`` tells that it is not done, with ``reason``."""

    call: str
    check: str
    reason: str


MAKING = {
    VAULT.id: Kept("create_vault", "vault-exists", "vault_missing"),
    SECRET.id: Kept("set_secret", "secret-exists", "secret_missing"),
    GRANT.id: Kept("add_access_policy", "policy-exists", "policy_only_for_caller"),
}
UNDOING = {
    VAULT.id: Kept("delete_vault", "vault-gone", "vault_still_there"),
    SECRET.id: Kept("delete_secret", "secret-gone", "secret_still_there"),
    GRANT.id: Kept("remove_access_policy", "access-gone", "access_still_there"),
}
TASKS = {task.id: task for task in (VAULT, SECRET, GRANT)}


def in_trouble(azure: FakeAzure, call: str, kind: ProblemKind) -> None:
    azure.before[call] = [problem(kind) for _ in range(99)]


def nobodys(walked: Walk, kept: Kept) -> Finding:
    finding = walked.finding(kept.check)
    assert (walked.verdict, finding.verdict) == (Verdict.COULD_NOT_TELL, Verdict.COULD_NOT_TELL), finding
    assert finding.reason == kept.reason
    assert "That is Azure's trouble, not yours. In a few minutes let the portal try once more. Or" in finding.next_step
    assert "once more. Or Or" not in finding.next_step
    assert sum(walked.waits) < 600, "looking again would do nothing, so it is not done"
    return finding


@pytest.mark.parametrize("kind", TROUBLE)
@pytest.mark.parametrize("task", MAKING)
def test_what_was_to_be_made(pool: ThreadPoolExecutor, task: str, kind: ProblemKind) -> None:
    azure = after_task(TASKS[task].number - 1)
    in_trouble(azure, MAKING[task].call, kind)
    finding = nobodys(Hand(azure, pool).go(TASKS[task], Mode.CARRY_OUT), MAKING[task])
    assert "The portal was kept from changing that." in finding.found


@pytest.mark.parametrize("kind", TROUBLE)
@pytest.mark.parametrize("task", UNDOING)
def test_what_was_to_be_undone(pool: ThreadPoolExecutor, task: str, kind: ProblemKind) -> None:
    hand = Hand(FakeAzure(), pool)
    hand.carry_out(VAULT, SECRET, GRANT)
    in_trouble(hand.azure, UNDOING[task].call, kind)
    finding = nobodys(hand.undo(TASKS[task]), UNDOING[task])
    assert "Undo once more" not in finding.next_step


@pytest.mark.parametrize("kind", TROUBLE)
def test_what_was_to_be_mended(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    azure = after_task(3)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "list"),))
    in_trouble(azure, "add_access_policy", kind)
    kept = Kept("add_access_policy", "policy-rights", "policy_without_get")
    nobodys(Hand(azure, pool).mend(GRANT, "complete-policy"), kept)


@pytest.mark.parametrize("kind", TROUBLE)
@pytest.mark.parametrize(
    "kept",
    [
        Kept("delete_vault", "vaults", "lab_vaults_left"),
        Kept("purge_vault", "deleted-vaults", "lab_names_kept"),
    ],
)
def test_what_was_to_be_cleaned_up(pool: ThreadPoolExecutor, kept: Kept, kind: ProblemKind) -> None:
    hand = Hand(FakeAzure(), pool)
    hand.carry_out(VAULT, SECRET, GRANT)
    in_trouble(hand.azure, kept.call, kind)
    assert "Choose Clean up" not in nobodys(hand.go(CLEAN_UP, Mode.CARRY_OUT), kept).next_step


def test_a_fault_of_the_portals_own_is_told_as_its_own(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    in_trouble(azure, "add_access_policy", ProblemKind.UNEXPECTED)
    finding = Hand(azure, pool).go(GRANT, Mode.CARRY_OUT).finding("policy-exists")
    assert finding.verdict is Verdict.COULD_NOT_TELL
    assert "That is the portal's fault, not yours." in finding.next_step


def test_what_the_student_can_mend_stays_theirs(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    in_trouble(azure, "add_access_policy", ProblemKind.NOT_AUTHORIZED)
    finding = Hand(azure, pool).go(GRANT, Mode.CARRY_OUT).finding("policy-exists")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "policy_only_for_caller")


def test_what_azures_trouble_has_nothing_to_do_with_stays_the_students(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, rbac=True)
    azure.before["vault"] = [problem(ProblemKind.THROTTLED) for _ in range(9)]
    walked = Hand(azure, pool).go(GRANT, Mode.CARRY_OUT)
    assert walked.finished.progress.gave_up == "throttled"
    assert walked.finding("permission-model").verdict is Verdict.NOT_YET


def test_whoever_only_looks_hears_what_there_is_to_do(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    in_trouble(azure, "add_access_policy", ProblemKind.THROTTLED)
    finding = Hand(azure, pool).go(GRANT, Mode.VALIDATE).finding("policy-exists")
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "policy_only_for_caller")
    assert NAMES.vm in finding.next_step


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: str(action.id))
def test_what_an_action_settles_is_something_that_the_lab_says(action: Action) -> None:
    assert action.settles <= set(LAB.reasons)
