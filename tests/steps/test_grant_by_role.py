"""Task 3 by roles: the vault goes by Azure RBAC, and so does the student."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.key_vault_managed_identity.grant_access.granting import plan_role
from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.verdict import Choice, Verdict
from tests.steps.by_role import (
    BY_ROLES,
    FORMER,
    GROUP,
    LENT,
    OTHER,
    SECRET,
    STRANGER,
    VAULT,
    a_context,
    an_azure,
    carry_out,
    validate,
)
from tests.steps.fake_azure import (
    CALLER,
    CLIENT_ID,
    GROUP_PATH,
    NAMES,
    OWNER,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    a_user_identity,
    a_vault_named,
    a_vm,
    a_vm_named,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.portals_hand import Hand
from tests.steps.walking import context, walk


def test_done_right_it_passes_with_one_request_more_than_by_policies(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.reasons() == {
        "vm-identity": "vm_can_be_granted",
        "permission-model": "roles_count",
        "policy-exists": "role_for_vm",
        "policy-rights": "role_reads_secrets",
    }
    assert dict(azure.calls) == {"vault": 1, "virtual_machine": 1, "role_assignments": 1}


def test_a_role_of_a_group_that_the_identity_is_in_counts(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_USER, GROUP, VAULT))
    azure.groups = {PRINCIPAL: (GROUP,)}
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert f"through the group {GROUP}" in walked.finding("policy-exists").found


def test_roles_that_read_nothing_hide_no_role_that_is_on_the_wrong_scope(pool: ThreadPoolExecutor) -> None:
    beside = a_vault_named("kv-anna-2").id
    walked = validate(an_azure((OWNER, PRINCIPAL, SUBSCRIPTION_PATH), (SECRETS_USER, PRINCIPAL, beside)), pool)
    finding = walked.finding("policy-exists")
    assert finding.reason == "role_on_other_scope"
    assert "if kv-anna-2 is the vault of your lab" in finding.next_step
    assert walked.finding("policy-rights").waits_for == "policy-exists"


@pytest.mark.parametrize(
    ("scope", "who", "reason"),
    [
        (SUBSCRIPTION_PATH, OTHER, "role_for_other_vm"),
        (SUBSCRIPTION_PATH, CALLER, "role_inherited"),
        (VAULT, OTHER, "role_for_vm"),
    ],
)
def test_somebody_elses_role_is_told_where_the_vm_has_none_in_the_vault_itself(
    pool: ThreadPoolExecutor, scope: str, who: str, reason: str
) -> None:
    azure = an_azure((OWNER, PRINCIPAL, scope), (SECRETS_USER, who, VAULT))
    azure.other_vms = [a_vm_named("vm-bob", OTHER)]
    walked = validate(azure, pool)
    assert walked.finding("policy-exists").reason == reason
    rights = walked.finding("policy-rights")
    assert (rights.reason == "role_of_control_plane") is (reason != "role_for_other_vm")


def test_right_by_policies_in_a_vault_of_policies_only_the_choice_is_missing(pool: ThreadPoolExecutor) -> None:
    azure = an_azure()
    set_vault(azure, rbac=False, access_policies=(policy_for(PRINCIPAL, "get"),))
    finding = validate(azure, pool).finding("permission-model")
    assert finding.reason == "done_by_policies"
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "policies")]
    assert walk(TASK, Mode.VALIDATE, context(azure), pool).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("scope", "said", "choices"),
    [
        (a_vault_named("kv-anna-2").id, "on the vault kv-anna-2", ("kv-anna-2",)),
        (f"{VAULT}/secrets/other", "on the secret other of kv-anna-7f3c", ()),
        (f"{SUBSCRIPTION_PATH}/resourceGroups/rg-bob", "on the resource group rg-bob", ()),
    ],
)
def test_a_role_on_another_scope_is_named_with_the_scope(
    pool: ThreadPoolExecutor, scope: str, said: str, choices: tuple[str, ...]
) -> None:
    walked = validate(an_azure((SECRETS_USER, PRINCIPAL, scope), (OWNER, PRINCIPAL, f"{scope}-x")), pool)
    finding = walked.finding("policy-exists")
    assert finding.reason == "role_on_other_scope"
    assert said in finding.found
    assert finding.choices == tuple(Choice("vault", name, f"Use the vault {name}") for name in choices)
    assert walked.finding("policy-rights").waits_for == "policy-exists"


@pytest.mark.parametrize(
    ("who", "reason", "said"),
    [
        (FORMER, "role_for_former_identity", "had before"),
        (CLIENT_ID, "role_for_application_id", "application (client) id"),
        (LENT, "role_for_user_assigned", "id-shared"),
        (OTHER, "role_for_other_vm", "vm-bob"),
        (NAMES.tenant_id, "role_for_no_identity", "the id of your directory (tenant)"),
        (STRANGER, "role_for_other_identity", "Azure does not tell the portal who that is"),
        (CALLER, "role_only_for_caller", "your connection works as"),
    ],
)
def test_each_wrong_one_who_was_given_the_role_is_told_apart(
    pool: ThreadPoolExecutor, who: str, reason: str, said: str
) -> None:
    azure = an_azure((SECRETS_OFFICER, CALLER, VAULT), (OWNER, STRANGER, VAULT), (SECRETS_USER, who, VAULT))
    azure.vm = a_vm(user_identities=(a_user_identity("id-shared", LENT),))
    azure.other_vms = [a_vm_named("vm-bob", OTHER)]
    finding = walk(TASK, Mode.VALIDATE, a_context(azure, FORMER), pool).finding("policy-exists")
    assert finding.reason == reason
    assert said in finding.found
    assert f"--assignee-object-id {PRINCIPAL} " in finding.next_step


def test_no_role_at_all_is_told_with_the_command(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((OWNER, CALLER, SUBSCRIPTION_PATH)), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.waits == []
    finding = walked.finding("policy-exists")
    assert finding.reason == "role_missing"
    assert 'az role assignment create --role "Key Vault Secrets User"' in finding.next_step


def test_an_access_policy_in_a_vault_that_goes_by_roles_is_told_to_do_nothing(pool: ThreadPoolExecutor) -> None:
    azure = an_azure()
    assert "does nothing" not in validate(azure, pool).finding("policy-exists").found
    set_vault(azure, access_policies=(policy_for(PRINCIPAL),))
    finding = validate(azure, pool).finding("policy-exists")
    assert finding.reason == "role_missing"
    assert "Its access policy there does nothing" in finding.found


def test_many_machines_cost_no_more_requests_than_one(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_OFFICER, CALLER, VAULT), (SECRETS_USER, "principal-49", VAULT))
    azure.other_vms = [a_vm_named(f"vm-{number}", f"principal-{number}") for number in range(50)]
    finding = validate(azure, pool).finding("policy-exists")
    assert (finding.reason, finding.choices) == (
        "role_for_other_vm",
        (Choice("vm", "vm-49", "Use the machine vm-49"),),
    )
    assert azure.calls["role_assignments"] == 2
    assert azure.calls["roles_given_at"] == azure.calls["virtual_machines"] == azure.calls["vm_client_id"] == 1


def test_looks_that_only_explain_hide_nothing(pool: ThreadPoolExecutor) -> None:
    azure = an_azure()
    azure.before = {"roles_given_at": [problem(ProblemKind.THROTTLED)]}
    asked = 0

    def first_answers_then_none(call: str) -> None:
        nonlocal asked
        asked += call == "role_assignments"
        if asked > 1:
            azure.before["role_assignments"] = [problem(ProblemKind.NOT_AUTHORIZED)]

    azure.hook = first_answers_then_none
    walked = validate(azure, pool)
    assert walked.finding("policy-exists").reason == "role_missing"
    assert walked.waits == []


@pytest.mark.parametrize("kind", [ProblemKind.NOT_AUTHORIZED, ProblemKind.THROTTLED])
def test_roles_that_could_not_be_seen_are_never_held_against_the_student(
    pool: ThreadPoolExecutor, kind: ProblemKind
) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    azure.before["role_assignments"] = [problem(kind) for _ in range(50)]
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.finding("policy-exists").reason == kind.value


def test_in_a_vault_that_goes_by_policies_no_role_counts_and_none_is_given(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    set_vault(azure, rbac=None, access_policies=(policy_for(PRINCIPAL, "list"),))
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "blocked"
    finding = walked.finding("permission-model")
    assert finding.reason == "vault_goes_by_policies"
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "policies")]
    assert {walked.finding(check).waits_for for check in ("policy-exists", "policy-rights")} == {"permission-model"}
    assert azure.calls["assign_role"] == 0


def test_carried_out_the_vm_is_given_the_smallest_role_on_the_vault_alone(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((OWNER, PRINCIPAL, SUBSCRIPTION_PATH))
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    given = azure.assignments[-1]
    assert (given.role_id, given.principal_id, given.scope) == (SECRETS_USER, PRINCIPAL, VAULT)
    noted = {"vault": NAMES.vault, "principal": PRINCIPAL, "role": SECRETS_USER}
    assert walked.finished.progress.facts["grant-access"] == noted
    assert azure.calls["add_access_policy"] == 0


@pytest.mark.parametrize("scope", [GROUP_PATH, SECRET])
def test_a_role_that_was_there_is_not_called_the_portals(pool: ThreadPoolExecutor, scope: str) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, scope))
    walked = carry_out(azure, pool)
    assert walked.tape.dones == [("grant-access", False)]
    assert azure.calls["assign_role"] == 0


@pytest.mark.parametrize("below", ["/secrets/another", "/secrets/lab/versions/0"])
def test_the_same_role_at_a_secret_is_the_students_and_stays_when_the_task_is_undone(
    pool: ThreadPoolExecutor, below: str
) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, f"{VAULT}{below}"))
    own = azure.assignments[0]
    hand = Hand(azure, pool, BY_ROLES)
    hand.carry_out(TASK)
    assert len(azure.assignments) == 2
    assert hand.undo(TASK).verdict is Verdict.PASSED
    assert azure.assignments == [own]


def test_an_answer_lost_after_the_effect_gives_no_second_role(pool: ThreadPoolExecutor) -> None:
    azure = an_azure()
    azure.after["assign_role"] = [problem(ProblemKind.TIMED_OUT)]
    walked = carry_out(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.tape.dones == [("grant-access", True)]
    assert len(azure.assignments) == 1


def test_the_words_of_the_task_speak_of_roles(pool: ThreadPoolExecutor) -> None:
    assert TASK.actions[0].plan(BY_ROLES) == plan_role(BY_ROLES)
    assert "Key Vault Secrets User" in plan_role(BY_ROLES)
    for way, text in TASK.guide(BY_ROLES).ways.items():
        assert "Key Vault Secrets User" in text, way
        assert "Access policies" not in text, way
    assert any("Key Vault Secrets User" in hint(BY_ROLES) for hint in TASK.hints)
