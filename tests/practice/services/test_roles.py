"""Role definitions and assignments, and ARM's obedience to them."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

from tests.practice.services.clients import POLL, ROLES, Azure

NAME = "33333333-3333-4333-8333-000000000001"
VAULTS = "providers/Microsoft.KeyVault/vaults"


def test_the_built_in_roles_are_there_with_azures_ids(azure: Azure) -> None:
    definitions = azure.authorization.role_definitions
    found = {str(role.role_name): str(role.name) for role in definitions.list(azure.scope)}
    assert found["Key Vault Secrets User"] == ROLES["Secrets User"]
    assert found["Owner"] == ROLES["Owner"]
    assert found["Key Vault Certificate User"] == "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba"
    (reader,) = definitions.list(azure.scope, filter="roleName eq 'Reader'")
    assert (reader.name, reader.permissions[0].actions) == (ROLES["Reader"], ["*/read"])
    assert definitions.get(azure.scope, ROLES["Reader"]).role_name == "Reader"
    with pytest.raises(HttpResponseError):
        definitions.get(azure.scope, NAME)


def test_an_assignment_is_given_shown_listed_and_taken_away(azure: Azure) -> None:
    azure.create_vault()
    vault, vm = f"{azure.scope}/resourceGroups/{azure.group}/{VAULTS}/{azure.name}", azure.student["vm_principal_id"]
    azure.assign("Secrets User", vm, vault, NAME)
    assignments = azure.authorization.role_assignments
    shown = assignments.get(vault, NAME)
    assert (shown.principal_id, shown.principal_type, shown.scope) == (vm, "ServicePrincipal", vault)
    assert [one.name for one in assignments.list_for_scope(azure.scope, filter=f"principalId eq '{vm}'")] == [NAME]
    assert NAME not in {one.name for one in assignments.list_for_scope(azure.scope, filter="atScope()")}
    assert NAME in {one.name for one in assignments.list_for_scope(vault, filter="atScope()")}
    assert NAME in {one.name for one in assignments.list_for_subscription()}
    assignments.delete(vault, NAME)
    with pytest.raises(ResourceNotFoundError):
        assignments.get(vault, NAME)
    assert assignments.delete(vault, NAME) is None


def test_the_same_role_is_not_given_twice(azure: Azure) -> None:
    vm = azure.student["vm_principal_id"]
    azure.assign("Reader", vm, azure.scope, NAME)
    azure.assign("Reader", vm, azure.scope, NAME)
    with pytest.raises(ResourceExistsError) as raised:
        azure.assign("Reader", vm, azure.scope, "33333333-3333-4333-8333-000000000002")
    assert raised.value.error
    assert raised.value.error.code == "RoleAssignmentExists"


def test_a_new_vault_of_an_old_name_starts_without_its_roles(azure: Azure) -> None:
    azure.create_vault()
    vault = f"{azure.scope}/resourceGroups/{azure.group}/{VAULTS}/{azure.name}"
    azure.assign("Secrets User", azure.student["vm_principal_id"], vault, NAME)
    azure.keyvault.vaults.delete(azure.group, azure.name)
    azure.keyvault.vaults.begin_purge_deleted(azure.name, "eastus", polling_interval=POLL).result()
    azure.create_vault()
    with pytest.raises(ResourceNotFoundError):
        azure.authorization.role_assignments.get(vault, NAME)


def vm_get(azure: Azure, path: str, method: str = "GET") -> tuple[int, str]:
    """The status and error code of a request to ARM by the VM's own identity."""
    token = azure.vm_token("https://management.azure.com/")
    answer = azure.arm(method, f"{path}?api-version=2024-11-01", {} if method != "GET" else None, token=token)
    return answer.status_code, answer.json().get("error", {}).get("code", "") if answer.content else ""


