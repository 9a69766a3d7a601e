"""A vault that nobody can mend: what the portal replaces, and what it leaves alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from steps.key_vault_managed_identity.made import SINCE, WAS_THERE
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.problems import from_facts
from steps.kit.records import DeletedVault, NameAvailability, Permission
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    FakeAzure,
    a_vault_named,
    after_task,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.portals_hand import CLEAN_UP, LAB, VAULT, Hand
from tests.steps.walking import Walk, walk

REMEDY = "remake-vault"
BEGAN = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
GONE = DeletedVault(
    NAMES.vault, "northeurope", BEGAN + timedelta(hours=1), None, vault_id=a_vault_named(NAMES.vault).id
)
ONLY_HERE = (Permission(("Microsoft.KeyVault/vaults/*",)),)


def broken(pool: ThreadPoolExecutor, **changes: Any) -> Hand:
    azure = after_task(2)
    set_vault(azure, **changes)
    return Hand(azure, pool, began=BEGAN)


@pytest.mark.parametrize(
    "changes", [{"provisioning_state": "Failed"}, {"provisioning_state": "Canceled"}, {"location": "northeurope"}]
)
@pytest.mark.parametrize("slow", [False, True])
def test_a_vault_beyond_mending_is_deleted_purged_and_made_anew(
    pool: ThreadPoolExecutor, changes: dict[str, str], slow: bool
) -> None:
    hand = broken(pool, created_at=BEGAN + timedelta(hours=1), **changes)
    hand.azure.slow = hand.azure.lists_late = slow
    action = hand.mend(VAULT, REMEDY) if not slow else mended_slowly(hand)
    assert action.verdict is Verdict.PASSED
    (vault,) = hand.azure.kept_vaults
    assert (vault.location, vault.provisioning_state) == (NAMES.location, "Succeeded")
    assert [one.object_id for one in vault.access_policies] == [CALLER]
    assert not hand.azure.gone_vaults
    assert hand.azure.calls["delete_vault"] == hand.azure.calls["create_vault"] == 1
    assert not hand.azure.kept_secrets, "the plan says that they go"


def mended_slowly(hand: Hand) -> Walk:
    """Azure comes to an end between two sittings."""
    action = LAB.remedies[REMEDY].action
    return walk(VAULT, Mode.REPAIR, hand.context(), hand.pool, remedy=action, between=hand.meanwhile)


def test_by_roles_the_new_one_goes_by_roles(pool: ThreadPoolExecutor) -> None:
    hand = broken(pool, location="northeurope", rbac=True)
    hand.names = replace(NAMES, permission_model="roles")
    assert hand.mend(VAULT, REMEDY).verdict is Verdict.PASSED
    assert hand.azure.kept_vaults[0].rbac is True
    assert hand.azure.kept_vaults[0].access_policies == ()


@pytest.mark.parametrize(
    ("changes", "above", "code"),
    [
        ({"created_at": BEGAN - timedelta(days=3)}, None, "OlderThanTheWalk"),
        ({"purge_protection": True}, None, "PurgeProtected"),
        ({}, ONLY_HERE, "MayNotPurge"),
        ({}, (), "MayNotPurge"),
    ],
)
def test_what_may_not_go_is_left_as_it_is_and_the_reason_told(
    pool: ThreadPoolExecutor, changes: dict[str, Any], above: tuple[Permission, ...] | None, code: str
) -> None:
    hand = broken(pool, provisioning_state="Failed", **changes)
    hand.azure.may_above = above
    walked = hand.mend(VAULT, REMEDY)
    problem = from_facts(walked.finished.progress.facts[REMEDY])
    assert problem is not None
    assert problem.code == code
    assert NAMES.vault in problem.message
    assert not walked.finished.progress.did
    assert not {"delete_vault", "purge_vault", "create_vault"} & set(hand.azure.calls)
    assert len(hand.azure.kept_vaults) == 1


def test_a_vault_that_is_right_by_now_is_not_replaced(pool: ThreadPoolExecutor) -> None:
    hand = broken(pool)
    walked = hand.mend(VAULT, REMEDY)
    assert walked.verdict is Verdict.PASSED
    assert not walked.finished.progress.did
    assert hand.azure.calls["delete_vault"] == 0


@pytest.mark.parametrize(
    ("gone", "above"),
    [
        (replace(GONE, vault_id=GONE.vault_id.replace("rg-anna", "rg-far")), None),
        (replace(GONE, purge_protection=True), None),
        (replace(GONE, deletion_date=BEGAN - timedelta(days=1)), None),
        (GONE, ONLY_HERE),
    ],
)
def test_a_deleted_vault_that_is_not_the_labs_or_cannot_be_purged_is_left_alone(
    pool: ThreadPoolExecutor, gone: DeletedVault, above: tuple[Permission, ...] | None
) -> None:
    azure = FakeAzure(deleted=gone, availability=NameAvailability(False, "AlreadyExists", ""), may_above=above)
    walked = Hand(azure, pool, began=BEGAN).mend(VAULT, REMEDY)
    assert walked.finished.progress.gave_up == "blocked"
    assert not {"purge_vault", "create_vault"} & set(azure.calls)


def test_what_an_earlier_try_has_deleted_is_purged_and_made_by_the_next(pool: ThreadPoolExecutor) -> None:
    hand = broken(pool, provisioning_state="Failed")
    hand.azure.before["purge_vault"] = [problem(ProblemKind.OPERATION_FAILED)]
    assert hand.mend(VAULT, REMEDY).finished.progress.gave_up
    assert hand.azure.gone_vaults
    assert hand.mend(VAULT, REMEDY).verdict is Verdict.PASSED
    assert not hand.azure.gone_vaults


@pytest.mark.parametrize("since", [BEGAN - timedelta(days=30), None])
def test_what_the_student_has_deleted_is_not_purged_unless_it_is_known_to_be_of_this_walk(
    pool: ThreadPoolExecutor, since: datetime | None
) -> None:
    azure = FakeAzure(deleted=GONE, availability=NameAvailability(False, "AlreadyExists", ""))
    hand = Hand(azure, pool, began=BEGAN)
    hand.noted = {SINCE: (f"{GONE.vault_id} {since.isoformat()}",), WAS_THERE: (GONE.vault_id,)} if since else {}
    walked = hand.mend(VAULT, REMEDY)
    assert walked.finished.progress.gave_up == "blocked"
    assert f"az keyvault purge --name {NAMES.vault}" in walked.finished.progress.facts[REMEDY]["message"]
    assert not {"purge_vault", "create_vault"} & set(azure.calls)


def test_a_vault_that_a_lock_keeps_is_not_noted_as_replaced(pool: ThreadPoolExecutor) -> None:
    hand = broken(pool, provisioning_state="Failed")
    hand.azure.before["delete_vault"] = [problem(ProblemKind.PROTECTED, code="ScopeLocked")]
    progress = hand.mend(VAULT, REMEDY).finished.progress
    assert not progress.did
    assert hand.carried_out == {}


def test_a_stranger_of_that_name_that_comes_between_is_not_purged(pool: ThreadPoolExecutor) -> None:
    """A deleted vault of another group has the name by the time the portal wants it."""
    hand = broken(pool, provisioning_state="Failed")

    def another(call: str) -> None:
        for name, gone in hand.azure.gone_vaults.items():
            hand.azure.gone_vaults[name] = replace(gone, vault_id=gone.vault_id.replace("rg-anna", "rg-far"))

    hand.azure.hook = another
    hand.mend(VAULT, REMEDY)
    assert hand.azure.calls["purge_vault"] == 0


def test_the_new_one_is_the_portals_and_goes_when_task_1_is_undone_or_cleaned_up(pool: ThreadPoolExecutor) -> None:
    hand = broken(pool, provisioning_state="Failed")
    hand.mend(VAULT, REMEDY)
    assert hand.undo(VAULT).verdict is Verdict.PASSED
    assert not hand.azure.kept_vaults
    hand = broken(pool, provisioning_state="Failed")
    hand.mend(VAULT, REMEDY)
    assert hand.go(CLEAN_UP, Mode.CARRY_OUT).verdict is Verdict.PASSED
    assert not hand.azure.kept_vaults
    assert not hand.azure.gone_vaults


@pytest.mark.parametrize(
    ("changes", "reason", "words"),
    [
        ({"location": "northeurope"}, "vault_kept_in_other_region", "since 29 October 2026"),
        ({"provisioning_state": "Failed"}, "vault_kept_though_failed", "since 29 October 2026"),
    ],
)
def test_one_that_is_older_than_the_walk_is_told_so_and_no_mending_is_offered(
    pool: ThreadPoolExecutor, changes: dict[str, str], reason: str, words: str
) -> None:
    hand = broken(pool, created_at=BEGAN - timedelta(days=3), access_policies=(policy_for(CALLER),), **changes)
    walked = hand.go(VAULT, Mode.VALIDATE)
    (finding,) = [one.finding for one in walked.tape.evidence.values() if one.finding.verdict is Verdict.NOT_YET]
    assert finding.reason == reason
    assert words in finding.found
    assert f"az keyvault purge --name {NAMES.vault}" in finding.next_step
    assert "another name under Your names" in finding.next_step
