"""Task 1: the vault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from steps.key_vault_managed_identity.create_vault import TASK
from steps.kit.azure import DeletedVault, NameAvailability, ProblemKind
from steps.kit.runner import Mode
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import CALLER, NAMES, FakeAzure, a_vault, after_task, problem, set_vault
from tests.steps.walking import Walk, context, walk


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool, between=lambda sitting: azure.finish_vault())


def test_untouched_the_student_is_told_to_create_it(pool: ThreadPoolExecutor) -> None:
    walked = validate(FakeAzure(), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert set(walked.reasons().values()) == {"vault_missing"}
    finding = walked.finding("vault-exists")
    assert NAMES.vault in finding.found
    assert "Vault access policy" in finding.next_step
    assert len(finding.sources) == 2


def test_done_right_it_passes_with_one_request(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert dict(azure.calls) == {"vault": 1}


def test_carried_out_it_passes_and_the_portal_may_set_secrets(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    assert [one.object_id for one in azure.kept_vaults[0].access_policies] == [CALLER]


def test_a_slow_vault_is_looked_at_again_and_never_ordered_twice(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(slow=True)
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.waits == [2.0]
    assert walked.finished.progress.did
    assert azure.calls["create_vault"] == 1


def test_a_vault_that_was_there_is_not_called_the_portals(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.tape.dones == [("create-vault", False)]
    assert azure.calls["create_vault"] == 0


def test_a_vault_somebody_else_is_making_is_waited_for_and_not_called_the_portals(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[a_vault(provisioning_state="RegisteringDns")])
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.tape.dones == [("create-vault", False)]


def test_a_vault_that_vanishes_while_somebody_else_makes_it_is_made_by_the_portal(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[a_vault(provisioning_state="RegisteringDns")])
    walked = walk(TASK, Mode.CARRY_OUT, context(azure), pool, between=lambda sitting: azure.kept_vaults.clear())
    assert walked.verdict is Verdict.PASSED
    assert walked.tape.dones == [("create-vault", True)]


def test_an_answer_lost_after_the_effect_makes_no_second_vault_and_is_still_the_portals(
    pool: ThreadPoolExecutor,
) -> None:
    azure = FakeAzure(after={"create_vault": [problem(ProblemKind.TIMED_OUT)]})
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.tape.dones == [("create-vault", True)]
    assert azure.calls["create_vault"] == 1


@pytest.mark.parametrize(
    ("changes", "check", "reason", "words"),
    [
        ({"rbac": True}, "vault-permission-model", "vault_in_rbac_mode", "Access configuration"),
        ({"location": "northeurope"}, "vault-region", "vault_in_other_region", NAMES.location),
        ({"provisioning_state": "Failed"}, "vault-ready", "vault_setup_failed", "purge"),
    ],
)
def test_each_way_wrong_is_named_with_what_to_do(
    pool: ThreadPoolExecutor, changes: dict[str, object], check: str, reason: str, words: str
) -> None:
    azure = after_task(1)
    set_vault(azure, **changes)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert [id_ for id_, one in walked.tape.evidence.items() if one.finding.verdict is not Verdict.PASSED] == [check]
    assert walked.finding(check).reason == reason
    assert words in walked.finding(check).next_step


def test_a_vault_of_older_days_with_neither_model_named_goes_by_policies(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=None, location="West Europe")
    assert validate(azure, pool).verdict is Verdict.PASSED


def test_a_vault_in_another_group_is_found_and_named(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(
        kept_vaults=[a_vault(resource_group="rg-other")], availability=NameAvailability(False, "AlreadyExists", "")
    )
    finding = validate(azure, pool).finding("vault-exists")
    assert finding.reason == "vault_elsewhere"
    assert "rg-other" in finding.found


def test_a_vault_under_another_name_is_named(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[a_vault(name="kv-mistyped"), a_vault(name="kv-elsewhere", resource_group="rg-x")])
    walked = validate(azure, pool)
    finding = walked.finding("vault-exists")
    assert (walked.verdict, finding.reason) == (Verdict.NOT_YET, "vault_under_other_name")
    assert "kv-mistyped" in finding.found
    assert "kv-elsewhere" not in finding.found
    assert f"Create {NAMES.vault}" in finding.next_step


def test_a_vault_just_deleted_that_azure_shows_nowhere_can_be_purged(pool: ThreadPoolExecutor) -> None:
    """A vault deleted in another region is not found under its own."""
    azure = FakeAzure(availability=NameAvailability(False, "AlreadyExists", ""))
    finding = validate(azure, pool).finding("vault-exists")
    assert f"`az keyvault purge --name {NAMES.vault}`" in finding.next_step


def test_a_deleted_vault_that_keeps_the_name_is_explained(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(
        deleted=DeletedVault(NAMES.vault, "westeurope", None, datetime(2027, 2, 1, tzinfo=UTC)),
        availability=NameAvailability(False, "AlreadyExists", ""),
    )
    finding = validate(azure, pool).finding("vault-exists")
    assert finding.reason == "vault_name_deleted"
    assert "01 February 2027" in finding.found
    assert "ecover" in finding.next_step


def test_a_name_somebody_else_has_and_a_name_azure_does_not_allow_are_told_apart(pool: ThreadPoolExecutor) -> None:
    taken = FakeAzure(availability=NameAvailability(False, "AlreadyExists", ""))
    assert validate(taken, pool).finding("vault-exists").reason == "vault_name_taken"
    odd = FakeAzure(availability=NameAvailability(False, "AccountNameInvalid", "Must not end with a hyphen."))
    finding = validate(odd, pool).finding("vault-exists")
    assert finding.reason == "vault_name_not_allowed"
    assert "Must not end with a hyphen." in finding.found


def test_a_vault_being_set_up_is_looked_at_again_until_it_is_ready(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[a_vault(provisioning_state="RegisteringDns")])
    walked = walk(TASK, Mode.VALIDATE, context(azure), pool, between=lambda sitting: azure.finish_vault())
    assert walked.verdict is Verdict.PASSED
    assert len(walked.waits) == 1


@pytest.mark.parametrize("kind", [ProblemKind.NAME_TAKEN, ProblemKind.NAME_IN_DELETED_STATE, ProblemKind.POLICY_DENIED])
def test_an_order_azure_refuses_ends_in_what_the_checks_see(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    azure = FakeAzure(before={"create_vault": [problem(kind)]})
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == kind.value
    assert walked.verdict is Verdict.NOT_YET
    assert azure.calls["create_vault"] == 1


def test_a_vault_that_failed_is_no_ground_to_build_on(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure(kept_vaults=[replace(a_vault(), provisioning_state="Failed")])
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finding("vault-ready").reason == "vault_setup_failed"
