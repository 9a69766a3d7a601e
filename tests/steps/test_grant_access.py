"""Task 3: the access policy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.key_vault_managed_identity.az import SECRET_MANAGEMENT
from steps.key_vault_managed_identity.grant_access import TASK
from steps.kit.azure import AccessPolicy, ProblemKind
from steps.kit.runner import Mode
from steps.kit.verdict import Verdict
from tests.steps.fake_azure import CALLER, NAMES, PRINCIPAL, FakeAzure, a_vm, after_task, policy_for, problem, set_vault
from tests.steps.walking import Walk, context, walk

STRANGER = "99999999-9999-4999-8999-999999999999"


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, context(azure), pool)


def test_without_a_vault_the_student_is_sent_to_task_1(pool: ThreadPoolExecutor) -> None:
    walked = carry_out(after_task(0), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finding("policy-exists").reason == "vault_missing"


def test_untouched_the_only_policy_is_the_callers_own(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(2), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("policy-exists").reason == "policy_only_for_caller"
    assert walked.finding("policy-rights").reason == "policy_not_there_to_look_at"


def test_done_right_it_passes_with_two_requests(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    assert validate(azure, pool).verdict is Verdict.PASSED
    assert dict(azure.calls) == {"vault": 1, "virtual_machine": 1}


def test_carried_out_it_passes_and_leaves_other_policies_alone(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    assert azure.kept_vaults[0].access_policies == (policy_for(CALLER), policy_for(PRINCIPAL))


def test_access_that_was_there_is_not_called_the_portals(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    walked = carry_out(azure, pool)
    assert walked.tape.dones == [("grant-access", False)]
    assert azure.calls["add_access_policy"] == 0


def test_an_answer_lost_after_the_effect_adds_no_second_policy(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    azure.after["add_access_policy"] = [problem(ProblemKind.UNREACHABLE)]
    walked = carry_out(azure, pool)
    assert walked.tape.dones == [("grant-access", True)]
    assert azure.calls["add_access_policy"] == 1


def test_no_policy_at_all_is_told_apart(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=())
    assert validate(azure, pool).finding("policy-exists").reason == "policy_missing"


def test_a_policy_for_another_identity_is_named_beside_the_right_one(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(STRANGER)))
    finding = validate(azure, pool).finding("policy-exists")
    assert finding.reason == "policy_for_other_identity"
    assert STRANGER in finding.found
    assert PRINCIPAL in finding.next_step


@pytest.mark.parametrize("who", [(), (CALLER,), (STRANGER,)])
def test_whatever_policies_there_are_the_command_for_the_right_one_is_given(
    pool: ThreadPoolExecutor, who: tuple[str, ...]
) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=tuple(policy_for(one) for one in who))
    step = validate(azure, pool).finding("policy-exists").next_step
    assert f"--object-id {PRINCIPAL} --secret-permissions {' '.join(SECRET_MANAGEMENT)}`" in step


def test_object_ids_are_compared_without_their_case(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL.upper()),))
    assert validate(azure, pool).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("rights", "reason", "remark"),
    [
        (SECRET_MANAGEMENT, "policy_is_template", ""),
        (("get",), "policy_differs_from_template", "leaves out list, set"),
        ((*SECRET_MANAGEMENT, "purge"), "policy_differs_from_template", "adds purge"),
        (("all",), "policy_differs_from_template", "adds all"),
    ],
)
def test_any_policy_that_allows_get_passes_and_differences_are_only_remarked(
    pool: ThreadPoolExecutor, rights: tuple[str, ...], reason: str, remark: str
) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, *rights),))
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("policy-rights").reason == reason
    assert remark in walked.finding("policy-rights").found
    assert walked.finding("policy-rights").next_step == ""


@pytest.mark.parametrize(
    "policy", [policy_for(PRINCIPAL, "list", "set"), AccessPolicy(PRINCIPAL, NAMES.tenant_id, keys=("get",))]
)
def test_a_policy_without_get_on_secrets_is_not_enough(pool: ThreadPoolExecutor, policy: AccessPolicy) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy,))
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("policy-exists").reason == "policy_for_vm"
    assert walked.finding("policy-rights").reason == "policy_without_get"


def test_carrying_out_completes_a_policy_that_lacks_rights(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "list"),))
    walked = carry_out(azure, pool)
    assert walked.finding("policy-rights").reason == "policy_is_template"


def test_in_rbac_mode_policies_do_not_count_and_none_is_added(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    set_vault(azure, rbac=True)
    assert validate(azure, pool).finding("permission-model").reason == "vault_in_rbac_mode"
    set_vault(azure, access_policies=())
    walked = carry_out(azure, pool)
    # Azure lets nobody add a policy to such a vault, so nobody is told to.
    assert walked.finding("policy-exists").reason == "vault_in_rbac_mode"
    assert walked.finished.progress.gave_up == "blocked"
    assert azure.calls["add_access_policy"] == 0


def test_a_vm_that_is_gone_or_has_no_identity_is_told_and_nothing_is_granted(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    azure.vm = a_vm(principal_id="", identity_type="UserAssigned")
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finding("vm-identity").reason == "vm_identity_off"
    assert "UserAssigned" in walked.finding("vm-identity").found
    azure.vm = None
    assert carry_out(azure, pool).finding("policy-exists").reason == "vm_missing"
    assert azure.calls["add_access_policy"] == 0
