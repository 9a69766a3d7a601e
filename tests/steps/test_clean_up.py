"""Cleaning up: what the lab made goes, for good; nothing else is touched; and the receipt says both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from labportal.gateway.vaults import MADE_BY
from steps.key_vault_managed_identity import made
from steps.kit.azure import ProblemKind
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.cleaning import DECOYS, GONE, in_a_full_group, names_of
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    FakeAzure,
    a_vault,
    a_vm_named,
    assignment,
    problem,
)
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand


@pytest.fixture
def azure() -> FakeAzure:
    return FakeAzure()


@pytest.fixture
def hand(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    return in_a_full_group(azure, pool)


def test_what_the_lab_made_goes_for_good_and_the_receipt_says_nothing_is_left(hand: Hand, azure: FakeAzure) -> None:
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == GONE
    assert NAMES.vault not in names_of(azure)
    assert NAMES.vault not in azure.gone_vaults
    assert walked.finding("vaults").found == f"Nothing is left. Deleted just now: {NAMES.vault}."
    assert walked.finding("deleted-vaults").found == f"Nothing is left. Purged just now: {NAMES.vault}."


def test_nobody_elses_things_are_touched(hand: Hand, azure: FakeAzure) -> None:
    others, vm = list(azure.assignments), azure.vm
    hand.clean_up()
    assert [one for one in azure.kept_vaults] == list(DECOYS)
    assert set(azure.gone_vaults) == {"kv-old", "kv-ben-gone"}
    assert azure.assignments == others
    assert (azure.vm, azure.other_vms) == (vm, [a_vm_named("vm-ben", "77777777-7777-4777-8777-777777777777")])


def test_the_first_step_lists_exactly_what_will_go(hand: Hand, azure: FakeAzure) -> None:
    azure.assignments.append(assignment(SECRETS_OFFICER, CALLER, a_vault().id))
    walked = hand.clean_up()
    assert walked.tape.texts[0] == (
        f"Found of this lab: vaults to delete and purge in {NAMES.resource_group}: {NAMES.vault}; "
        "roles to take back: Key Vault Secrets Officer. Nothing else is touched."
    )


def test_checking_lists_what_is_left_and_touches_nothing(hand: Hand, azure: FakeAzure) -> None:
    walked = hand.look()
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("vaults").found == f"Still there, with what is in it: {NAMES.vault}."
    assert f"an access policy for {NAMES.vm} in {NAMES.vault}" in walked.finding("access").found
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "remove_role", "remove_access_policy"}


def test_running_it_twice_is_harmless(hand: Hand, azure: FakeAzure) -> None:
    hand.clean_up()
    azure.calls.clear()
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == GONE
    assert not walked.finished.progress.did
    assert walked.tape.texts[0] == "Of this lab nothing is left."
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "remove_role"}


def test_before_anything_was_made_there_is_nothing_to_clean_up(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.extend(DECOYS)
    walked = Hand(azure, pool).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults == list(DECOYS)


def test_a_vault_under_an_earlier_name_goes_too(hand: Hand, azure: FakeAzure) -> None:
    hand.names = replace(NAMES, vault="kv-anna-second")
    hand.carry_out(VAULT)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults == list(DECOYS)
    assert set(azure.gone_vaults) == {"kv-old", "kv-ben-gone"}


def test_an_earlier_vault_that_was_deleted_by_hand_is_purged_too(hand: Hand, azure: FakeAzure) -> None:
    azure.delete_vault(NAMES.resource_group, NAMES.vault)
    hand.names = replace(NAMES, vault="kv-anna-second")
    assert hand.look().reasons()["deleted-vaults"] == "lab_names_kept"
    assert hand.clean_up().verdict is Verdict.PASSED
    assert NAMES.vault not in azure.gone_vaults


def test_a_vault_made_by_the_students_own_hands_under_the_agreed_name_goes(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.kept_vaults.append(a_vault(location="northeurope"))
    walked = Hand(azure, pool).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})


def test_whoever_has_rights_on_the_group_alone_gets_as_far_as_that_goes(hand: Hand, azure: FakeAzure) -> None:
    for call in ("vaults_in_subscription", "deleted_vaults"):
        azure.before[call] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(99)]
    walked = hand.clean_up()
    assert NAMES.vault not in names_of(azure)
    assert walked.verdict is Verdict.COULD_NOT_TELL, "whoever purges it by hand is not asked for it for ever"
    assert walked.reasons() == {**GONE, "deleted-vaults": "deleted_vaults_hidden", "left-alone": "left_alone"}
    assert not walked.waits, "looking again would tell no more"


def test_whoever_has_made_nothing_is_sent_to_purge_nothing(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    for call in ("vaults_in_subscription", "deleted_vaults"):
        azure.before[call] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(99)]
    hand = Hand(azure, pool)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {**GONE, "deleted-vaults": "lab_names_unseen", "left-alone": "left_alone"}
    hand.noted = {"vault": (a_vault().id,)}
    assert hand.clean_up().reasons()["deleted-vaults"] == "deleted_vaults_hidden", "Task 1 has seen one"


def test_roles_at_the_vault_go_before_it_and_those_from_above_stay(hand: Hand, azure: FakeAzure) -> None:
    others = list(azure.assignments)
    for principal in (PRINCIPAL, CALLER):
        azure.assignments.append(assignment(SECRETS_OFFICER, principal, a_vault().id))
    assert f"of {NAMES.vm} at" in hand.look().finding("access").found
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.assignments == others
    steps = [step for step, did in walked.tape.dones if did]
    assert steps == ["clean-up-roles", "clean-up-delete", "clean-up-purge"]


def test_whoever_may_not_see_roles_is_told_once_the_vault_is_gone(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults.append(a_vault(rbac=True))
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(99)]
    hand = Hand(azure, pool)
    assert hand.look().finding("access").waits_for == "vaults"
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["access"] == "lab_roles_hidden"


def test_a_role_that_may_not_be_taken_back_keeps_nothing_else_from_going(hand: Hand, azure: FakeAzure) -> None:
    azure.assignments.append(assignment(SECRETS_OFFICER, PRINCIPAL, a_vault().id))
    azure.before["remove_role"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    walked = hand.clean_up()
    assert walked.reasons() == {**GONE, "access": "lab_access_left"}
    assert "Key Vault Secrets Officer" in walked.finding("access").found
    next_step = walked.finding("access").next_step
    assert next_step.startswith("By hand: a role you can remove under Access control (IAM)")
    assert f"az role assignment delete --ids {azure.assignments[-1].id}" in next_step
    assert "Contributor" not in next_step, "which may not take roles back"
    assert NAMES.vault not in {*names_of(azure), *azure.gone_vaults}


def test_a_setting_the_portal_changed_is_taken_back_and_one_the_student_changed_is_not(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    assert azure.vm is not None
    azure.vm = replace(azure.vm, principal_id="", identity_type="")
    hand = Hand(azure, pool)
    hand.mend(LABS["key-vault-managed-identity"].task("preflight"), "turn-identity-on")
    assert azure.vm.principal_id
    assert hand.look().reasons()["settings"] == "lab_settings_left"
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("settings").found == "Taken back: Turn the VM's identity on."
    assert not azure.vm.principal_id
    assert azure.vm.power_state == "running", "the portal had not started it"


def test_without_a_repair_no_setting_is_touched(hand: Hand, azure: FakeAzure) -> None:
    before = azure.vm
    walked = hand.clean_up()
    assert azure.vm == before
    assert walked.finding("settings").found == "There is nothing to take back."
    steps = [step for kind, step in walked.tape.events if kind == "started"]
    expected = ["clean-up-look", "clean-up-roles", "clean-up-rights", "clean-up-delete", "clean-up-purge"]
    assert steps == expected, "and no word about it"


def test_a_setting_that_cannot_be_taken_back_is_told(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    assert azure.vm is not None
    azure.vm = replace(azure.vm, principal_id="", identity_type="")
    hand = Hand(azure, pool)
    hand.mend(LABS["key-vault-managed-identity"].task("preflight"), "turn-identity-on")
    azure.before["set_system_identity"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["settings"] == "lab_settings_left"
    finding = walked.finding("settings")
    assert "does not let it do this" in finding.found
    assert finding.next_step.endswith("Or do it yourself: Turn the VM's identity off again.")
    assert "Choose Clean up" not in finding.next_step


def test_a_look_that_fails_leaves_everything_as_it_is(hand: Hand, azure: FakeAzure) -> None:
    azure.before["vault"] = [problem(ProblemKind.UNEXPECTED)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.COULD_NOT_TELL, "nobody's to mend"
    assert walked.finished.progress.gave_up == "unexpected"
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "remove_role"}


def test_what_nobody_could_look_for_is_not_called_gone(hand: Hand, azure: FakeAzure) -> None:
    azure.before["vault"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(9)]
    walked = hand.clean_up()
    started = [step for kind, step in walked.tape.events if kind == "started"]
    assert started == ["clean-up-look", "clean-up-rights"]
    assert not any(said.startswith(("There was", "There is no")) for said in walked.tape.texts)


def test_a_vault_that_may_not_be_deleted_is_told_with_the_cause_and_by_hand(hand: Hand, azure: FakeAzure) -> None:
    azure.before["delete_vault"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.clean_up()
    assert walked.reasons() == {**GONE, "vaults": "lab_vaults_left", "access": "lab_access_left"}
    for check in ("vaults", "access"):
        finding = walked.finding(check)
        assert "does not let it do this" in finding.found
        assert "Choose Clean up" not in finding.next_step, "it has just been chosen"
        assert "the role that it lacks" in finding.next_step
    assert f"`az keyvault delete --name {NAMES.vault}`" in walked.finding("vaults").next_step
    assert "a policy goes with its vault" in walked.finding("access").next_step
    assert any("In no vault that cleaning up leaves alone" in said for said in walked.tape.texts)


@pytest.mark.parametrize(
    ("kind", "code", "to_do"),
    [
        (ProblemKind.PROTECTED, "ReadOnlyDisabledSubscription", "choose Reactivate"),
        (ProblemKind.POLICY_DENIED, "RequestDisallowedByPolicy", "for an exception"),
    ],
)
def test_what_holds_for_the_students_own_hands_too_does_not_send_them_to_try(
    hand: Hand, azure: FakeAzure, kind: ProblemKind, code: str, to_do: str
) -> None:
    azure.before["purge_vault"] = [problem(kind, code=code)]
    finding = hand.clean_up().finding("deleted-vaults")
    assert finding.reason == "lab_names_kept"
    assert to_do in finding.next_step
    assert "purge it yourself" not in finding.next_step


def test_a_vault_that_may_not_be_purged_is_told_what_right_that_takes(hand: Hand, azure: FakeAzure) -> None:
    azure.before["purge_vault"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    finding = hand.clean_up().finding("deleted-vaults")
    assert finding.next_step.startswith("Purge it yourself: "), "nothing comes before it that it is the other choice to"
    assert "Contributor there" in finding.next_step


def test_the_tag_is_the_one_that_the_gateway_gives() -> None:
    assert made.tagged(a_vault(tags=dict(MADE_BY)))
    assert not made.tagged(a_vault())


def test_cleaning_up_is_no_task_to_be_done() -> None:
    lab = LABS["key-vault-managed-identity"]
    assert lab.clean_up is not None
    assert lab.clean_up not in lab.tasks
    assert lab.task("clean-up") is lab.clean_up
    assert lab.clean_up.number not in {task.number for task in lab.tasks}


def test_a_locked_vault_is_told_with_its_lock_and_is_not_called_gone(hand: Hand, azure: FakeAzure) -> None:
    message = f"because following scope(s) are locked: '{a_vault().id}'. Please remove the lock and try again."
    azure.before["delete_vault"] = [problem(ProblemKind.PROTECTED, code="ScopeLocked", message=message)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {**GONE, "vaults": "lab_vaults_locked", "access": "lab_access_left"}
    assert walked.finding("vaults").found.startswith(f"{NAMES.vault} is still there, with what is in it: a lock on")
    assert walked.finding("vaults").next_step.endswith("Then clean up once more.")
    assert walked.finding("deleted-vaults").found == "Nothing is left.", "what was not deleted was not purged"


def test_the_roles_that_were_taken_back_are_on_the_receipt(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    hand = Hand(azure, pool, replace(NAMES, permission_model="roles"))
    hand.carry_out(VAULT, SECRET, GRANT)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    found = walked.finding("access").found
    assert f"the role Key Vault Secrets Officer of your connection at {NAMES.vault}" in found
    assert f"the role Key Vault Secrets User of {NAMES.vm} at {NAMES.vault}" in found
    assert hand.clean_up().finding("access").found == "Nothing is left."
