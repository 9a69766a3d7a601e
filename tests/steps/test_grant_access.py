"""Task 3: the access policy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.az import SECRET_MANAGEMENT
from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.records import AccessPolicy
from steps.kit.verdict import Verdict
from tests.steps.by_policy import STRANGER, carry_out, validate
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    OWNER,
    PRINCIPAL,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    a_vault,
    a_vm,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.walking import Killed, Tape, context, walk


def test_without_a_vault_the_student_is_sent_to_task_1(pool: ThreadPoolExecutor) -> None:
    walked = carry_out(after_task(0), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finding("permission-model").reason == "vault_missing"
    assert {walked.finding(check).waits_for for check in ("policy-exists", "policy-rights")} == {"permission-model"}


def test_untouched_the_only_policy_is_the_callers_own(pool: ThreadPoolExecutor) -> None:
    walked = validate(after_task(2), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("policy-exists").reason == "policy_only_for_caller"
    assert walked.finding("policy-rights").waits_for == "policy-exists"
    assert walked.waits == []


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


@pytest.mark.parametrize("scope", [a_vault().id, SUBSCRIPTION_PATH])
def test_right_by_roles_in_a_vault_of_roles_only_the_choice_is_missing(pool: ThreadPoolExecutor, scope: str) -> None:
    azure = after_task(3)
    set_vault(azure, rbac=True)
    azure.assignments = [assignment(SECRETS_USER, PRINCIPAL, scope)]
    walked = validate(azure, pool)
    finding = walked.finding("permission-model")
    assert finding.reason == "done_by_roles"
    assert "That is right" in finding.found
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "roles")]
    assert {walked.finding(check).waits_for for check in ("policy-exists", "policy-rights")} == {"permission-model"}
    chosen = replace(context(azure), names=replace(NAMES, permission_model="roles"))
    assert walk(TASK, Mode.VALIDATE, chosen, pool).verdict is Verdict.PASSED


def test_what_a_role_lets_do_is_never_guessed_where_roles_cannot_be_seen(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, rbac=True)
    azure.assignments = [assignment(SECRETS_USER, PRINCIPAL, a_vault().id)]
    azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED)]
    assert validate(azure, pool).finding("permission-model").reason == "vault_in_rbac_mode"


@pytest.mark.parametrize("scope", [a_vault().id, GROUP_PATH])
def test_a_role_in_a_vault_that_goes_by_policies_is_told_to_do_nothing(pool: ThreadPoolExecutor, scope: str) -> None:
    azure = after_task(2)
    azure.assignments = [assignment(OWNER, PRINCIPAL, scope)]
    assert validate(azure, pool).finding("policy-exists").reason == "policy_only_for_caller"
    azure.assignments.append(assignment(SECRETS_USER, PRINCIPAL, scope, name="two"))
    finding = validate(azure, pool).finding("policy-exists")
    assert finding.reason == "role_without_effect"
    assert "Key Vault Secrets User" in finding.found
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "roles")]


def test_a_policy_that_names_an_application_is_not_the_machines(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    compound = replace(policy_for(PRINCIPAL), application_id=STRANGER)
    set_vault(azure, access_policies=(compound,))
    walked = validate(azure, pool)
    assert walked.finding("policy-exists").reason == "policy_with_application"
    assert STRANGER in walked.finding("policy-exists").found
    assert walked.finding("policy-rights").waits_for == "policy-exists"
    set_vault(azure, access_policies=(compound, policy_for(PRINCIPAL)))
    assert validate(azure, pool).verdict is Verdict.PASSED


def test_a_compound_policy_with_get_beside_one_without_is_explained(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    compound = replace(policy_for(PRINCIPAL, "get"), application_id="7f9c2ba4-e88f-4a76-a1c8-1f4bb3a3ed2c")
    set_vault(azure, access_policies=(compound, policy_for(PRINCIPAL, "list")))
    finding = validate(azure, pool).finding("policy-rights")
    assert finding.reason == "policy_without_get"
    assert "names an application, too" in finding.found


@pytest.mark.parametrize(
    ("rights", "reason", "remark"),
    [
        (SECRET_MANAGEMENT, "policy_is_template", ""),
        (("get",), "policy_leaner_than_template", "leaves out list, set"),
        ((*SECRET_MANAGEMENT, "purge"), "policy_wider_than_template", "adds purge on secrets"),
        (("all",), "policy_wider_than_template", "adds every right on secrets"),
        (("get", "purge"), "policy_wider_than_template", "leaves out list, set"),
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


def test_many_rights_are_counted_not_listed(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    keys = ("get", "list", "update", "create", "import")
    set_vault(azure, access_policies=(replace(policy_for(PRINCIPAL), keys=keys),))
    assert "adds 5 rights on keys," in validate(azure, pool).finding("policy-rights").found


def test_rights_on_keys_and_certificates_are_remarked_too(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    policy = replace(policy_for(PRINCIPAL), keys=("sign", "get"), certificates=("all",))
    set_vault(azure, access_policies=(policy,))
    finding = validate(azure, pool).finding("policy-rights")
    assert finding.reason == "policy_wider_than_template"
    assert "adds get, sign on keys, and every right on certificates" in finding.found


@pytest.mark.parametrize(
    ("policy", "reason", "said"),
    [
        (policy_for(PRINCIPAL, "list", "set"), "policy_without_get", "list, set"),
        (AccessPolicy(PRINCIPAL, NAMES.tenant_id), "policy_without_get", "none"),
        (AccessPolicy(PRINCIPAL, NAMES.tenant_id, keys=("get",)), "policy_not_about_secrets", "keys (get)"),
        (
            AccessPolicy(PRINCIPAL, NAMES.tenant_id, certificates=("list", "get")),
            "policy_not_about_secrets",
            "certificates (get, list)",
        ),
        (
            AccessPolicy(PRINCIPAL, NAMES.tenant_id, ("list",), certificates=("get",)),
            "policy_without_get",
            "list",
        ),
    ],
)
def test_a_policy_without_get_on_secrets_is_not_enough(
    pool: ThreadPoolExecutor, policy: AccessPolicy, reason: str, said: str
) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy,))
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("policy-exists").reason == "policy_for_vm"
    assert walked.finding("policy-rights").reason == reason
    assert said in walked.finding("policy-rights").found
    assert "tick Get" in walked.finding("policy-rights").next_step


def test_what_was_added_is_noted_even_if_the_worker_dies_after_it(pool: ThreadPoolExecutor) -> None:
    azure, tape = after_task(2), Tape()
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "get", "list"),))
    azure.after["add_access_policy"] = [Killed()]
    with pytest.raises(Killed):
        walk(TASK, Mode.CARRY_OUT, context(azure), pool, tape=tape)
    walked = walk(TASK, Mode.CARRY_OUT, context(azure), pool, progress=tape.stored)
    added = "set,delete,recover,backup,restore"
    assert walked.finished.progress.facts["grant-access"] == {
        "vault": NAMES.vault,
        "principal": PRINCIPAL,
        "added": added,
    }


def test_carrying_out_completes_a_policy_that_lacks_rights(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL, "list"),))
    walked = carry_out(azure, pool)
    assert walked.finding("policy-rights").reason == "policy_is_template"


def test_in_rbac_mode_policies_do_not_count_and_none_is_added(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    set_vault(azure, rbac=True)
    walked = validate(azure, pool)
    assert walked.finding("permission-model").reason == "vault_in_rbac_mode"
    assert walked.finding("policy-exists").reason == "policy_without_effect"
    assert walked.finding("policy-rights").waits_for == "permission-model"
    set_vault(azure, access_policies=())
    walked = carry_out(azure, pool)
    # Azure lets nobody add a policy to such a vault, so nobody is told to.
    assert walked.finding("policy-exists").waits_for == "permission-model"
    assert walked.finished.progress.gave_up == "blocked"
    assert azure.calls["add_access_policy"] == 0


def test_a_vm_that_is_gone_or_has_no_identity_is_told_and_nothing_is_granted(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    azure.vm = a_vm(principal_id="", identity_type="UserAssigned")
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert walked.finding("vm-identity").reason == "vm_only_user_assigned"
    azure.vm = a_vm(principal_id="", identity_type="")
    assert carry_out(azure, pool).finding("vm-identity").reason == "vm_identity_off"
    azure.vm = None
    walked = carry_out(azure, pool)
    assert walked.finding("vm-identity").reason == "vm_missing"
    assert {walked.finding(check).waits_for for check in ("policy-exists", "policy-rights")} == {"vm-identity"}
    assert azure.calls["add_access_policy"] == 0
