"""Task 1: the vault."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.create_vault.task import TASK
from steps.key_vault_managed_identity.patience import PAUSES
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.task import Context
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import CALLER, GROUP_PATH, NAMES, FakeAzure, a_vault, after_task, problem, set_vault
from tests.steps.walking import Tape, Walk, context, walk


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def by_roles(azure: FakeAzure) -> Context:
    return replace(context(azure), names=replace(NAMES, permission_model="roles"))


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool, between=lambda sitting: azure.finish_vault())


def test_untouched_the_student_is_told_to_create_it(pool: ThreadPoolExecutor) -> None:
    walked = validate(FakeAzure(), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert Counter(walked.reasons().values()) == {"vault_missing": 1, "waits_for_another_check": 4}
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
        (
            {"location": "northeurope", "purge_protection": True},
            "vault-region",
            "vault_kept_in_other_region",
            "Choose another name",
        ),
        ({"provisioning_state": "Failed"}, "vault-ready", "vault_setup_failed", "purge"),
        ({"default_action": "Deny"}, "vault-network", "vault_network_closed", "--default-action Allow"),
        ({"public_access": False}, "vault-network", "vault_network_private", "all networks"),
        (
            {"public_access": False, "let_in": ("203.0.113.7/32",)},
            "vault-network",
            "vault_network_private",
            "all networks",
        ),
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


def test_a_firewall_with_rules_is_a_remark_where_the_vms_network_cannot_be_seen(
    pool: ThreadPoolExecutor,
) -> None:
    azure = after_task(1)
    subnet = f"{GROUP_PATH}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/machines"
    set_vault(azure, default_action="Deny", let_in=("203.0.113.7/32", subnet))
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert "203.0.113.7/32, the subnet machines of vnet" in walked.finding("vault-network").found
    endpoint = f"{GROUP_PATH}/providers/Microsoft.Network/privateEndpoints/way-in"
    set_vault(azure, public_access=False, let_in=("203.0.113.7/32", endpoint))
    finding = validate(azure, pool).finding("vault-network")
    assert "Only some reach it: way-in." in finding.found


def test_purge_protection_is_a_remark(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    assert "urge protection" not in validate(azure, pool).finding("vault-exists").found
    set_vault(azure, purge_protection=True)
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert "urge protection" in walked.finding("vault-exists").found


def test_a_vault_in_rbac_mode_can_be_kept_by_choosing_roles(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, rbac=True)
    (choice,) = validate(azure, pool).finding("vault-permission-model").choices
    assert (choice.name, choice.value) == ("permission_model", "roles")
    walked = walk(TASK, Mode.VALIDATE, by_roles(azure), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("vault-permission-model").reason == "vault_uses_roles"


def test_by_roles_a_vault_of_access_policies_is_told_the_other_way_round(pool: ThreadPoolExecutor) -> None:
    walked = walk(TASK, Mode.VALIDATE, by_roles(after_task(1)), pool)
    finding = walked.finding("vault-permission-model")
    assert (walked.verdict, finding.reason) == (Verdict.NOT_YET, "vault_goes_by_policies")
    assert "--enable-rbac-authorization true" in finding.next_step
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "policies")]


def test_by_roles_the_portal_makes_a_vault_of_roles(pool: ThreadPoolExecutor) -> None:
    azure = FakeAzure()
    walked = walk(TASK, Mode.CARRY_OUT, by_roles(azure), pool)
    assert walked.verdict is Verdict.PASSED
    assert azure.kept_vaults[0].rbac is True
    assert azure.kept_vaults[0].access_policies == ()
    assert azure.calls["create_vault"] == 1
    assert "Azure role-based access control" in TASK.actions[0].plan(by_roles(azure).names)


def test_a_vault_being_deleted_is_looked_at_again_and_then_told_as_deleted(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, provisioning_state="Deleting")

    def gone(sitting: int) -> None:
        azure.delete_vault(NAMES.resource_group, NAMES.vault)

    walked = walk(TASK, Mode.VALIDATE, context(azure), pool, between=gone)
    assert len(walked.waits) == 1
    assert walked.finding("vault-exists").reason == "vault_name_deleted"


def test_a_vault_that_is_never_deleted_could_not_be_told(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    set_vault(azure, provisioning_state="Deleting")
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert Counter(walked.reasons().values()) == {"vault_being_deleted": 1, "waits_for_another_check": 4}


def test_a_vault_that_is_never_ready_is_waited_for_with_growing_pauses_and_not_for_ever(
    pool: ThreadPoolExecutor,
) -> None:
    azure = FakeAzure(slow=True)
    walked = walk(TASK, Mode.CARRY_OUT, context(azure), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finished.progress.did
    making = walked.waits[: len(PAUSES)]
    assert making == sorted(making)
    assert walked.finding("vault-ready").reason == "vault_being_set_up"
    assert azure.calls["create_vault"] == 1


def test_what_the_portal_has_ordered_is_its_doing_although_it_is_not_there_yet(pool: ThreadPoolExecutor) -> None:
    azure, began = FakeAzure(slow=True), []
    tape = Tape()

    def note(sitting: int) -> None:
        began.append(tape.stored.did)
        azure.finish_vault()

    walk(TASK, Mode.CARRY_OUT, context(azure), pool, tape=tape, between=note)
    assert began == [True]


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
