"""A vault whose name was changed in the portal after Tasks 1 and 2: told where the next task misses it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.task import Task
from steps.kit.verdict import Choice, Verdict
from tests.steps.fake_azure import NAMES, a_vault_named, after_task, problem
from tests.steps.portals_hand import GRANT, SECRET, TASKS, VAULT, Hand

READ = TASKS["read-secret"]
WHERE = {VAULT.id: "vault-exists", SECRET.id: "secret-exists", GRANT.id: "permission-model", READ.id: "secret-read"}
RENAMED = replace(NAMES, vault="kv-renamed")
BACK = Choice("vault", NAMES.vault, f"Go back to {NAMES.vault}")


def after_tasks_1_and_2(pool: ThreadPoolExecutor, *tasks: Task) -> Hand:
    hand = Hand(after_task(2), pool)
    for task in tasks or (VAULT, SECRET):
        assert hand.check(task).verdict is Verdict.PASSED
    hand.names = RENAMED
    return hand


@pytest.mark.parametrize("task", [VAULT, SECRET, GRANT, READ], ids=lambda task: task.id)
def test_the_task_that_misses_it_tells_both_ways(pool: ThreadPoolExecutor, task: Task) -> None:
    hand = after_tasks_1_and_2(pool)
    walked = hand.check(task)
    finding = walked.finding(WHERE[task.id])
    assert (walked.verdict, finding.reason) == (Verdict.NOT_YET, "vault_renamed_since")
    assert f"no key vault {RENAMED.vault}" in finding.found
    assert f"Tasks 1 and 2 saw {NAMES.vault}, and {NAMES.secret} in it" in finding.found
    assert f"Go back to {NAMES.vault}: choose it below" in finding.next_step
    assert f"if you want {RENAMED.vault}, do Tasks 1 and 2 once more" in finding.next_step
    assert finding.choices == (BACK,)
    asked = 4 if task is not READ else 5  # the two of before, the one that is missed, the one from before; the probe
    assert hand.azure.calls["vault"] == asked


def test_the_name_put_back_all_is_as_it_was(pool: ThreadPoolExecutor) -> None:
    hand = after_tasks_1_and_2(pool)
    hand.names = replace(RENAMED, vault=BACK.value)
    assert hand.check(SECRET).verdict is Verdict.PASSED


def test_where_task_2_was_not_looked_at_only_task_1_is_named(pool: ThreadPoolExecutor) -> None:
    finding = after_tasks_1_and_2(pool, VAULT).check(SECRET).finding("secret-exists")
    assert f"Task 1 saw {NAMES.vault}: that was your vault" in finding.found


def test_other_vaults_of_the_group_can_still_be_chosen(pool: ThreadPoolExecutor) -> None:
    hand = after_tasks_1_and_2(pool)
    hand.azure.kept_vaults.append(a_vault_named("kv-third"))
    finding = hand.check(VAULT).finding("vault-exists")
    assert [one.value for one in finding.choices] == [NAMES.vault, "kv-third"]


def test_one_that_is_gone_or_cannot_be_seen_is_not_offered(pool: ThreadPoolExecutor) -> None:
    hand = after_tasks_1_and_2(pool)
    hand.azure.kept_vaults.clear()
    assert hand.check(SECRET).finding("secret-exists").reason == "vault_missing"
    hand = after_tasks_1_and_2(pool)
    vault = hand.azure.vault

    def hidden(group: str, name: str) -> object:
        if name == NAMES.vault:
            raise problem(ProblemKind.NOT_AUTHORIZED)
        return vault(group, name)

    hand.azure.vault = hidden  # type: ignore[assignment, method-assign]
    assert hand.check(SECRET).finding("secret-exists").reason == "vault_missing"


def test_a_vault_that_was_never_seen_is_simply_missing(pool: ThreadPoolExecutor) -> None:
    hand = Hand(after_task(2), pool, names=RENAMED)
    assert hand.check(SECRET).finding("secret-exists").reason == "vault_missing"


def test_a_new_vault_that_azure_keeps_the_portal_from_making_is_azures_trouble(pool: ThreadPoolExecutor) -> None:
    hand = after_tasks_1_and_2(pool)
    hand.azure.before["create_vault"] = [problem(ProblemKind.OPERATION_FAILED)]
    walked = hand.go(VAULT, Mode.CARRY_OUT)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("vault-exists").reason == "vault_under_other_name"


def test_with_the_new_vault_made_nothing_more_is_said(pool: ThreadPoolExecutor) -> None:
    hand = after_tasks_1_and_2(pool)
    hand.azure.kept_vaults.append(a_vault_named(RENAMED.vault))
    before = hand.azure.calls["vault"]
    assert hand.check(VAULT).verdict is Verdict.PASSED
    assert hand.azure.calls["vault"] == before + 1
    assert hand.check(SECRET).finding("secret-exists").reason == "secret_in_other_vault"
