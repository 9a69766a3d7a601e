"""Which of the assigned policies forbid a resource. Asked when a vault or a machine is made or changed.

An assignment counts as soon as it is made; Azure takes some minutes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from practice_cloud import ids
from practice_cloud.arm.policies import definitions, rules
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

POLICED = ("Microsoft.KeyVault/vaults", "Microsoft.Compute/virtualMachines")
"""What a policy that the control plane sets forbids."""
REGIONS = "sys.regionrestriction"
"""The assignment by which Azure keeps free and students' subscriptions to a few regions; everybody may read it."""


class Denial(NamedTuple):
    """``expressions`` are the conditions of the rule that were evaluated."""

    assignment: Doc
    definition: Doc
    expressions: list[Doc]


def assigned(cloud: Cloud, sid: str) -> list[Doc]:
    """Every assignment of the subscription, that of the control plane too."""
    found = cloud.store.list("policyAssignment", owner=sid)
    set_here = cloud.store.get("policyDenial", sid)
    return [*found, _set_here(sid, set_here["policyAssignment"])] if set_here else found


def against(cloud: Cloud, sid: str, scope: str, resource: Doc) -> list[Denial]:
    """``resource`` as its request has it: ``type, name, location, tags, properties``; ``scope`` is its id."""
    found = (_denial(cloud, sid, one, resource) for one in assigned(cloud, sid) if _covers(one, scope))
    return [one for one in found if one is not None]


def require_none(cloud: Cloud, sid: str, scope: str, resource: Doc) -> None:
    """Raises AzureError 403 where a policy forbids the resource."""
    found = against(cloud, sid, scope, resource)
    if any(one.assignment["name"] == REGIONS for one in found):
        raise _disallowed_by_azure(str(resource["name"]))
    if found:
        named = [
            {"policyAssignment": _named(one.assignment), "policyDefinition": _named(one.definition)} for one in found
        ]
        raise AzureError(
            403,
            "RequestDisallowedByPolicy",
            f"Resource '{resource['name']}' was disallowed by policy. Policy identifiers:"
            f" '{json.dumps(named, separators=(',', ':'))}'.",
            info=[{"type": "PolicyViolation", "info": _violation(one)} for one in found],
        )


def _disallowed_by_azure(name: str) -> AzureError:
    """In the words of https://github.com/microsoft/microsoft-foundry-for-vscode/issues/406."""
    return AzureError(
        403,
        "RequestDisallowedByAzure",
        f"Resource '{name}' was disallowed by Azure: This policy maintains a set of best available regions where your"
        " subscription can deploy resources. The objective of this policy is to ensure that your subscription has full"
        " access to Azure services with optimal performance. Should you need additional or different regions, contact"
        " support..",
    )


def _violation(denial: Denial) -> Doc:
    """Source: https://learn.microsoft.com/azure/automation/enforce-job-execution-hybrid-worker, which shows one."""
    assignment, definition = denial.assignment, denial.definition
    names = {
        f"{what}DisplayName": doc["properties"]["displayName"]
        for what, doc in (("policyDefinition", definition), ("policyAssignment", assignment))
        if doc["properties"].get("displayName")
    }
    return {
        **names,
        "evaluationDetails": {"evaluatedExpressions": denial.expressions},
        "policyDefinitionId": definition["id"],
        "policyDefinitionName": definition["name"],
        "policyDefinitionEffect": "Deny",
        "policyAssignmentId": assignment["id"],
        "policyAssignmentName": assignment["name"],
        "policyAssignmentScope": assignment["properties"]["scope"],
        "policyAssignmentParameters": assignment["properties"]["parameters"],
    }


def _denial(cloud: Cloud, sid: str, assignment: Doc, resource: Doc) -> Denial | None:
    properties = assignment["properties"]
    definition = _definition_set_here(sid, assignment) or definitions.find(cloud, sid, properties["policyDefinitionId"])
    if definition is None or properties["enforcementMode"].lower() == "donotenforce":
        return None
    told = definition["properties"]
    values = rules.values_of(told.get("parameters") or {}, properties["parameters"])
    expressions = rules.broken(told["policyRule"], resource, values)
    return None if expressions is None else Denial(assignment, definition, expressions)


def _covers(assignment: Doc, scope: str) -> bool:
    spared = any(ids.covers(one, scope) for one in assignment["properties"]["notScopes"])
    return ids.covers(assignment["properties"]["scope"], scope) and not spared


def _named(doc: Doc) -> Doc:
    return {"name": doc["properties"].get("displayName") or doc["name"], "id": doc["id"]}


def _set_here(sid: str, name: str) -> Doc:
    scope = f"/subscriptions/{sid}"
    place = f"{scope}/providers/Microsoft.Authorization"
    return {
        "id": f"{place}/policyAssignments/{name}",
        "name": name,
        "type": "Microsoft.Authorization/policyAssignments",
        "properties": {
            "displayName": name,
            "policyDefinitionId": f"{place}/policyDefinitions/{name}",
            "scope": scope,
            "notScopes": [],
            "enforcementMode": "Default",
            "parameters": {},
            "metadata": {},
        },
    }


def _definition_set_here(sid: str, assignment: Doc) -> Doc | None:
    if assignment != _set_here(sid, assignment["name"]):
        return None
    rule = {"if": {"field": "type", "in": list(POLICED)}, "then": {"effect": "deny"}}
    properties = {"displayName": assignment["name"], "policyRule": rule}
    return {"id": assignment["properties"]["policyDefinitionId"], "name": assignment["name"], "properties": properties}
