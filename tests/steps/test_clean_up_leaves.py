"""Cleaning up: what is left alone, and what is taken out of a vault that stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from steps.key_vault_managed_identity import made
from steps.key_vault_managed_identity.clean_up.left_alone import STAYS
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.cleaning import TAGGED, in_a_full_group, names_of
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_vault,
    assignment,
    policy_for,
)
from tests.steps.fake_vaults import DELETED_AT
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand


@pytest.fixture
def azure() -> FakeAzure:
    return FakeAzure()


@pytest.fixture
def hand(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    return in_a_full_group(azure, pool)


def test_what_is_left_alone_is_named_and_why(hand: Hand) -> None:
    found = hand.clean_up().finding("left-alone").found
    assert f"The VM {NAMES.vm} and the resource group {NAMES.resource_group} were there before the lab." in found
    assert f"cannot know whose they are: kv-strange in rg-anna and {NAMES.vault}-2 in rg-anna. Did you make" in found
    assert f"`az keyvault delete --name {NAMES.vault}-2 --resource-group rg-anna`, then `az keyvault purge" in found
    assert "kv-ben-tagged was made by the portal, but as far as this walk knows not for you." in found
    assert "rg-ben" not in found, "what is in other groups is nobody's concern here"


def test_a_vault_of_the_agreed_name_in_another_group_stays_and_is_named(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    azure.kept_vaults.append(a_vault(resource_group="rg-ben", tags=TAGGED, id=a_vault().id.replace("anna/", "ben/")))
    walked = Hand(azure, pool).clean_up()
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons()["left-alone"] == "left_alone_of_whom"
    assert f"cannot know whose it is: {NAMES.vault} in rg-ben. Did you" in walked.finding("left-alone").found
    assert azure.calls["delete_vault"] == 0


def test_an_earlier_name_that_somebody_else_took_since_is_left_alone(hand: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults[-1] = replace(azure.kept_vaults[-1], tags={})
    hand.names = replace(NAMES, vault="kv-anna-second")
    assert hand.clean_up().verdict is Verdict.PASSED
    assert NAMES.vault in names_of(azure)


def test_what_stays_as_the_portal_changed_it_is_said(hand: Hand) -> None:
    hand.azure.providers = {"Microsoft.KeyVault": "NotRegistered", "Microsoft.Compute": "Registered"}
    hand.mend(LABS["key-vault-managed-identity"].task("preflight"), "register-providers")
    found = hand.clean_up().finding("left-alone").found
    assert "Microsoft.KeyVault stays registered" in found
    assert "Microsoft.Compute" not in found, "which was registered before"


def test_a_machine_that_is_not_there_is_not_said_to_have_been(azure: FakeAzure, pool: ThreadPoolExecutor) -> None:
    azure.vm = None
    walked = Hand(azure, pool).clean_up()
    assert walked.finding("left-alone").found == f"The resource group {NAMES.resource_group} was there before the lab."


def test_every_remedy_is_taken_back_or_goes_with_the_vault_or_is_said_to_stay() -> None:
    with_the_vault = {
        *("enable-secret", "new-version", "recover-secret", "add-policy-for-vm", "complete-policy", "assign-role"),
        *("recover-vault", "purge-vault", "remake-vault"),
    }
    for remedy in LABS["key-vault-managed-identity"].remedies.values():
        ways = (remedy.reverse is not None, remedy.id in with_the_vault, remedy.id in STAYS)
        assert ways.count(True) == 1, remedy.id


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


def test_nor_is_one_touched_whose_age_azure_does_not_tell(older: Hand, azure: FakeAzure) -> None:
    azure.kept_vaults = [a_vault(created_at=None)]
    walked = older.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults == [a_vault(created_at=None)]
    assert "may have been there before you began this lab" in walked.finding("left-alone").found


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
    at_a_secret = assignment(SECRETS_USER, PRINCIPAL, f"{a_vault().id}/secrets/another", name="two")
    azure.assignments = [assignment(SECRETS_OFFICER, CALLER, a_vault().id), at_a_secret]
    before = list(azure.assignments)
    older.carry_out(GRANT)
    assert len(azure.assignments) == 3
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


@pytest.mark.parametrize("roles", [False, True])
def test_a_vault_by_hand_under_an_earlier_name_stays_without_what_the_portal_gave_and_is_named(
    azure: FakeAzure, pool: ThreadPoolExecutor, *, roles: bool
) -> None:
    azure.kept_vaults.append(a_vault(rbac=roles, access_policies=()))
    before = list(azure.kept_vaults)
    hand = Hand(azure, pool, replace(NAMES, permission_model="roles") if roles else NAMES)
    hand.carry_out(SECRET, GRANT)
    hand.names = replace(hand.names, vault="kv-anna-second")
    walked = hand.clean_up()
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults == before
    assert azure.assignments == []
    assert f"{NAMES.vault} was your vault before you chose another" in walked.finding("left-alone").found
    assert f"`az keyvault delete --name {NAMES.vault}`" in walked.finding("left-alone").found


def test_a_vault_that_the_portal_offered_is_not_deleted_for_having_been_chosen(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    """In a shared group it may be a classmate's. What the portal itself made in the walk goes all the same."""
    azure.kept_vaults.append(a_vault())
    hand = Hand(azure, pool, noted={kind: (note,) for kind, note in made.offering(NAMES, NAMES.vault).items()})
    assert "when you chose it" in hand.clean_up().finding("left-alone").found
    assert NAMES.vault in names_of(azure)
    azure.delete_vault(NAMES.resource_group, NAMES.vault)
    assert hand.clean_up().verdict is Verdict.PASSED
    assert NAMES.vault in azure.gone_vaults, "nor is it purged"


def test_a_role_further_up_is_named_with_the_command_that_takes_it_back(
    azure: FakeAzure, pool: ThreadPoolExecutor
) -> None:
    up = assignment(SECRETS_USER, PRINCIPAL, GROUP_PATH, name="up")
    azure.assignments.append(up)
    walked = Hand(azure, pool).clean_up()
    assert (
        f"on the resource group {NAMES.resource_group}, which opens every vault" in walked.finding("left-alone").found
    )
    assert f"`az role assignment delete --ids {up.id}`" in walked.finding("left-alone").found
    assert "see what was left alone" in walked.finding("access").found
    assert up in azure.assignments
