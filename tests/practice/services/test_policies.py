"""What Azure Policy says before anything is made: the request that azure-mgmt-policyinsights 1.0.1 sends."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpResponse

from tests.practice.services.clients import Azure


def check(azure: Azure, kind: str, *, version: str = "2020-07-01", **more: Any) -> Any:
    content = {"type": kind, "location": "eastus", "properties": {}}
    path = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    body = {"resourceDetails": {"resourceContent": content, "apiVersion": "2024-11-01"}, **more}
    return azure.arm("POST", f"{path}?api-version={version}", body)


def evaluations(azure: Azure, kind: str, version: str = "2020-07-01") -> list[Any]:
    answer = check(azure, kind, version=version)
    assert answer.status_code == 200
    assert answer.json()["fieldRestrictions"] == []
    return list(answer.json()["contentEvaluationResult"]["policyEvaluations"])


def test_nothing_stands_against_a_vault(azure: Azure) -> None:
    assert evaluations(azure, "Microsoft.KeyVault/vaults") == []


@pytest.mark.parametrize("kind", ["Microsoft.KeyVault/vaults", "microsoft.compute/virtualmachines"])
def test_a_policy_that_would_refuse_is_named(azure: Azure, kind: str) -> None:
    azure.suffers(policy_denial="allowed-types")
    (found,) = evaluations(azure, kind)
    assert found["evaluationResult"] == "NonCompliant"
    assert found["policyInfo"]["policyAssignmentId"] == (
        f"{azure.scope}/providers/Microsoft.Authorization/policyAssignments/allowed-types"
    )
    assert "effectDetails" not in found
    assert evaluations(azure, kind, "2022-03-01")[0]["effectDetails"] == {"policyEffect": "Deny"}
    assert evaluations(azure, "Microsoft.Network/virtualNetworks") == []
    with pytest.raises(HttpResponseError, match="RequestDisallowedByPolicy") as refused:
        azure.create_vault()
    response = refused.value.response
    assert isinstance(response, HttpResponse)
    (told,) = response.json()["error"]["additionalInfo"]
    names = ("policyAssignmentDisplayName", "policyAssignmentName", "policyDefinitionDisplayName")
    assert told["type"] == "PolicyViolation"
    assert [told["info"][name] for name in names] == ["allowed-types"] * 3


def test_the_question_must_be_one(azure: Azure) -> None:
    path = f"{azure.scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version=2020-07-01"
    assert azure.arm("POST", path, {}).status_code == 400
    assert check(azure, "Microsoft.KeyVault/vaults", pendingFields=[{"field": "tags"}]).status_code == 501
    azure.arm("POST", f"{azure.scope}/providers/Microsoft.PolicyInsights/unregister?api-version=2022-09-01")
    answer = check(azure, "Microsoft.KeyVault/vaults")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "MissingSubscriptionRegistration")


def test_the_policy_that_denies_is_among_the_assigned(azure: Azure) -> None:
    path = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Authorization/policyAssignments"
    assert azure.arm("GET", f"{path}?api-version=2022-06-01").json() == {"value": []}
    azure.suffers(policy_denial="allowed-types")
    (found,) = azure.arm("GET", f"{path}?api-version=2022-06-01&$filter=atScope()").json()["value"]
    assert (found["name"], found["properties"]["scope"]) == ("allowed-types", azure.scope)
    assert azure.arm("GET", f"{found['id']}?api-version=2022-06-01").json() == found
    assert azure.arm("GET", f"{found['id']}-other?api-version=2022-06-01").status_code == 404
