"""Cleaning up: what the lab made goes, for good; nothing else is touched; and the receipt says both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labportal.gateway.vaults import MADE_BY
from steps.key_vault_managed_identity import made
from steps.key_vault_managed_identity.clean_up.receipt import STAYS
from steps.kit.azure import ProblemKind
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    OWNER,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_vault,
    a_vault_named,
    a_vm_named,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.fake_vaults import DELETED_AT
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand

TAGGED = {"created-by": "lab-portal"}
GONE = {
    "vaults": "lab_vaults_gone",
    "deleted-vaults": "lab_names_free",
    "access": "lab_access_gone",
    "settings": "lab_settings_back",
    "left-alone": "left_alone",
}
DECOYS = (
    a_vault_named("kv-strange"),
    a_vault_named("kv-ben-tagged", tags=TAGGED, access_policies=(policy_for(CALLER),)),
    a_vault_named(f"{NAMES.vault}-2", access_policies=(policy_for(PRINCIPAL),)),
    a_vault_named("kv-ben", resource_group="rg-ben", tags=TAGGED),
)
"""In the student's group a stranger's and a classmate's, one nearly of the same name, and one in another group."""


@pytest.fixture
def azure() -> FakeAzure:
    return FakeAzure()


@pytest.fixture
def hand(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    """The portal has carried out Tasks 1 to 3, in a group full of other things."""
    azure.kept_vaults.extend(DECOYS)
    azure.other_vms = [a_vm_named("vm-ben", "77777777-7777-4777-8777-777777777777")]
    for name in ("kv-old", "kv-ben-gone"):
        azure.kept_vaults.append(a_vault_named(name, tags=TAGGED))
        azure.delete_vault(NAMES.resource_group, name)
    azure.assignments = [
        assignment(SECRETS_USER, PRINCIPAL, a_vault_named("kv-strange").id),
        assignment(OWNER, PRINCIPAL, a_vault().id.partition("/providers/")[0]),
    ]
    made = Hand(azure, pool)
    made.carry_out(VAULT, SECRET, GRANT)
    azure.calls.clear()
    return made


def names_of(azure: FakeAzure) -> set[str]:
    return {one.name for one in azure.kept_vaults}


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


def test_what_is_left_alone_is_named_and_why(hand: Hand) -> None:
    found = hand.clean_up().finding("left-alone").found
    assert f"The VM {NAMES.vm} and the resource group {NAMES.resource_group} were there before the lab." in found
    assert f"this lab did not make: kv-strange, {NAMES.vault}-2." in found
    assert "kv-ben-tagged was made by the portal, but as far as this walk knows not for you." in found
    assert "rg-ben" not in found, "what is in other groups is nobody's concern here"


def test_a_vault_of_the_agreed_name_in_another_group_stays_and_is_named(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.kept_vaults.append(a_vault(resource_group="rg-ben", tags=TAGGED, id=a_vault().id.replace("anna/", "ben/")))
    walked = Hand(azure, pool).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert f"{NAMES.vault} is in the resource group rg-ben" in walked.finding("left-alone").found
    assert azure.calls["delete_vault"] == 0


def test_the_first_step_lists_exactly_what_will_go(hand: Hand, azure: FakeAzure) -> None:
    azure.assignments.append(assignment(SECRETS_OFFICER, CALLER, a_vault().id))
    walked = hand.clean_up()
    assert walked.tape.texts[0] == (
        f"Of this lab there are vaults to delete and purge in {NAMES.resource_group}: {NAMES.vault}; "
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


def test_an_earlier_name_that_somebody_else_took_since_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults[-1] = replace(azure.kept_vaults[-1], tags={})
    hand.names = replace(NAMES, vault="kv-anna-second")
    assert hand.clean_up().verdict is Verdict.PASSED
    assert NAMES.vault in names_of(azure)


def test_a_vault_made_by_the_students_own_hands_under_the_agreed_name_goes(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.kept_vaults.append(a_vault(location="northeurope"))
    walked = Hand(azure, pool).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})


def test_purge_protection_is_told_with_its_date_and_is_no_fault_of_anybodys(hand: Hand, azure: FakeAzure) -> None:
    set_vault(azure, purge_protection=True)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["deleted-vaults"] == "lab_names_protected"
    assert f"{NAMES.vault} is deleted and may not be purged" in walked.finding("deleted-vaults").found
    assert "until 01 February 2027" in walked.finding("deleted-vaults").found
    assert azure.calls["purge_vault"] == 0
    assert hand.clean_up().verdict is Verdict.PASSED, "a second time is harmless here too"


def test_without_the_right_to_purge_the_way_out_is_named(hand: Hand, azure: FakeAzure) -> None:
    azure.before["purge_vault"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons()["deleted-vaults"] == "lab_names_kept"
    assert f"`az keyvault purge --name {NAMES.vault}`" in walked.finding("deleted-vaults").next_step
    assert hand.clean_up().verdict is Verdict.PASSED


def test_whoever_has_rights_on_the_group_alone_gets_as_far_as_that_goes(hand: Hand, azure: FakeAzure) -> None:
    for call in ("vaults_in_subscription", "deleted_vaults"):
        azure.before[call] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(99)]
    walked = hand.clean_up()
    assert NAMES.vault not in names_of(azure)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.reasons() == {**GONE, "deleted-vaults": "deleted_vaults_hidden"}


def test_roles_at_the_vault_go_before_it_and_those_from_above_stay(hand: Hand, azure: FakeAzure) -> None:
    others = list(azure.assignments)
    for principal in (PRINCIPAL, CALLER):
        azure.assignments.append(assignment(SECRETS_OFFICER, principal, a_vault().id))
    assert "of your VM at" in hand.look().finding("access").found
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


def test_what_stays_as_the_portal_changed_it_is_said(hand: Hand) -> None:
    hand.mended = frozenset({"register-providers"})
    assert "stay registered" in hand.clean_up().finding("left-alone").found


def test_every_remedy_is_taken_back_or_goes_with_the_vault_or_is_said_to_stay() -> None:
    with_the_vault = {
        *("enable-secret", "new-version", "recover-secret", "add-policy-for-vm", "complete-policy", "assign-role"),
        *("recover-vault", "purge-vault", "remake-vault"),
    }
    for remedy in LABS["key-vault-managed-identity"].remedies.values():
        ways = (remedy.reverse is not None, remedy.id in with_the_vault, remedy.id in STAYS)
        assert ways.count(True) == 1, remedy.id


def test_a_look_that_fails_leaves_everything_as_it_is(hand: Hand, azure: FakeAzure) -> None:
    azure.before["vault"] = [problem(ProblemKind.UNEXPECTED)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finished.progress.gave_up == "unexpected"
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "remove_role"}


def test_what_appears_after_the_look_is_left_alone(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    hand = Hand(azure, pool)

    def appears(call: str) -> None:
        if call == "role_assignments" and not azure.kept_vaults:
            azure.kept_vaults.append(a_vault())

    azure.hook = appears
    walked = hand.clean_up()
    assert walked.reasons()["vaults"] == "lab_vaults_left"
    assert azure.calls["delete_vault"] == 0


@pytest.mark.parametrize("second", ["there", "gone"])
def test_what_is_no_more_the_labs_after_the_look_is_left_alone_too(hand: Hand, azure: FakeAzure, second: str) -> None:
    """Under an earlier name: another vault by now, or one that has only been deleted since."""
    hand.names = replace(NAMES, vault="kv-anna-second")
    hand.carry_out(VAULT)
    if second == "gone":
        first = next(one for one in azure.kept_vaults if one.name == NAMES.vault)
        azure.kept_vaults.remove(first)

    def changes(call: str) -> None:
        if call != "role_assignments" or not {"vaults_in_subscription", "deleted_vaults"} <= set(azure.calls):
            return
        azure.hook = lambda _: None
        if second == "there":
            azure.kept_vaults = [replace(one, tags={}) if one.name == NAMES.vault else one for one in azure.kept_vaults]
        else:
            azure.kept_vaults.append(first)
            azure.delete_vault(NAMES.resource_group, NAMES.vault)

    azure.calls.clear()
    azure.hook = changes
    hand.clean_up()
    assert NAMES.vault in (names_of(azure) if second == "there" else azure.gone_vaults)
    assert "kv-anna-second" not in {*names_of(azure), *azure.gone_vaults}


def test_a_deleted_vault_of_the_agreed_name_from_another_group_is_left_alone(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.kept_vaults.append(a_vault(resource_group="rg-ben", id=a_vault().id.replace("rg-anna", "rg-ben")))
    azure.delete_vault("rg-ben", NAMES.vault)
    walked = Hand(azure, pool).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert NAMES.vault in azure.gone_vaults


def test_a_purge_that_takes_its_time_is_waited_for_and_begun_once(hand: Hand, azure: FakeAzure) -> None:
    azure.slow = True
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.calls["purge_vault"] == 1


def test_two_vaults_are_purged_one_after_the_other(hand: Hand, azure: FakeAzure) -> None:
    hand.names = replace(NAMES, vault="kv-anna-second")
    hand.carry_out(VAULT)
    azure.slow = True
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert (azure.calls["purge_vault"], azure.calls["resume_purge_vault"]) == (2, 2)


BEGAN = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
BEFORE = BEGAN - timedelta(days=400)


@pytest.fixture
def older(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    """The student does the lab in a vault that was there before it, with access in it that is none of the lab's."""
    azure.kept_vaults = [a_vault(created_at=BEFORE, access_policies=(policy_for(PRINCIPAL, "list"),))]
    return Hand(azure, pool, began=BEGAN)


def test_the_agreed_vault_is_left_alone_where_it_was_there_before_the_lab(older: Hand, azure: FakeAzure) -> None:
    before = list(azure.kept_vaults)
    walked = older.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults == before
    assert "was there before you began this lab (since 29 September 2025)" in walked.finding("left-alone").found
    assert not set(azure.calls) & {"delete_vault", "purge_vault", "remove_access_policy", "remove_role"}


def test_what_the_portal_gave_in_a_vault_that_stays_is_taken_back_and_nothing_else(
    older: Hand, azure: FakeAzure
) -> None:
    before = list(azure.kept_vaults)
    older.carry_out(SECRET, GRANT)
    assert older.look().reasons()["access"] == "lab_access_left"
    walked = older.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults == before, "with the right that the VM had there already"
    assert "clean-up-rights" in [step for step, did in walked.tape.dones if did]


def test_at_a_vault_that_stays_only_the_role_that_the_portal_gave_goes(older: Hand, azure: FakeAzure) -> None:
    older.names = replace(NAMES, permission_model="roles")
    azure.kept_vaults = [a_vault(created_at=BEFORE, rbac=True)]
    azure.assignments = [assignment(SECRETS_OFFICER, CALLER, a_vault().id)]
    before = list(azure.assignments)
    older.carry_out(GRANT)
    assert len(azure.assignments) == 2
    assert older.clean_up().verdict is Verdict.PASSED
    assert azure.assignments == before


def test_a_vault_made_since_the_lab_began_goes_whoever_made_it(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults = [a_vault(created_at=BEGAN + timedelta(minutes=1))]
    assert Hand(azure, pool, began=BEGAN).clean_up().verdict is Verdict.PASSED
    assert (azure.kept_vaults, azure.gone_vaults) == ([], {})


def test_a_vault_that_was_deleted_before_the_lab_is_not_purged(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.kept_vaults = [a_vault()]
    azure.delete_vault(NAMES.resource_group, NAMES.vault)
    walked = Hand(azure, pool, began=DELETED_AT + timedelta(days=1)).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert NAMES.vault in azure.gone_vaults


@pytest.mark.parametrize("slow", [False, True])
def test_a_vault_that_azure_lists_late_as_deleted_is_waited_for_and_purged(
    hand: Hand, azure: FakeAzure, *, slow: bool
) -> None:
    azure.lists_late, azure.slow = True, slow
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == GONE
    assert NAMES.vault not in azure.gone_vaults
    assert azure.calls["purge_vault"] == 1


def never_listed(azure: FakeAzure) -> None:
    """Azure keeps the name of the lab's vault, and never lists it as deleted."""

    def hide(call: str) -> None:
        if call == "deleted_vaults":
            azure.hidden.add(f"gone:{NAMES.vault}")

    azure.hook = hide


def test_a_deleted_vault_that_is_never_listed_is_not_waited_for_for_ever_nor_called_gone(
    hand: Hand, azure: FakeAzure
) -> None:
    never_listed(azure)
    walked = hand.clean_up()
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.reasons()["deleted-vaults"] == "deleted_vault_not_listed"
    assert sum(walked.waits) < 20 * 60
    azure.hook = lambda _: None
    again = hand.clean_up()
    assert again.verdict is Verdict.PASSED
    assert again.finding("deleted-vaults").found == f"Nothing is left. Purged just now: {NAMES.vault}."


def test_who_may_not_ask_for_names_is_told_what_the_list_says(hand: Hand, azure: FakeAzure) -> None:
    azure.lists_late = True
    azure.before["vault_name_availability"] = [problem(ProblemKind.NOT_AUTHORIZED) for _ in range(99)]
    walked = hand.clean_up()
    assert walked.reasons()["deleted-vaults"] == "lab_names_kept", "listed by the time of the check, and so told"


def test_the_tag_is_the_one_that_the_gateway_gives() -> None:
    assert made.tagged(a_vault(tags=dict(MADE_BY)))
    assert not made.tagged(a_vault())


def test_cleaning_up_is_no_task_to_be_done() -> None:
    lab = LABS["key-vault-managed-identity"]
    assert lab.clean_up is not None
    assert lab.clean_up not in lab.tasks
    assert lab.task("clean-up") is lab.clean_up
    assert lab.clean_up.number not in {task.number for task in lab.tasks}