def test_an_identity_without_a_role_may_do_nothing(azure: Azure) -> None:
    azure.create_vault()
    vault = f"{azure.scope}/resourceGroups/{azure.group}/{VAULTS}/{azure.name}"
    for path in (azure.scope, vault, f"{azure.scope}/resourceGroups", f"{azure.scope}/{VAULTS}"):
        assert vm_get(azure, path) == (403, "AuthorizationFailed")
    token = azure.vm_token("https://management.azure.com/")
    assert azure.arm("GET", "/subscriptions?api-version=2022-12-01", token=token).json()["value"] == []


def test_a_role_counts_at_its_scope_and_below(azure: Azure) -> None:
    azure.create_vault()
    group = f"{azure.scope}/resourceGroups/{azure.group}"
    azure.assign("Reader", azure.student["vm_principal_id"], group, NAME)
    assert vm_get(azure, f"{group}/{VAULTS}/{azure.name}") == (200, "")
    assert vm_get(azure, f"{group}/{VAULTS}/{azure.name}", "DELETE") == (403, "AuthorizationFailed")
    assert vm_get(azure, f"{azure.scope}/resourceGroups/other") == (403, "AuthorizationFailed")
    assert vm_get(azure, f"{azure.scope}/providers") == (403, "AuthorizationFailed")


def test_a_list_shows_what_its_reader_may_read(azure: Azure) -> None:
    names = [azure.name, f"{azure.name[:20]}-two"]
    for name in names:
        azure.create_vault(name)
    vault = f"{azure.scope}/resourceGroups/{azure.group}/{VAULTS}/{names[0]}"
    azure.assign("Reader", azure.student["vm_principal_id"], vault, NAME)
    token = azure.vm_token("https://management.azure.com/")
    answer = azure.arm("GET", f"{azure.scope}/{VAULTS}?api-version=2024-11-01", token=token)
    assert [one["name"] for one in answer.json()["value"]] == [names[0]]


def test_a_contributor_may_not_give_roles(azure: Azure) -> None:
    """The student's app may: it is Contributor and User Access Administrator. Without the second it may not."""
    assignments = azure.authorization.role_assignments
    own = list(assignments.list_for_scope(azure.scope, filter=f"principalId eq '{azure.oid}'"))
    (administrator,) = [
        one for one in own if str(one.role_definition_id).endswith("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9")
    ]
    assignments.delete(azure.scope, str(administrator.name))
    with pytest.raises(HttpResponseError) as raised:
        azure.assign("Reader", azure.oid, azure.scope, NAME)
    assert raised.value.error
    assert raised.value.error.code == "AuthorizationFailed"
    assert "Microsoft.Authorization/roleAssignments/write" in str(raised.value)
    azure.create_vault()


def permissions(azure: Azure, scope: str, token: str | None = None) -> tuple[int, list[dict[str, list[str]]]]:
    path = f"{scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
    answer = azure.arm("GET", path, token=token)
    return answer.status_code, answer.json().get("value", [])


def test_callers_learn_what_they_may_do(azure: Azure) -> None:
    """As the SDK asks: the app is Contributor and User Access Administrator."""
    found = list(azure.authorization.permissions.list_for_resource_group(azure.group))
    assert sorted(tuple(one.actions or ()) for one in found) == [
        ("*",),
        ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
    ]
    (contributor,) = [one for one in found if one.actions == ["*"]]
    assert "Microsoft.Authorization/*/Write" in (contributor.not_actions or [])
    assert permissions(azure, azure.scope)[0] == permissions(azure, azure.vm_id)[0] == 200
    assert permissions(azure, f"{azure.scope}/resourceGroups/unknown")[0] == 404
    assert permissions(azure, f"{azure.vm_id}-unknown")[0] == 404


