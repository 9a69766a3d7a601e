"""Undoing Task 3: what the portal gave the VM is taken back, and nothing that it had besides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.records import AccessPolicy
from steps.kit.task import Names
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_vault,
    a_vault_named,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.portals_hand import GRANT, LAB, SECRET, VAULT, Hand, rights_of
from tests.steps.walking import Killed, Tape, walk

BY_ROLES = replace(NAMES, permission_model="roles")


def test_the_access_is_taken_back_and_everybody_elses_stays(hand: Hand, azure: FakeAzure) -> None:
    before = rights_of(azure, CALLER)
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {"access-gone": "access_taken_back"}
    assert rights_of(azure, PRINCIPAL) == set()
    assert rights_of(azure, CALLER) == before


def test_only_what_the_portal_added_is_taken_from_an_entry_that_was_there(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    hand = Hand(azure, pool)
    hand.carry_out(VAULT, SECRET)
    own = AccessPolicy(PRINCIPAL, NAMES.tenant_id, secrets=("get", "purge"), keys=("sign",))
    azure.add_access_policy(NAMES.resource_group, NAMES.vault, own)
    hand.carry_out(GRANT)
    assert len(rights_of(azure, PRINCIPAL)) == 8
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    (left,) = (one for one in azure.kept_vaults[0].access_policies if one.object_id == PRINCIPAL)
    assert (set(left.secrets), left.keys) == ({"get", "purge"}, ("sign",))


@pytest.mark.parametrize("remedy", ["", "add-policy-for-vm", "complete-policy"])
def test_what_a_worker_gave_that_died_of_it_is_known_and_taken_back(
    azure: FakeAzure, pool: ThreadPoolExecutor, remedy: str
) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(PRINCIPAL, "list")))
    hand = Hand(azure, pool)
    stopped_after("add_access_policy", hand, remedy)
    assert "get" in rights_of(azure, PRINCIPAL)
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == {"list"}


@pytest.mark.parametrize("remedy", ["", "assign-role"])
def test_so_is_a_role(azure: FakeAzure, pool: ThreadPoolExecutor, remedy: str) -> None:
    azure.kept_vaults.append(a_vault(rbac=True))
    hand = Hand(azure, pool, BY_ROLES)
    stopped_after("assign_role", hand, remedy)
    assert [one.role_id for one in azure.assignments] == [SECRETS_USER]
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert azure.assignments == []


def stopped_after(call: str, hand: Hand, remedy: str) -> None:
    """The worker dies between the effect and its answer, and nobody goes on: the student has cancelled."""
    action, tape = LAB.remedies[remedy].action if remedy else None, Tape()
    hand.azure.after[call] = [Killed()]
    mode = Mode.REPAIR if remedy else Mode.CARRY_OUT
    with pytest.raises(Killed):
        walk(GRANT, mode, hand.context(), hand.pool, tape=tape, remedy=action)
    assert (tape.stored.did, tape.stored.in_doubt) == (False, True)
    hand.remember(tape.stored)


@pytest.mark.parametrize("names", [NAMES, BY_ROLES])
def test_what_azure_refused_to_give_is_not_noted(azure: FakeAzure, pool: ThreadPoolExecutor, names: Names) -> None:
    azure = after_task(2)
    set_vault(azure, rbac=names.by_roles)
    hand = Hand(azure, pool, names)
    azure.before["assign_role" if names.by_roles else "add_access_policy"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    hand.carry_out(GRANT)
    assert hand.carried_out == {}


def test_what_the_student_granted_is_not_the_portals_to_take(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    hand = Hand(azure, pool)
    hand.carry_out(GRANT)
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["remove_access_policy"] == 0
    assert rights_of(azure, PRINCIPAL) == set(policy_for(PRINCIPAL).secrets)


def test_what_the_student_granted_in_another_vault_since_is_not_touched(hand: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults.append(a_vault_named("kv-second", access_policies=(policy_for(PRINCIPAL),)))
    hand.names = replace(NAMES, vault="kv-second")
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert azure.kept_vaults[-1].access_policies == (policy_for(PRINCIPAL),)


def test_an_entry_that_is_bound_to_an_application_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    bound = replace(policy_for(PRINCIPAL), application_id=CALLER)
    set_vault(azure, access_policies=(policy_for(CALLER), bound))
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert bound in azure.kept_vaults[0].access_policies


def test_what_was_given_to_the_identity_of_before_is_taken_from_that_one(hand: Hand, azure: FakeAzure) -> None:
    assert azure.vm is not None
    azure.vm = replace(azure.vm, principal_id="99999999-9999-4999-8999-999999999999")
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == set()


def test_with_the_vm_gone_its_access_is_taken_back_all_the_same(hand: Hand, azure: FakeAzure) -> None:
    azure.vm = None
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == set()


def test_a_role_is_taken_back_where_the_portal_gave_it_and_no_other(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults += [a_vault(rbac=True), a_vault_named("kv-other", rbac=True)]
    others = [
        assignment(SECRETS_USER, PRINCIPAL, a_vault_named("kv-other").id),
        assignment(SECRETS_OFFICER, PRINCIPAL, f"{a_vault().id}/secrets/other"),
        assignment(SECRETS_USER, CALLER, a_vault().id),
    ]
    azure.assignments = list(others)
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(GRANT)
    assert len(azure.assignments) == 4
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert azure.assignments == others


def test_no_right_to_take_the_role_back_is_told_with_the_way_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault(rbac=True))
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(GRANT)
    azure.before["remove_role"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.undo(GRANT)
    assert walked.reasons() == {"access-gone": "access_still_there"}
    assert "User Access Administrator" in walked.finding("access-gone").next_step
    assert "Key Vault Secrets User" in walked.finding("access-gone").found


def test_what_a_remedy_gave_is_taken_back_with_the_task(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, access_policies=(policy_for(CALLER),))
    hand.carried_out.pop("grant-access")
    hand.mend(GRANT, "add-policy-for-vm")
    assert rights_of(azure, PRINCIPAL)
    assert hand.undo(GRANT).verdict is Verdict.PASSED
    assert rights_of(azure, PRINCIPAL) == set()


def test_a_lock_that_keeps_the_access_is_told(hand: Hand, azure: FakeAzure) -> None:
    message = f"following scope(s) are locked: '{GROUP_PATH}'. Please remove the lock and try again."
    azure.before["remove_access_policy"] = [problem(ProblemKind.PROTECTED, code="ScopeLocked", message=message)]
    finding = hand.undo(GRANT).finding("access-gone")
    assert finding.reason == "access_still_there"
    assert f"a lock on the resource group {NAMES.resource_group} keeps it as it is" in finding.found
    assert "delete-policy" not in finding.next_step, "which the lock refuses just the same"


def test_what_others_gave_since_is_a_word_worth(hand: Hand, azure: FakeAzure) -> None:
    """The machine reads all the same: who has undone the task, and sees it read, should know by what."""
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(PRINCIPAL, "all")))
    walked = hand.undo(GRANT)
    assert walked.verdict is Verdict.PASSED
    assert "besides (all on secrets) stays" in walked.finding("access-gone").found


def test_who_may_not_take_it_back_is_told_so_in_azures_words(hand: Hand, azure: FakeAzure) -> None:
    azure.before["remove_access_policy"] = [problem(ProblemKind.NOT_AUTHORIZED, code="AuthorizationFailed")]
    finding = hand.undo(GRANT).finding("access-gone")
    assert "does not let it do this" in finding.found
    assert "Task 0, Before you start: it names the identity" in finding.next_step


def test_what_a_repair_added_is_said_to_come_to_what_was_there(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "list"),))
    walked = hand.mend(GRANT, "complete-policy")
    assert f"may now also do this with the secrets of {NAMES.vault}: get." in walked.tape.texts[0]
    assert "list" not in GRANT.undo[0].plan(NAMES), "which rights those were, only the walk knows"
