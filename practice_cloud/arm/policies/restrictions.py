"""What Azure Policy would refuse: ``POST …/providers/Microsoft.PolicyInsights/checkPolicyRestrictions``.

Shapes from https://learn.microsoft.com/rest/api/policyinsights/policy-restrictions (2020-07-01, which the Python SDK
asks for, and its examples; ``effectDetails`` came with 2022-03-01). It asks, and makes nothing.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm import gate
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

EFFECT_SINCE = "2022-03-01"


async def check(call: Call) -> Response:
    """200 with one evaluation for each policy that the resource breaks, none where it may be made.

    Raises AzureError 400 for a body that describes no resource, 501 for ``pendingFields``: what a field may hold is
    not modelled.
    """
    body = await call.body()
    details = body.get("resourceDetails")
    content = details.get("resourceContent") if isinstance(details, dict) else None
    if not isinstance(content, dict):
        raise invalid_content("'resourceDetails.resourceContent' is missing")
    if body.get("pendingFields"):
        raise AzureError(
            501, "NotImplementedByPracticeCloud", "The practice cloud evaluates whole resources, not pendingFields."
        )
    kind = str(content.get("type") or "")
    found = [_evaluation(call, kind, denial) for denial in gate.denials(call.cloud, call.sid, kind)]
    return JSONResponse({"fieldRestrictions": [], "contentEvaluationResult": {"policyEvaluations": found}})


def _evaluation(call: Call, kind: str, denial: Doc) -> Doc:
    place, name = f"/subscriptions/{call.sid}/providers/Microsoft.Authorization", denial["policyAssignment"]
    expression = {
        "result": "True",
        "expressionKind": "Field",
        "expression": "type",
        "path": "type",
        "expressionValue": kind,
        "targetValue": list(gate.POLICED),
        "operator": "In",
    }
    evaluation: Doc = {
        "policyInfo": {
            "policyDefinitionId": f"{place}/policyDefinitions/{name}",
            "policyAssignmentId": f"{place}/policyAssignments/{name}",
        },
        "evaluationResult": "NonCompliant",
        "evaluationDetails": {"evaluatedExpressions": [expression]},
    }
    if call.api_version[:10] >= EFFECT_SINCE:
        evaluation["effectDetails"] = {"policyEffect": "Deny"}
    return evaluation