def test_permissions_are_those_at_the_scope_and_above(azure: Azure) -> None:
    azure.create_vault()
    vault = f"{azure.scope}/resourceGroups/{azure.group}/{VAULTS}/{azure.name}"
    vm, token = azure.student["vm_principal_id"], azure.vm_token("https://management.azure.com/")
    assert permissions(azure, vault, token) == (200, [])
    azure.assign("Secrets User", vm, vault, NAME)
    group = f"{azure.scope}/resourceGroups/{azure.group}"
    (at_vault,) = permissions(azure, vault, token)[1]
    assert (at_vault["actions"], len(at_vault["dataActions"])) == ([], 2)
    assert permissions(azure, group, token) == (200, [])
    azure.assign("Reader", vm, azure.scope, "33333333-3333-4333-8333-000000000003")
    assert [one["actions"] for one in permissions(azure, group, token)[1]] == [["*/read"]]
    assert len(permissions(azure, vault, token)[1]) == 2


def test_what_a_principal_has_at_a_resource_comes_with_what_it_inherits(azure: Azure) -> None:
    azure.create_vault()
    group, vm = f"{azure.scope}/resourceGroups/{azure.group}", azure.student["vm_principal_id"]
    vault = f"{group}/{VAULTS}/{azure.name}"
    at = {vault: "Secrets User", group: "Secrets Officer", azure.scope: "Reader", azure.vm_id: "Owner"}
    for number, (scope, role) in enumerate(at.items()):
        azure.assign(role, vm, scope, f"33333333-3333-4333-8333-00000000001{number}")
    assignments = azure.authorization.role_assignments
    for text in (f"atScope() and assignedTo('{vm}')", f"assignedTo('{vm}')", f"principalId eq '{vm}'"):
        found = [str(one.scope) for one in assignments.list_for_scope(vault, filter=text)]
        assert sorted(found) == sorted([vault, group, azure.scope]), text
    below = assignments.list_for_scope(group, filter=f"assignedTo('{vm}')")
    assert sorted(str(one.scope) for one in below) == sorted([vault, group, azure.scope, azure.vm_id])
    at_group = assignments.list_for_scope(group, filter=f"atScope() and assignedTo('{vm}')")
    assert sorted(str(one.scope) for one in at_group) == sorted([group, azure.scope])


def test_nothing_is_given_at_what_is_not_there(azure: Azure) -> None:
    vm = azure.student["vm_principal_id"]
    for scope, code in (
        (f"{azure.scope}/resourceGroups/unknown", "ResourceGroupNotFound"),
        (f"{azure.scope}/resourceGroups/{azure.group}/{VAULTS}/{azure.name}", "ResourceNotFound"),
    ):
        with pytest.raises(ResourceNotFoundError) as raised:
            azure.assign("Reader", vm, scope, NAME)
        assert raised.value.error
        assert raised.value.error.code == code


def test_a_role_of_ones_own_counts_and_takes_away(azure: Azure) -> None:
    """Get by name, without what it takes away again; a role that somebody has stays."""
    azure.create_vault(enableRbacAuthorization=True)
    every = "Microsoft.KeyVault/vaults/secrets/*"
    permission = {"actions": [], "dataActions": [every], "notDataActions": [f"{every[:-1]}getSecret/action"]}
    own = "77777777-7777-4777-8777-777777777777"
    path = f"{azure.scope}/providers/Microsoft.Authorization/roleDefinitions/{own}?api-version=2022-04-01"
    body = {"properties": {"roleName": "Keeper", "permissions": [permission], "assignableScopes": [azure.scope]}}
    made = azure.arm("PUT", path, body)
    assert (made.status_code, made.json()["properties"]["type"]) == (201, "CustomRole")
    assert made.json()["properties"]["permissions"] == [{**permission, "notActions": []}]
    (found,) = azure.authorization.role_definitions.list(azure.scope, filter="roleName eq 'Keeper'")
    assert found.name == own
    parameters: Any = {"properties": {"roleDefinitionId": made.json()["id"], "principalId": azure.oid}}
    azure.authorization.role_assignments.create(azure.scope, NAME, parameters)
    secrets = azure.secrets()
    secrets.set_secret("lab", "value")
    with pytest.raises(HttpResponseError, match="not authorized to perform action"):
        secrets.get_secret("lab")
    kept = azure.arm("DELETE", path)
    assert (kept.status_code, kept.json()["error"]["code"]) == (400, "RoleDefinitionHasAssignments")
    azure.authorization.role_assignments.delete(azure.scope, NAME)
    assert [azure.arm("DELETE", path).status_code for _ in range(2)] == [200, 204]


