"""A vault that is deleted by now: the lab's only if the portal has made it, or has seen that the walk is older."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from steps.key_vault_managed_identity.made import SINCE, WAS_THERE
from steps.kit.azure import ProblemKind
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import (
    CALLER,
    NAMES,
    SECRETS_OFFICER,
    FakeAzure,
    a_vault,
    after_task,
    assignment,
    problem,
    set_vault,
)
from tests.steps.portals_hand import VAULT, Hand

BEGAN = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
LATER, LONG_BEFORE = BEGAN + timedelta(hours=1), BEGAN - timedelta(days=300)


def walked(azure: FakeAzure, pool: ThreadPoolExecutor, *, check: bool = True) -> Hand:
    """Task 1 is checked, and then the student deletes the vault."""
    hand = Hand(azure, pool, began=BEGAN)
    if check:
        hand.check(VAULT)
    delete(azure)
    return hand


def delete(azure: FakeAzure) -> None:
    azure.delete_vault(NAMES.resource_group, NAMES.vault)
    azure.gone_vaults = {name: replace(one, deletion_date=LATER) for name, one in azure.gone_vaults.items()}
    azure.calls.clear()


def made(created_at: datetime | None) -> FakeAzure:
    azure = after_task(2)
    set_vault(azure, created_at=created_at)
    return azure


def test_one_that_is_older_than_the_walk_can_still_come_back(pool: ThreadPoolExecutor) -> None:
    azure = made(LONG_BEFORE)
    hand = walked(azure, pool)
    assert hand.noted[SINCE] == (f"{a_vault().id} {LONG_BEFORE.isoformat()}",)
    looked, cleaned = hand.look(), hand.clean_up()
    for one in (looked, cleaned):
        assert one.verdict is Verdict.PASSED
        told = one.finding("left-alone").found
        assert f"{NAMES.vault} was there before you began this lab (since 05 January 2026) and is deleted now" in told
        assert f"az keyvault recover --name {NAMES.vault}" in told
    assert azure.calls["purge_vault"] == 0
    assert NAMES.vault in azure.gone_vaults


def test_nor_are_the_roles_taken_that_it_would_come_back_with(pool: ThreadPoolExecutor) -> None:
    azure = made(LONG_BEFORE)
    mine = assignment(SECRETS_OFFICER, CALLER, a_vault().id)
    azure.assignments.append(mine)
    assert walked(azure, pool).clean_up().verdict is Verdict.PASSED
    assert azure.assignments == [mine]


@pytest.mark.parametrize("created_at", [LATER, None])
def test_one_that_was_seen_and_is_not_older_is_purged(pool: ThreadPoolExecutor, created_at: datetime | None) -> None:
    azure = made(created_at)
    assert walked(azure, pool).clean_up().verdict is Verdict.PASSED
    assert not azure.gone_vaults


def test_one_that_was_never_seen_is_left_to_the_student(pool: ThreadPoolExecutor) -> None:
    azure = made(LATER)
    cleaned = walked(azure, pool, check=False).clean_up()
    assert cleaned.verdict is Verdict.PASSED
    told = cleaned.finding("left-alone").found
    assert "was not purged: nobody knows whether it is older than your walk" in told
    assert f"`az keyvault purge --name {NAMES.vault}`" in told
    assert azure.calls["purge_vault"] == 0


def test_a_new_one_in_the_place_of_an_older_one_is_purged(pool: ThreadPoolExecutor) -> None:
    """The student has purged the older one, and made the lab's; both had the same id."""
    azure = made(LATER)
    hand = Hand(azure, pool, began=BEGAN, noted={SINCE: (f"{a_vault().id} {LONG_BEFORE.isoformat()}",)})
    hand.check(VAULT)
    delete(azure)
    assert hand.clean_up().verdict is Verdict.PASSED
    assert not azure.gone_vaults


def test_what_cleaning_up_has_deleted_the_next_one_purges_though_nobody_had_checked(pool: ThreadPoolExecutor) -> None:
    azure = made(LATER)
    hand = Hand(azure, pool, began=BEGAN)
    azure.before["purge_vault"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    first = hand.clean_up()
    finding = first.finding("deleted-vaults")
    assert finding.reason == "lab_names_kept"
    assert finding.notes == {WAS_THERE: a_vault().id}
    hand.noted = {kind: (text,) for kind, text in finding.notes.items()}
    azure.gone_vaults = {name: replace(one, deletion_date=LATER) for name, one in azure.gone_vaults.items()}
    assert hand.clean_up().verdict is Verdict.PASSED
    assert not azure.gone_vaults


def test_one_that_the_portal_made_is_purged_without_having_been_seen(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    hand = Hand(azure, pool, began=BEGAN)
    hand.carry_out(VAULT)
    delete(azure)
    assert hand.clean_up().verdict is Verdict.PASSED
    assert not azure.gone_vaults
