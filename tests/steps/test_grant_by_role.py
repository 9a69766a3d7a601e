"""Task 3 by roles: the vault goes by Azure RBAC, and so does the student."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.grant_access.granting import plan_role
from steps.key_vault_managed_identity.grant_access.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.records import Permission
from steps.kit.task import Context
from steps.kit.verdict import Choice, Verdict
from tests.steps.fake_azure import (
    CALLER,
    CLIENT_ID,
    CONTRIBUTOR,
    GROUP_PATH,
    NAMES,
    OWNER,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    SUBSCRIPTION_PATH,
    FakeAzure,
    a_user_identity,
    a_vault,
    a_vault_named,
    a_vm,
    a_vm_named,
    after_task,
    assignment,
    policy_for,
    problem,
    set_vault,
)
from tests.steps.portals_hand import Hand
from tests.steps.walking import Walk, context, walk

BY_ROLES = replace(NAMES, permission_model="roles")
VAULT = a_vault().id
SECRET = f"{VAULT}/secrets/{NAMES.secret}"
READER = "21090545-7ca7-4776-b22c-e363652d74d2"
ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
VAULT_CONTRIBUTOR = "f25e0fa2-a7c4-4377-a976-54943a77a395"
FORMER = "88888888-8888-4888-8888-888888888888"
LENT = "99999999-0000-4000-8000-000000000001"
OTHER = "99999999-0000-4000-8000-000000000002"
GROUP = "99999999-0000-4000-8000-000000000003"
STRANGER = "99999999-9999-4999-8999-999999999999"


def an_azure(*given: tuple[str, str, str]) -> FakeAzure:
    """Tasks 1 and 2 done by roles, and these given: role, principal, scope."""
    azure = after_task(2)
    set_vault(azure, rbac=True, access_policies=())
    azure.assignments = [assignment(*one, name=str(number)) for number, one in enumerate(given)]
    return azure


def a_context(azure: FakeAzure, *former: str) -> Context:
    return replace(context(azure), names=BY_ROLES, noted={"vm_principal": tuple(f"{one} {NAMES.vm}" for one in former)})


def validate(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.VALIDATE, a_context(azure), pool)


def carry_out(azure: FakeAzure, pool: ThreadPoolExecutor) -> Walk:
    return walk(TASK, Mode.CARRY_OUT, a_context(azure), pool)


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


@pytest.mark.parametrize(
    ("role", "scope", "reasons", "said"),
    [
        (SECRETS_USER, VAULT.upper(), ("role_for_vm", "role_reads_secrets"), ""),
        (SECRETS_USER, SECRET, ("role_on_the_secret", "role_reads_secrets"), "one secret alone"),
        (SECRETS_USER, GROUP_PATH, ("role_inherited", "role_reads_secrets"), "every other vault"),
        (SECRETS_USER, SUBSCRIPTION_PATH, ("role_inherited", "role_reads_secrets"), "the whole subscription"),
        (SECRETS_OFFICER, VAULT, ("role_for_vm", "role_wider_than_needed"), "write secrets"),
        (ADMINISTRATOR, VAULT, ("role_for_vm", "role_wider_than_needed"), "use keys"),
    ],
)
def test_roles_that_read_pass_and_what_is_too_wide_is_remarked(
    pool: ThreadPoolExecutor, role: str, scope: str, reasons: tuple[str, str], said: str
) -> None:
    walked = validate(an_azure((role, PRINCIPAL, scope)), pool)
    assert walked.verdict is Verdict.PASSED
    findings = [walked.finding("policy-exists"), walked.finding("policy-rights")]
    assert tuple(one.reason for one in findings) == reasons
    assert said in "".join(one.found for one in findings)


def test_a_role_of_a_group_that_the_identity_is_in_counts(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_USER, GROUP, VAULT))
    azure.groups = {PRINCIPAL: (GROUP,)}
    walked = validate(azure, pool)
    assert walked.verdict is Verdict.PASSED
    assert f"through the group {GROUP}" in walked.finding("policy-exists").found


@pytest.mark.parametrize(
    ("role", "scope", "reason", "said"),
    [
        (OWNER, VAULT, "role_of_control_plane", "Owner is about"),
        (CONTRIBUTOR, SUBSCRIPTION_PATH, "role_of_control_plane", "Contributor is about"),
        (VAULT_CONTRIBUTOR, VAULT, "role_of_control_plane", "Key Vault Contributor is about"),
        (READER, VAULT, "role_without_get", "Key Vault Reader"),
    ],
)
def test_roles_that_do_not_read_are_told_for_what_they_are(
    pool: ThreadPoolExecutor, role: str, scope: str, reason: str, said: str
) -> None:
    walked = validate(an_azure((role, PRINCIPAL, scope)), pool)
    assert walked.verdict is Verdict.NOT_YET
    finding = walked.finding("policy-rights")
    assert finding.reason == reason
    assert said in finding.found
    assert PRINCIPAL in finding.next_step


def test_several_roles_that_do_not_read_are_told_together(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((OWNER, PRINCIPAL, VAULT), (CONTRIBUTOR, PRINCIPAL, VAULT)), pool)
    assert "Owner and Contributor are about kv-anna-7f3c" in walked.finding("policy-rights").found
    walked = validate(an_azure((READER, PRINCIPAL, VAULT), (CONTRIBUTOR, PRINCIPAL, VAULT)), pool)
    assert walked.finding("policy-rights").found.startswith("Key Vault Reader gives vm-anna data actions")


GETS = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
CUSTOM = [
    (Permission(data_actions=(GETS,)), "role_reads_secrets", "the value of a secret that it knows the name of, and no"),
    (Permission(data_actions=("Microsoft.Storage/storageAccounts/*",)), "role_for_other_service", "of other services"),
    (Permission(data_actions=("Microsoft.KeyVault/vaults/keys/*",)), "role_without_get", "but not the one that reads"),
    (
        Permission(data_actions=("*",), not_data_actions=("*/getSecret/action",)),
        "role_without_get",
        "The NotDataActions take it away",
    ),
    (
        Permission(actions=("Microsoft.KeyVault/vaults/secrets/getSecret/action",)),
        "role_of_control_plane",
        "names getSecret under Actions, where that does nothing",
    ),
    (Permission(actions=("Microsoft.KeyVault/*",)), "role_of_control_plane", "takes a role with data actions."),
]


@pytest.mark.parametrize(("permission", "reason", "said"), CUSTOM)
def test_a_role_of_the_students_own_is_told_for_what_it_lacks(
    pool: ThreadPoolExecutor, permission: Permission, reason: str, said: str
) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    azure.assignments = [replace(azure.assignments[0], role_name="Own", permissions=(permission,))]
    finding = validate(azure, pool).finding("policy-rights")
    assert finding.reason == reason
    assert said in finding.found
    assert ("under Actions" in finding.found) is ("under Actions" in said)


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


def test_only_the_roles_that_go_further_are_called_wide(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((SECRETS_USER, PRINCIPAL, VAULT), (SECRETS_OFFICER, PRINCIPAL, GROUP_PATH)), pool)
    assert "A remark: Key Vault Secrets Officer also lets it" in walked.finding("policy-rights").found


OF_THE_NAME = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'"
NEVER = "!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'})"
BLOBS = "((!(ActionMatches{'Microsoft.Storage/*'})) OR (@Resource[a:b] StringEquals 'x'))"


def with_condition(condition: str, scope: str = VAULT) -> FakeAzure:
    azure = an_azure((SECRETS_USER, PRINCIPAL, scope))
    azure.assignments = [replace(azure.assignments[0], condition=condition)]
    return azure


def test_a_condition_about_something_else_changes_nothing(pool: ThreadPoolExecutor) -> None:
    assert validate(with_condition(BLOBS), pool).verdict is Verdict.PASSED


def test_whether_a_condition_lets_read_is_not_guessed_and_not_asked_again(pool: ThreadPoolExecutor) -> None:
    walked = validate(with_condition(OF_THE_NAME), pool)
    assert walked.verdict is Verdict.COULD_NOT_TELL
    assert walked.waits == []
    finding = walked.finding("policy-rights")
    assert finding.reason == "role_with_condition"
    assert OF_THE_NAME in finding.found
    assert "`az role assignment delete --ids " in finding.next_step
    elsewhere = validate(with_condition(f"{OF_THE_NAME} {'x' * 900}", GROUP_PATH), pool).finding("policy-rights")
    assert "delete" not in elsewhere.next_step
    assert len(elsewhere.found) < 600


def test_a_condition_that_never_holds_is_told(pool: ThreadPoolExecutor) -> None:
    walked = validate(with_condition(NEVER), pool)
    assert walked.verdict is Verdict.NOT_YET
    assert walked.finding("policy-exists").reason == "role_for_vm"
    assert walked.finding("policy-rights").reason == "role_condition_denies"


def test_beside_a_role_with_a_condition_one_without_is_enough(pool: ThreadPoolExecutor) -> None:
    azure = with_condition(NEVER)
    azure.assignments.append(assignment(SECRETS_OFFICER, PRINCIPAL, VAULT, name="two"))
    assert validate(azure, pool).verdict is Verdict.PASSED


def test_where_the_role_has_a_condition_none_is_given_and_none_is_taken(pool: ThreadPoolExecutor) -> None:
    azure = with_condition(NEVER)
    walked = carry_out(azure, pool)
    assert walked.finished.progress.gave_up == "blocked"
    assert azure.calls["assign_role"] == azure.calls["remove_role"] == 0
    further_up = with_condition(NEVER, GROUP_PATH)
    assert carry_out(further_up, pool).verdict is Verdict.PASSED


def test_right_by_policies_in_a_vault_of_policies_only_the_choice_is_missing(pool: ThreadPoolExecutor) -> None:
    azure = an_azure()
    set_vault(azure, rbac=False, access_policies=(policy_for(PRINCIPAL, "get"),))
    finding = validate(azure, pool).finding("permission-model")
    assert finding.reason == "done_by_policies"
    assert [(one.name, one.value) for one in finding.choices] == [("permission_model", "policies")]
    assert walk(TASK, Mode.VALIDATE, context(azure), pool).verdict is Verdict.PASSED


def test_a_role_whose_not_list_takes_reading_away_does_not_read(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_OFFICER, PRINCIPAL, VAULT))
    custom = Permission(data_actions=("Microsoft.KeyVault/*",), not_data_actions=("*/getSecret/action",))
    azure.assignments = [replace(azure.assignments[0], role_name="Almost", permissions=(custom,))]
    assert validate(azure, pool).finding("policy-rights").reason == "role_without_get"


def test_beside_a_role_that_does_not_read_one_that_does_is_enough(pool: ThreadPoolExecutor) -> None:
    walked = validate(an_azure((OWNER, PRINCIPAL, VAULT), (SECRETS_USER, PRINCIPAL, GROUP_PATH)), pool)
    assert walked.verdict is Verdict.PASSED
    assert walked.finding("policy-exists").reason == "role_inherited"


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


def test_a_role_that_is_gone_gives_nothing_and_has_no_name(pool: ThreadPoolExecutor) -> None:
    azure = an_azure((SECRETS_USER, PRINCIPAL, VAULT))
    azure.assignments = [replace(azure.assignments[0], role_name="", permissions=())]
    finding = validate(azure, pool).finding("policy-rights")
    assert finding.reason == "role_of_control_plane"
    assert finding.found.startswith("a role that is gone")


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
