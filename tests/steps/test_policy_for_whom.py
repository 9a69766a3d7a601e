"""Task 3: whom the access policies are for, where they are not for the machine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.az import SECRET_MANAGEMENT
from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.key_vault_managed_identity.preflight.task import TASK as PREFLIGHT
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.verdict import Choice, Verdict
from tests.steps.by_policy import FORMER, LENT, OTHER, STRANGER, VM_ID, among_strangers, having_had, validate
from tests.steps.fake_azure import (
    CALLER,
    CLIENT_ID,
    NAMES,
    OWNER,
    PRINCIPAL,
    SUBSCRIPTION_PATH,
    a_vault_named,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.walking import context, walk


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


STRANGERS = [
    (CALLER, "policy_only_for_caller", "the identity that your connection works as"),
    (FORMER, "policy_for_former_identity", "had before"),
    (CLIENT_ID, "policy_for_application_id", "application (client) id"),
    (LENT, "policy_for_user_assigned", "id-shared"),
    ("client-of-id-shared", "policy_for_user_assigned", "id-shared"),
    (OTHER, "policy_for_other_vm", "vm-bob"),
    (NAMES.tenant_id, "policy_for_no_identity", "the id of your directory (tenant)"),
    (NAMES.subscription_id, "policy_for_no_identity", "the id of your subscription"),
    (VM_ID, "policy_for_no_identity", "the id of vm-anna as a machine (vmId)"),
    (STRANGER, "policy_for_other_identity", "Azure does not tell the portal who that is"),
]


@pytest.mark.parametrize(("who", "reason", "said"), STRANGERS)
def test_each_wrong_one_who_was_let_in_instead_is_told_apart(
    pool: ThreadPoolExecutor, who: str, reason: str, said: str
) -> None:
    azure = among_strangers()
    policies = (policy_for(who),) if who == CALLER else (policy_for(CALLER), policy_for(who.upper()))
    set_vault(azure, access_policies=policies)
    finding = walk(TASK, Mode.VALIDATE, having_had(azure, FORMER), pool).finding("policy-exists")
    assert finding.reason == reason
    assert said in finding.found
    assert PRINCIPAL in finding.found
    assert f"--object-id {PRINCIPAL} " in finding.next_step


def test_somebody_who_may_be_a_group_may_let_the_machine_in(pool: ThreadPoolExecutor) -> None:
    azure = among_strangers()
    set_vault(azure, access_policies=(policy_for(STRANGER),))
    assert "If that is a group which vm-anna is in" in validate(azure, pool).finding("policy-exists").found
    azure.assignments = [assignment(OWNER, STRANGER, SUBSCRIPTION_PATH, principal_type="Group")]
    assert "If that is a group which vm-anna is in" in validate(azure, pool).finding("policy-exists").found
    azure.assignments = [assignment(OWNER, STRANGER, SUBSCRIPTION_PATH, principal_type="User")]
    assert "group" not in validate(azure, pool).finding("policy-exists").found


def test_who_is_known_without_asking_is_not_asked_about(pool: ThreadPoolExecutor) -> None:
    azure = among_strangers()
    set_vault(azure, access_policies=(policy_for(CALLER), policy_for(FORMER), policy_for(LENT)))
    walk(TASK, Mode.VALIDATE, having_had(azure, FORMER), pool)
    assert azure.calls["vm_client_id"] == azure.calls["virtual_machines"] == 0


def test_of_several_the_most_telling_is_told_and_the_others_are_named(pool: ThreadPoolExecutor) -> None:
    azure = among_strangers()
    set_vault(azure, access_policies=tuple(policy_for(who) for who in (STRANGER, OTHER, CLIENT_ID)))
    finding = validate(azure, pool).finding("policy-exists")
    assert finding.reason == "policy_for_application_id"
    assert f"Others are for: vm-bob, {STRANGER}." in finding.found


@pytest.mark.parametrize("kind", [ProblemKind.NOT_AUTHORIZED, ProblemKind.THROTTLED])
def test_looks_that_only_explain_hide_nothing(pool: ThreadPoolExecutor, kind: ProblemKind) -> None:
    azure = among_strangers()
    set_vault(azure, access_policies=(policy_for(OTHER), policy_for(CLIENT_ID)))
    looks = ("virtual_machines", "vm_client_id", "vaults_in_subscription", "role_assignments")
    azure.before = {call: [problem(kind)] for call in looks}
    walked = validate(azure, pool)
    assert walked.finding("policy-exists").reason == "policy_for_other_identity"
    assert walked.waits == []


def test_the_identity_is_noted_and_a_new_one_is_remarked(pool: ThreadPoolExecutor) -> None:
    azure = after_task(3)
    finding = validate(azure, pool).finding("vm-identity")
    assert finding.notes == {"vm_principal": f"{PRINCIPAL} {NAMES.vm}"}
    assert FORMER not in finding.found
    preflight = walk(PREFLIGHT, Mode.VALIDATE, context(azure), pool)
    assert preflight.finding("vm-identity").notes == finding.notes
    finding = walk(TASK, Mode.VALIDATE, having_had(azure, FORMER), pool).finding("vm-identity")
    assert f"Earlier it was {FORMER}" in finding.found


def test_the_identity_of_a_machine_chosen_before_is_no_former_one(pool: ThreadPoolExecutor) -> None:
    azure = among_strangers()
    set_vault(azure, access_policies=(policy_for(OTHER),))
    ctx = replace(context(azure), noted={"vm_principal": (f"{OTHER} vm-bob",)})
    walked = walk(TASK, Mode.VALIDATE, ctx, pool)
    assert "Earlier" not in walked.finding("vm-identity").found
    assert walked.finding("policy-exists").reason == "policy_for_other_vm"


def test_another_machine_of_the_group_may_be_the_one_that_is_meant(pool: ThreadPoolExecutor) -> None:
    azure = among_strangers()
    set_vault(azure, access_policies=(policy_for(OTHER),))
    assert validate(azure, pool).finding("policy-exists").choices == (Choice("vm", "vm-bob", "Use the machine vm-bob"),)
    far = azure.other_vms[1].id.replace("rg-anna", "rg-far")
    azure.other_vms = [replace(azure.other_vms[1], id=far)]
    finding = validate(azure, pool).finding("policy-exists")
    assert "vm-bob in rg-far" in finding.found
    assert finding.choices == ()


def test_a_policy_for_the_machine_in_another_vault_of_the_group_is_found_there(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    wrong = (policy_for(PRINCIPAL),)
    azure.kept_vaults += [
        a_vault_named("kv-roles", access_policies=wrong, rbac=True),
        a_vault_named("kv-bob", access_policies=wrong, resource_group="rg-bob"),
        a_vault_named("kv-list", access_policies=(policy_for(PRINCIPAL, "list"),)),
    ]
    assert validate(azure, pool).finding("policy-exists").reason == "policy_only_for_caller"
    azure.kept_vaults.append(a_vault_named("kv-anna-2", access_policies=wrong))
    finding = validate(azure, pool).finding("policy-exists")
    assert finding.reason == "policy_in_other_vault"
    assert finding.choices == (Choice("vault", "kv-anna-2", "Use the vault kv-anna-2"),)


def test_of_many_strangers_it_is_said_how_many_more_there_are(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    strangers = tuple(policy_for(f"{number:08}-5f4e-4a65-9d55-2f3b3f1c7a10") for number in range(20))
    set_vault(azure, access_policies=strangers)
    assert "and 15 more." in validate(azure, pool).finding("policy-exists").found


def test_object_ids_are_compared_without_their_case(pool: ThreadPoolExecutor) -> None:
    azure = after_task(2)
    set_vault(azure, access_policies=(policy_for(PRINCIPAL.upper()),))
    assert validate(azure, pool).verdict is Verdict.PASSED
