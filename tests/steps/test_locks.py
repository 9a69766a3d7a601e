"""Locks on and around the resource group: which are in the way, and which are not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.key_vault_managed_identity.create_vault.task import TASK as CREATE_VAULT
from steps.key_vault_managed_identity.preflight.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.records import Lock
from steps.kit.task import Task
from steps.kit.verdict import Finding, Verdict
from tests.steps.fake_azure import GROUP_PATH, NAMES, SUBSCRIPTION_PATH, FakeAzure, a_vm, after_task, problem
from tests.steps.walking import context, walk

VAULT = f"{GROUP_PATH}/providers/Microsoft.KeyVault/vaults/{NAMES.vault}"
DISK = f"{GROUP_PATH}/providers/Microsoft.Compute/disks/disk"


def lock(scope: str, *, read_only: bool, name: str = "keep", notes: str = "") -> Lock:
    return Lock(f"{scope}/providers/Microsoft.Authorization/locks/{name}", name, scope, read_only, notes)


def judged(pool: ThreadPoolExecutor, *locks: Lock, task: Task = TASK, check: str = "locks") -> Finding:
    azure = FakeAzure(kept_locks=locks)
    return walk(task, Mode.VALIDATE, context(azure), pool).finding(check)


@pytest.mark.parametrize("scope", [SUBSCRIPTION_PATH, GROUP_PATH.upper(), VAULT, a_vm().id])
def test_a_read_only_lock_on_what_the_lab_changes_is_in_the_way(pool: ThreadPoolExecutor, scope: str) -> None:
    one = lock(scope, read_only=True)
    finding = judged(pool, one)
    assert (finding.verdict, finding.reason) == (Verdict.NOT_YET, "lock_forbids_changes")
    assert "the lock keep on" in finding.found.casefold()
    assert f"`az lock delete --ids {one.id}`" in finding.next_step
    assert "ask whoever did" in finding.next_step


@pytest.mark.parametrize("scope", [DISK, f"{GROUP_PATH}-2", f"{VAULT}-2", ""])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_lock_on_something_else_is_not(pool: ThreadPoolExecutor, scope: str, read_only: bool) -> None:
    assert judged(pool, lock(scope, read_only=read_only)).reason == "no_lock_in_the_way"


@pytest.mark.parametrize("scope", [SUBSCRIPTION_PATH, GROUP_PATH, VAULT])
def test_a_lock_against_deleting_is_a_remark_because_the_tasks_can_be_done(
    pool: ThreadPoolExecutor, scope: str
) -> None:
    finding = judged(pool, lock(scope, read_only=False))
    assert (finding.verdict, finding.reason) == (Verdict.PASSED, "lock_keeps_vault")
    assert "cleaning up will leave the vault" in finding.found


def test_the_machine_is_never_deleted_so_a_lock_that_keeps_it_is_no_matter(pool: ThreadPoolExecutor) -> None:
    assert judged(pool, lock(a_vm().id, read_only=False)).reason == "no_lock_in_the_way"


def test_several_are_named_with_their_notes_and_what_only_keeps_is_left_out(pool: ThreadPoolExecutor) -> None:
    finding = judged(
        pool,
        lock(GROUP_PATH, read_only=True, name="exam", notes="Frozen\nfor the exam."),
        lock(SUBSCRIPTION_PATH, read_only=True, name="audit"),
        lock(GROUP_PATH, read_only=False, name="keep"),
    )
    assert 'The lock exam on the resource group rg-anna is ReadOnly (its note: "Frozen for the exam")' in finding.found
    assert "the lock audit on the whole subscription is ReadOnly" in finding.found
    assert "keep" not in finding.found
    assert finding.next_step.count("az lock delete") == 2
    assert "another subscription" in finding.next_step


@pytest.mark.parametrize(
    ("scope", "way_round"),
    [
        (SUBSCRIPTION_PATH, "another subscription"),
        (GROUP_PATH, "another resource group"),
        (VAULT, "another name for the vault"),
        (a_vm().id, "another machine"),
    ],
)
def test_the_way_round_a_lock_leads_out_of_its_scope(pool: ThreadPoolExecutor, scope: str, way_round: str) -> None:
    assert way_round in judged(pool, lock(scope, read_only=True)).next_step


def test_who_may_not_ask_for_locks_is_not_held_up(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(before={"locks": [problem(ProblemKind.NOT_AUTHORIZED)]})
    walked = walk(TASK, Mode.VALIDATE, context(azure), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("locks").reason == "locks_not_looked_at"


def test_task_1_tells_a_missing_vault_that_a_lock_forbids_making_it(pool: ThreadPoolExecutor) -> None:
    frozen = lock(GROUP_PATH, read_only=True)
    assert judged(pool, frozen, task=CREATE_VAULT, check="vault-exists").reason == "lock_forbids_changes"
    keeping = lock(GROUP_PATH, read_only=False)
    assert judged(pool, keeping, task=CREATE_VAULT, check="vault-exists").reason == "vault_missing"


def test_a_vault_that_is_there_is_not_judged_by_locks_in_task_1(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.kept_locks = (lock(GROUP_PATH, read_only=True),)
    assert walk(CREATE_VAULT, Mode.VALIDATE, context(azure), pool).verdict is Verdict.PASSED
    assert azure.calls["locks"] == 0
