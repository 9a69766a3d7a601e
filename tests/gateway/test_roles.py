"""Roles: what the caller may do, who has which, given and taken away."""

from __future__ import annotations

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import RoleAssignment, Vault
from tests.gateway.stage import Student, body, ended

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


@pytest.fixture
def scope(student: Student) -> str:
    """A vault's id."""
    made: Vault = ended(student.begin_vault(), student.azure().resume_create_vault).value
    return made.id


def of_vm(student: Student, scope: str, *, below: bool = False) -> tuple[RoleAssignment, ...]:
    azure = student.azure(may_write=False)
    return azure.role_assignments(scope, student.told.vm_principal_id, below).value


def test_what_the_caller_may_do(student: Student) -> None:
    seen = student.azure(may_write=False).permissions(student.group)
    assert any("*" in one.actions for one in seen.value)
    assert "permissions" in seen.source.path


def test_a_role_is_given_once_seen_with_what_it_lets_do_and_taken_away(student: Student, scope: str) -> None:
    azure, vm = student.azure(), student.told.vm_principal_id
    for _ in range(2):
        azure.assign_role(scope, SECRETS_USER, vm)
    (given,) = of_vm(student, scope)
    assert (given.principal_id, given.scope.lower()) == (vm, scope.lower())
    assert (given.role_id, given.role_name) == (SECRETS_USER, "Key Vault Secrets User")
    assert given.principal_type == "ServicePrincipal"
    assert "Microsoft.KeyVault/vaults/secrets/getSecret/action" in given.permissions[0].data_actions
    for _ in range(2):
        azure.remove_role(given.id)
    assert of_vm(student, scope) == ()


def test_a_role_somebody_else_gave_under_another_name_is_no_problem(student: Student, scope: str) -> None:
    student.fault(method="PUT", path="/roleAssignments/", status=409, body=body("RoleAssignmentExists"))
    student.azure().assign_role(scope, SECRETS_USER, student.told.vm_principal_id)


def test_any_other_conflict_is_one(student: Student, scope: str) -> None:
    student.fault(method="PUT", path="/roleAssignments/", status=409, body=body("AnotherOperationInProgress"))
    with pytest.raises(AzureProblem) as caught:
        student.azure().assign_role(scope, SECRETS_USER, student.told.vm_principal_id)
    assert caught.value.kind is ProblemKind.CONFLICT


def test_what_is_given_above_counts_and_what_is_below_only_when_asked_for(student: Student, scope: str) -> None:
    group = scope.partition("/providers/")[0]
    student.assign(group, SECRETS_USER, student.told.vm_principal_id)
    student.azure().assign_role(scope, SECRETS_OFFICER, student.told.vm_principal_id)
    assert {one.role_id for one in of_vm(student, scope)} == {SECRETS_USER, SECRETS_OFFICER}
    assert {one.role_id for one in of_vm(student, group)} == {SECRETS_USER}
    assert {one.role_id for one in of_vm(student, group, below=True)} == {SECRETS_USER, SECRETS_OFFICER}


def test_what_a_principal_has_that_the_directory_does_not_know_is_asked_for_by_its_own_id(
    student: Student, scope: str
) -> None:
    group, vm = scope.partition("/providers/")[0], student.told.vm_principal_id
    student.assign(group, SECRETS_USER, vm)
    student.azure().assign_role(scope, SECRETS_OFFICER, vm)
    for asked, below, wanted in (
        (scope, False, {SECRETS_USER, SECRETS_OFFICER}),
        (group, False, {SECRETS_USER}),
        (group, True, {SECRETS_USER, SECRETS_OFFICER}),
    ):
        student.fault(method="GET", path="/roleAssignments$", times=1, status=400, body=body("PrincipalNotFound"))
        assert {one.role_id for one in of_vm(student, asked, below=below)} == wanted
    student.fault(method="GET", path="/roleAssignments$", times=1, status=403, body=body("AuthorizationFailed"))
    with pytest.raises(AzureProblem) as caught:
        of_vm(student, scope)
    assert caught.value.kind is ProblemKind.NOT_AUTHORIZED


def test_each_role_is_looked_up_once_and_the_list_is_the_source(student: Student, scope: str) -> None:
    group = scope.partition("/providers/")[0]
    student.assign(group, SECRETS_USER, student.told.vm_principal_id)
    azure = student.azure()
    azure.assign_role(scope, SECRETS_USER, student.told.vm_principal_id)
    before = len(student.requests())
    seen = azure.role_assignments(scope, student.told.vm_principal_id)
    assert len(seen.value) == 2
    assert "roleAssignments" in seen.source.path
    assert [one.split("/")[-2] for one in student.requests()[before:]] == ["Microsoft.Authorization", "roleDefinitions"]


def test_what_everybody_was_given_at_a_vault_leaves_out_what_comes_from_above(student: Student, scope: str) -> None:
    group, vm = scope.partition("/providers/")[0], student.told.vm_principal_id
    student.assign(group, SECRETS_OFFICER, vm)
    azure = student.azure()
    assert azure.roles_given_at(scope).value == ()
    azure.assign_role(scope, SECRETS_USER, vm)
    azure.assign_role(scope, SECRETS_OFFICER, azure.caller_object_id())
    seen = azure.roles_given_at(scope.upper().replace("/SUBSCRIPTIONS/", "/subscriptions/"))
    given = {(one.principal_id, one.role_name) for one in seen.value}
    assert given == {(vm, "Key Vault Secrets User"), (azure.caller_object_id(), "Key Vault Secrets Officer")}
    assert "roleAssignments" in seen.source.path


def test_a_condition_is_given_and_seen_and_stays_where_the_role_is_there_already(student: Student, scope: str) -> None:
    azure, vm = student.azure(), student.told.vm_principal_id
    condition = "((!(ActionMatches{'Microsoft.Storage/*'})) OR (@Resource[a:b] StringEquals 'x'))"
    azure.assign_role(scope, SECRETS_USER, vm, condition, "For the lab")
    assert [(one.condition, one.description) for one in of_vm(student, scope)] == [(condition, "For the lab")]
    azure.assign_role(scope, SECRETS_OFFICER, vm)
    assert [one.condition for one in of_vm(student, scope) if one.role_id == SECRETS_OFFICER] == [""]


def test_a_role_that_is_gone_gives_nothing(student: Student, scope: str) -> None:
    student.azure().assign_role(scope, SECRETS_USER, student.told.vm_principal_id)
    student.fault(path="/roleDefinitions/", status=404, body=body("RoleDefinitionDoesNotExist"))
    (given,) = of_vm(student, scope)
    assert (given.role_id, given.role_name, given.permissions) == (SECRETS_USER, "", ())


def test_roles_are_given_on_vaults_only(student: Student, scope: str) -> None:
    for wider in (scope.partition("/providers/")[0], f"/subscriptions/{student.told.subscription_id}"):
        with pytest.raises(RuntimeError, match="not among the things"):
            student.azure().assign_role(wider, SECRETS_USER, student.told.vm_principal_id)
