"""Undoing Task 1, and undoing at large: what it made is gone, nothing else is, and what cannot go is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode, course_of
from steps.kit.progress import Progress, Wait
from steps.kit.runner import advance
from steps.kit.task import Task
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    FakeAzure,
    a_vault,
    a_vault_named,
    assignment,
    problem,
    set_vault,
)
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand
from tests.steps.walking import Tape

BY_ROLES = replace(NAMES, permission_model="roles")


def test_the_vault_is_deleted_and_purged(hand: Hand, azure: FakeAzure) -> None:
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "vault_purged"}
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})
    assert walked.tape.dones == [("undo-delete-vault", True), ("undo-purge-vault", True)]


@pytest.mark.parametrize("task", [VAULT, SECRET, GRANT], ids=lambda task: task.id)
def test_there_is_something_to_undo_once_the_portal_has_done_it(
    azure: FakeAzure, pool: ThreadPoolExecutor, task: Task
) -> None:
    tasks = (VAULT, SECRET, GRANT)
    by_hand, hand = Hand(FakeAzure(), pool), Hand(azure, pool)
    assert not task.to_undo(by_hand.context())
    hand.carry_out(*tasks[: tasks.index(task)])
    assert not task.to_undo(hand.context())
    hand.carry_out(task)
    assert task.to_undo(hand.context())


@pytest.mark.parametrize(
    ("task", "remedy"),
    [(VAULT, "use-roles"), (VAULT, "open-network"), (SECRET, "enable-secret"), (GRANT, "turn-identity-on")],
)
def test_what_was_mended_beside_a_task_is_left_to_cleaning_up(
    azure: FakeAzure, pool: ThreadPoolExecutor, task: Task, remedy: str
) -> None:
    hand = Hand(azure, pool)
    hand.carried_out = {remedy: ({"vault": NAMES.vault},)}
    assert not task.to_undo(hand.context())


def test_undoing_twice_is_harmless(hand: Hand, azure: FakeAzure) -> None:
    for task in (GRANT, SECRET, VAULT):
        hand.undo(task)
    azure.calls.clear()
    for task in (GRANT, SECRET, VAULT):
        walked = hand.undo(task)
        assert walked.verdict is Verdict.PASSED, task.id
        assert not walked.finished.progress.did, task.id
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "delete_secret", "remove_access_policy"}


def test_a_vault_that_the_student_made_is_left_alone(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault())
    walked = Hand(azure, pool).undo(VAULT)
    assert walked.reasons()["vault-gone"] == "vault_not_the_portals"
    assert walked.finished.progress.gave_up == "blocked"
    assert len(azure.kept_vaults) == 1


def test_a_vault_whose_making_was_cancelled_under_way_is_known_to_be_the_portals(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.slow = True
    hand = Hand(azure, pool)
    outcome = advance(course_of(VAULT, Mode.CARRY_OUT), hand.context(), Progress(), Tape(), pool)
    assert isinstance(outcome, Wait)
    assert outcome.progress.did
    hand.carried_out = {action: (facts,) for action, facts in outcome.progress.facts.items()}
    azure.finish_vault()
    assert hand.undo(VAULT).verdict is Verdict.PASSED
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})


def test_a_classmates_vault_is_left_alone_though_a_portal_made_it(hand: Hand, azure: FakeAzure) -> None:
    """The student has chosen it, or mistyped: the tag is the same, and the walk is another."""
    azure.kept_vaults.append(a_vault_named("kv-ben", tags={"created-by": "lab-portal"}))
    hand.names = replace(NAMES, vault="kv-ben")
    walked = hand.undo(VAULT)
    assert walked.reasons()["vault-gone"] == "vault_not_the_portals"
    assert "was made by the portal, but as far as this walk knows not in it" in walked.finding("vault-gone").found
    assert not set(azure.calls) & {"delete_vault", "purge_vault"}


def test_a_deleted_vault_of_the_name_that_this_walk_never_made_is_not_purged(hand: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults.append(a_vault_named("kv-ben", tags={"created-by": "lab-portal"}))
    azure.delete_vault(NAMES.resource_group, "kv-ben")
    hand.names = replace(NAMES, vault="kv-ben")
    assert hand.undo(VAULT).reasons()["vault-purged"] == "vault_not_purged"
    assert azure.calls["purge_vault"] == 0


def test_another_vault_under_the_name_of_the_portals_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    """Deleted and purged by hand, and made again by somebody: without the tag it is not what the portal made."""
    set_vault(azure, tags={})
    assert hand.undo(VAULT).reasons()["vault-gone"] == "vault_not_the_portals"
    assert azure.calls["delete_vault"] == 0


@pytest.mark.parametrize("slow", [False, True])
def test_a_vault_that_azure_lists_late_as_deleted_is_waited_for_and_purged(
    hand: Hand, azure: FakeAzure, *, slow: bool
) -> None:
    azure.lists_late, azure.slow = True, slow
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "vault_purged"}
    assert azure.calls["purge_vault"] == 1


def test_a_deleted_vault_that_is_never_listed_is_not_called_purged(hand: Hand, azure: FakeAzure) -> None:
    def hide(call: str) -> None:
        if call == "deleted_vaults":
            azure.hidden.add(f"gone:{NAMES.vault}")

    azure.hook = hide
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "deleted_vault_not_listed"}


def test_a_vault_of_the_same_name_in_another_group_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, resource_group="rg-ben", id=a_vault().id.replace("rg-anna", "rg-ben"))
    azure.delete_vault("rg-ben", NAMES.vault)
    azure.calls.clear()
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["purge_vault"] == 0
    assert NAMES.vault in azure.gone_vaults


def test_purge_protection_is_told_with_its_date(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, purge_protection=True)
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["vault-purged"] == "vault_kept_by_purge_protection"
    assert "until 01 February 2027" in walked.finding("vault-purged").found
    assert "may not be purged" in walked.tape.texts[-1]
    assert azure.calls["purge_vault"] == 0


def test_no_right_to_purge_is_told_with_the_way_out(hand: Hand, azure: FakeAzure) -> None:
    azure.before["purge_vault"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["vault-purged"] == "vault_not_purged"
    assert f"az keyvault purge --name {NAMES.vault}" in walked.finding("vault-purged").next_step
    assert walked.tape.troubles == [("undo-purge-vault", "not_authorized", None)]
    assert hand.undo(VAULT).verdict is Verdict.PASSED


def test_no_right_to_see_deleted_vaults_is_told_too(hand: Hand, azure: FakeAzure) -> None:
    azure.before["deleted_vaults"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons() == {"vault-gone": "vault_gone", "vault-purged": "deleted_vaults_hidden"}


LOCKED = "cannot perform delete operation because following scope(s) are locked: '{}'. Please remove the lock."


def locked(scope: str) -> AzureProblem:
    return problem(ProblemKind.PROTECTED, code="ScopeLocked", message=LOCKED.format(scope))


@pytest.mark.parametrize(
    ("scope", "said", "command"),
    [
        (a_vault().id, f"a lock on {NAMES.vault} ", f"--resource-name {NAMES.vault} --resource-type"),
        (
            GROUP_PATH,
            f"a lock on the resource group {NAMES.resource_group} ",
            "`az lock list --resource-group ",
        ),
        (SUBSCRIPTION_PATH, "or the subscription", "`az lock list --query"),
    ],
)
def test_a_locked_vault_is_told_with_what_the_lock_is_on(
    hand: Hand, azure: FakeAzure, scope: str, said: str, command: str
) -> None:
    azure.before["delete_vault"] = [locked(scope)]
    walked = hand.undo(VAULT)
    finding = walked.finding("vault-gone")
    assert finding.reason == "vault_locked"
    assert said in finding.found
    assert command in finding.next_step
    assert "Then undo once more." in finding.next_step
    assert walked.finding("vault-purged").waits_for == "vault-gone", "a name that is in use is not free"


def test_the_roles_that_the_portal_gave_go_before_the_vault_and_no_others(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(VAULT, SECRET, GRANT)
    others = [assignment(SECRETS_USER, CALLER, a_vault().id), assignment(SECRETS_OFFICER, PRINCIPAL, GROUP_PATH)]
    azure.assignments += others
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert next(step for step, did in walked.tape.dones if did) == "undo-vault-roles"
    assert azure.assignments == others
    assert all(role in walked.tape.texts[0] for role in ("Key Vault Secrets Officer", "Key Vault Secrets User"))


def test_a_role_that_may_not_be_taken_back_is_told_and_keeps_the_vault_from_nothing(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(VAULT, SECRET)
    azure.before["remove_role"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(VAULT)
    assert walked.reasons() == {
        "vault-gone": "vault_gone",
        "vault-purged": "vault_purged",
        "vault-roles": "vault_roles_left",
    }
    assert "`az role assignment delete --ids " in walked.finding("vault-roles").next_step
    whose = f"Key Vault Secrets Officer of the identity of your connection (object id {CALLER})"
    assert f"Still there: {whose}. " in walked.finding("vault-roles").found
    assert hand.undo(VAULT).verdict is Verdict.PASSED


def test_all_roles_that_are_left_are_named_with_whose_they_are(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(VAULT, SECRET, GRANT)
    azure.before["remove_role"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    finding = hand.undo(VAULT).finding("vault-roles")
    assert f"Key Vault Secrets User of {NAMES.vm} (object id {PRINCIPAL})" in finding.found
    assert finding.next_step.count("az role assignment delete --ids ") == 2


def test_roles_that_nobody_may_see_at_a_vault_that_stays_are_not_called_gone(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(VAULT, SECRET)
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    azure.before["delete_vault"] = [locked(GROUP_PATH)]
    walked = hand.undo(VAULT)
    assert walked.finding("vault-gone").reason == "vault_locked"
    assert walked.finding("vault-roles").waits_for == "vault-gone"
    assert "may not see the roles there" in walked.finding("vault-roles").found


def test_a_purge_that_takes_its_time_is_waited_for_by_its_token(hand: Hand, azure: FakeAzure) -> None:
    azure.slow = True
    walked = hand.undo(VAULT)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits
    assert (azure.calls["purge_vault"], azure.calls["resume_purge_vault"]) == (1, 1)


@pytest.mark.parametrize("by_roles", [True, False])
def test_roles_are_on_the_plan_only_where_the_portal_gave_one(
    azure: FakeAzure, pool: ThreadPoolExecutor, *, by_roles: bool
) -> None:
    hand = Hand(azure, pool, BY_ROLES if by_roles else NAMES)
    hand.carry_out(VAULT, SECRET, GRANT)
    plan = [one.id for one in VAULT.undo if one.in_walk(hand.context())]
    checked = [one.id for one in VAULT.undone if one.in_walk(hand.context())]
    assert ("undo-vault-roles" in plan, "vault-roles" in checked) == (by_roles, by_roles)
    assert {"undo-delete-vault", "undo-purge-vault"} <= set(plan)
    assert "which the portal made" in VAULT.undo[1].plan(NAMES)
    assert "which the portal made" in SECRET.undo[1].plan(NAMES)
