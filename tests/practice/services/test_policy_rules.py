"""Policies that a student, or a school, assigns: what they forbid, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.services.clients import Azure
from tests.practice.services.test_policies import check

VERSION = "api-version=2025-11-01"
VAULTS = "Microsoft.KeyVault/vaults"
BUILT_IN = "/providers/Microsoft.Authorization/policyDefinitions"
NOT_ALLOWED, RBAC_ONLY = "6c112d4e-5bc7-47ae-a041-ea2d9dccd749", "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5"
NO_VAULTS = {"listOfResourceTypesNotAllowed": {"value": ["microsoft.keyvault/VAULTS"]}}


def assign(azure: Azure, definition: str, scope: str = "", name: str = "school", **properties: Any) -> Any:
    path = f"{scope or azure.scope}/providers/Microsoft.Authorization/policyAssignments/{name}?{VERSION}"
    return azure.arm("PUT", path, {"properties": {"policyDefinitionId": definition, **properties}})


def define(azure: Azure, rule: Any, name: str = "own", **properties: Any) -> Any:
    path = f"{azure.scope}{BUILT_IN}/{name}?{VERSION}"
    return azure.arm("PUT", path, {"properties": {"policyRule": rule, "mode": "All", **properties}})


def vault_is_made(azure: Azure, name: str | None = None, **properties: Any) -> bool:
    place = f"{azure.scope}/resourceGroups/{azure.group}/providers/{VAULTS}/{name or azure.name}"
    answer = azure.arm("PUT", f"{place}?api-version=2024-11-01", azure.parameters(**properties))
    if answer.status_code == 200:
        return True
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "RequestDisallowedByPolicy")
    return False


def test_a_built_in_policy_forbids_vaults_until_it_is_taken_back(azure: Azure) -> None:
    assert azure.arm("GET", f"{BUILT_IN}/{NOT_ALLOWED}?{VERSION}").json()["properties"]["policyType"] == "BuiltIn"
    made = assign(azure, f"{BUILT_IN}/{NOT_ALLOWED}", parameters=NO_VAULTS, displayName="No vaults here")
    assert made.status_code == 201, made.text
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault()
    assert '"policyAssignment":{"name":"No vaults here","id":"' in str(raised.value)
    assert '"policyDefinition":{"name":"Not allowed resource types","id":"' in str(raised.value)
    (evaluation,) = check(azure, VAULTS).json()["contentEvaluationResult"]["policyEvaluations"]
    assert evaluation["policyInfo"]["policyAssignmentId"] == made.json()["id"]
    (expression,) = evaluation["evaluationDetails"]["evaluatedExpressions"]
    assert (expression["path"], expression["operator"], expression["result"]) == ("type", "In", "True")
    listed = f"{azure.scope}/providers/Microsoft.Authorization/policyAssignments?{VERSION}"
    assert [one["name"] for one in azure.arm("GET", listed).json()["value"]] == ["school"]
    assert azure.arm("GET", f"{made.json()['id']}?{VERSION}").json() == made.json()
    assert azure.arm("DELETE", f"{made.json()['id']}?{VERSION}").status_code == 200
    assert azure.arm("DELETE", f"{made.json()['id']}?{VERSION}").status_code == 204
    assert vault_is_made(azure)


def test_a_policy_that_wants_roles_forbids_access_policies_and_nothing_else(azure: Azure) -> None:
    deny: dict[str, Any] = {"effect": {"value": "Deny"}}
    assign(azure, f"{BUILT_IN}/{RBAC_ONLY}", parameters=deny)
    assert not vault_is_made(azure)
    assert vault_is_made(azure, enableRbacAuthorization=True)
    with pytest.raises(HttpResponseError, match="RequestDisallowedByPolicy"):
        azure.keyvault.vaults.update(azure.group, azure.name, {"properties": {"enableRbacAuthorization": False}})
    assign(azure, f"{BUILT_IN}/{RBAC_ONLY}")
    assert vault_is_made(azure)


def test_where_it_is_assigned_and_what_is_spared_count(azure: Azure) -> None:
    azure.arm("PUT", f"{azure.scope}/resourceGroups/rg-two?{VERSION}", {"location": "eastus"}).raise_for_status()
    group = f"{azure.scope}/resourceGroups/rg-two"
    assign(azure, f"{BUILT_IN}/{NOT_ALLOWED}", group, parameters=NO_VAULTS)
    assert vault_is_made(azure)
    listed = f"{azure.scope}/providers/Microsoft.Authorization/policyAssignments?{VERSION}"
    assert len(azure.arm("GET", listed).json()["value"]) == 1
    assert azure.arm("GET", f"{listed}&$filter=atScope()").json()["value"] == []
    everywhere: dict[str, Any] = {"parameters": NO_VAULTS, "notScopes": [f"{azure.scope}/resourceGroups/{azure.group}"]}
    assign(azure, f"{BUILT_IN}/{NOT_ALLOWED}", **everywhere)
    assert vault_is_made(azure, f"{azure.name}-b")
    assign(azure, f"{BUILT_IN}/{NOT_ALLOWED}", parameters=NO_VAULTS, enforcementMode="DoNotEnforce")
    assert vault_is_made(azure, f"{azure.name}-c")


PLACE = {"allOf": [{"field": "type", "equals": VAULTS}, {"field": "location", "notIn": "[parameters('places')]"}]}
PLACES = {"places": {"type": "Array", "defaultValue": ["westeurope"]}}
DENY = {"effect": "deny"}


@pytest.mark.parametrize(
    ("condition", "made"),
    [
        (PLACE, False),
        ({"field": f"{VAULTS}/sku.name", "equals": "standard"}, False),
        ({"field": f"{VAULTS}/sku.name", "notEquals": "standard"}, True),
        ({"not": {"field": "tags['owner']", "exists": "true"}}, False),
        ({"field": "name", "like": "kv-*"}, False),
        ({"field": "name", "notLike": "kv-*"}, True),
        ({"anyOf": [{"field": "name", "contains": "nothing"}, {"field": "type", "in": [VAULTS]}]}, False),
        ({"field": f"{VAULTS}/enableRbacAuthorization", "equals": True}, True),
        ({"field": "Microsoft.Storage/storageAccounts/sku.name", "exists": True}, True),
    ],
)
def test_a_rule_of_ones_own_is_evaluated(azure: Azure, condition: Any, made: bool) -> None:
    defined = define(azure, {"if": condition, "then": DENY}, parameters=PLACES, displayName="Of our own")
    assert defined.status_code == 201, defined.text
    assign(azure, defined.json()["id"]).raise_for_status()
    assert vault_is_made(azure) is made


def test_a_definition_is_shown_and_goes_only_once_nobody_assigns_it(azure: Azure) -> None:
    made = define(azure, {"if": PLACE, "then": {"effect": "audit"}}, parameters=PLACES).json()
    assert azure.arm("GET", f"{made['id']}?{VERSION}").json() == made
    names = {one["name"] for one in azure.arm("GET", f"{azure.scope}{BUILT_IN}?{VERSION}").json()["value"]}
    assert {"own", NOT_ALLOWED} <= names
    assigned = assign(azure, made["id"]).json()
    assert vault_is_made(azure)
    refused = azure.arm("DELETE", f"{made['id']}?{VERSION}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "InvalidDeletePolicyDefinitionRequest")
    azure.arm("DELETE", f"{assigned['id']}?{VERSION}").raise_for_status()
    assert azure.arm("DELETE", f"{made['id']}?{VERSION}").status_code == 200
    assert azure.arm("GET", f"{made['id']}?{VERSION}").status_code == 404
    assert azure.arm("GET", f"{BUILT_IN}/nothing?{VERSION}").status_code == 404


@pytest.mark.parametrize(
    "rule",
    [
        {"if": {"count": {"field": "x[*]"}, "greater": 1}, "then": DENY},
        {"if": {"field": "[concat('ty', 'pe')]", "equals": "x"}, "then": DENY},
        {"if": {"field": f"{VAULTS}/accessPolicies[*].objectId", "equals": "x"}, "then": DENY},
        {"if": {"field": "type", "equals": "x"}, "then": {"effect": "deployIfNotExists"}},
    ],
)
def test_what_is_not_evaluated_is_not_taken(azure: Azure, rule: Any) -> None:
    answer = define(azure, rule)
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "NotImplementedByPracticeCloud")


@pytest.mark.parametrize(
    ("definition", "given", "status"),
    [
        (NOT_ALLOWED, {}, 400),
        (NOT_ALLOWED, {**NO_VAULTS, "other": {"value": 1}}, 400),
        (NOT_ALLOWED, {"listOfResourceTypesNotAllowed": ["x"]}, 400),
        (NOT_ALLOWED, ["x"], 400),
        ("nothing", {}, 404),
    ],
)
def test_an_assignment_must_be_whole(azure: Azure, definition: str, given: Any, status: int) -> None:
    assert assign(azure, f"{BUILT_IN}/{definition}", parameters=given).status_code == status
    initiative = "/providers/Microsoft.Authorization/policySetDefinitions/x"
    assert assign(azure, initiative).status_code == 501
    assert assign(azure, f"{BUILT_IN}/{NOT_ALLOWED}", f"{azure.scope}/resourceGroups/nowhere").status_code == 404