@pytest.mark.parametrize("change", [{"roleName": "Reader"}, {"roleName": ""}, {"permissions": []}])
def test_what_is_no_role_is_refused(azure: Azure, change: dict[str, Any]) -> None:
    sent = {"roleName": "Keeper", "permissions": [{"actions": ["*/read"]}], **change}
    path = f"{azure.scope}/providers/Microsoft.Authorization/roleDefinitions/{NAME}?api-version=2022-04-01"
    assert azure.arm("PUT", path, {"properties": sent}).status_code == 400


STORAGE = "((!(ActionMatches{'Microsoft.Storage/*'})) OR (@Resource[a:b] StringEquals 'x AND (y'))"
NAMED = (
    "((!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'})) OR (@Resource[a:b] StringEquals 'x'))"
)


def conditional(azure: Azure, condition: str, **more: str) -> Any:
    role = f"{azure.scope}/providers/Microsoft.Authorization/roleDefinitions/{ROLES['Secrets Officer']}"
    properties = {"roleDefinitionId": role, "principalId": azure.oid, "condition": condition, **more}
    path = f"{azure.scope}/providers/Microsoft.Authorization/roleAssignments/{NAME}?api-version=2022-04-01"
    return azure.arm("PUT", path, {"properties": properties})


@pytest.mark.parametrize(
    ("condition", "reads"),
    [
        (STORAGE, True),
        (NAMED, False),
        (f"{STORAGE} && NOT (ActionMatches{{'*/readMetadata/action'}})", True),
        ("!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/get*'})", False),
        (f"{NAMED} || ActionMatches{{'*'}}", True),
    ],
)
def test_a_role_counts_where_its_condition_lets_it(azure: Azure, condition: str, reads: bool) -> None:
    azure.create_vault(enableRbacAuthorization=True)
    made = conditional(azure, condition)
    assert made.status_code == 201
    told = made.json()["properties"]
    assert (told["condition"], told["conditionVersion"]) == (condition, "2.0")
    secrets = azure.secrets()
    secrets.set_secret("lab", "value")
    if reads:
        assert secrets.get_secret("lab").value == "value"
        return
    with pytest.raises(HttpResponseError, match="not authorized to perform action"):
        secrets.get_secret("lab")


@pytest.mark.parametrize(
    ("condition", "version", "status"),
    [
        ("((!(ActionMatches{'x'})", "2.0", 400),
        ("AND", "2.0", 400),
        (STORAGE, "1.0", 400),
        ("@Request[a:b] StringEquals 'x'", "2.0", 501),
        ("@Environment[UtcNow] DateTimeLessThan '2027-01-01T00:00:00.0Z'", "2.0", 501),
    ],
)
def test_a_condition_that_is_none_or_is_not_evaluated_is_refused(
    azure: Azure, condition: str, version: str, status: int
) -> None:
    assert conditional(azure, condition, conditionVersion=version).status_code == status


def test_who_says_service_principal_is_believed_though_the_directory_knows_none(azure: Azure) -> None:
    """As Azure does, for the sake of those that are fresh."""
    role = f"{azure.scope}/providers/Microsoft.Authorization/roleDefinitions/{ROLES['Reader']}"
    path = f"{azure.scope}/providers/Microsoft.Authorization/roleAssignments/{NAME}?api-version=2022-04-01"
    sent = {"roleDefinitionId": role, "principalId": "44444444-4444-4444-8444-444444444444"}
    for kind in ({}, {"principalType": "User"}):
        refused = azure.arm("PUT", path, {"properties": {**sent, **kind}})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "PrincipalNotFound")
    made = azure.arm("PUT", path, {"properties": {**sent, "principalType": "ServicePrincipal"}})
    assert (made.status_code, made.json()["properties"]["principalType"]) == (201, "ServicePrincipal")
