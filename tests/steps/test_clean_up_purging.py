"""Cleaning up: deleted vaults are purged, or it is told why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.made import WAS_THERE
from steps.kit.azure import ProblemKind
from steps.kit.verdict import Verdict
from tests.steps.cleaning import GONE, in_a_full_group
from tests.steps.fake_azure import (
    NAMES,
    FakeAzure,
    a_vault,
    problem,
    set_vault,
)
from tests.steps.portals_hand import VAULT, Hand


@pytest.fixture
def azure() -> FakeAzure:
    return FakeAzure()


@pytest.fixture
def hand(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    return in_a_full_group(azure, pool)


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


@pytest.mark.parametrize("whose", ["the portal's", "the student's"])
def test_a_vault_that_was_deleted_by_hand_and_is_not_listed_yet_is_waited_for_and_purged(
    hand: Hand, azure: FakeAzure, whose: str
) -> None:
    """Neither there nor on the list of deleted ones: that is not yet gone."""
    if whose == "the student's":
        hand.carried_out.clear()
        hand.noted = {WAS_THERE: (a_vault().id,)}
    azure.delete_vault(NAMES.resource_group, NAMES.vault)
    never_listed(azure)
    looked = hand.look()
    assert looked.verdict is Verdict.COULD_NOT_TELL
    assert looked.reasons()["deleted-vaults"] == "deleted_vault_not_listed"
    hides = azure.hook
    azure.calls.clear()
    azure.hook = lambda call: hides(call) if azure.calls["deleted_vaults"] < 6 else None
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert f"once Azure lists them: {NAMES.vault.casefold()}" in walked.tape.texts[0]
    assert NAMES.vault not in azure.gone_vaults
    assert "Purged just now" in walked.finding("deleted-vaults").found


def test_a_free_name_is_no_vault_on_its_way(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    hand = Hand(azure, pool)
    hand.noted = {WAS_THERE: (a_vault().id,)}
    assert hand.look().verdict is Verdict.PASSED


def test_after_a_purge_that_azure_could_not_end_it_says_so_and_the_next_time_goes_on(
    hand: Hand, azure: FakeAzure
) -> None:
    azure.before["purge_vault"] = [problem(ProblemKind.OPERATION_FAILED)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.COULD_NOT_TELL
    finding = walked.finding("deleted-vaults")
    assert finding.reason == "lab_names_kept"
    assert "Azure's trouble, not yours" in finding.next_step
    assert sum(walked.waits) < 60, "looking again would order nothing"
    assert hand.clean_up().verdict is Verdict.PASSED


def test_the_group_is_gone_and_what_was_in_it_is_purged_all_the_same(hand: Hand, azure: FakeAzure) -> None:
    azure.delete_vault(NAMES.resource_group, NAMES.vault)
    azure.group, azure.vm, azure.kept_vaults = None, None, []
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_FOUND, code="ResourceGroupNotFound") for _ in range(9)]
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert NAMES.vault not in azure.gone_vaults
