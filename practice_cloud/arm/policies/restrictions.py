"""What Azure Policy would refuse: ``POST …/providers/Microsoft.PolicyInsights/checkPolicyRestrictions``.

Shapes from https://learn.microsoft.com/rest/api/policyinsights/policy-restrictions (2020-07-01, which the Python SDK
asks for, and its examples; ``effectDetails`` came with 2022-03-01). It asks, and makes nothing.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.policies import denials
from practice_cloud.arm.roles import scope as scopes
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
    scope = scopes.there(call)
    found = [_evaluation(call, denial) for denial in denials.against(call.cloud, call.sid, scope, content)]
    return JSONResponse({"fieldRestrictions": [], "contentEvaluationResult": {"policyEvaluations": found}})


def _evaluation(call: Call, denial: denials.Denial) -> Doc:
    evaluation: Doc = {
        "policyInfo": {
            "policyDefinitionId": denial.definition["id"],
            "policyAssignmentId": denial.assignment["id"],
        },
        "evaluationResult": "NonCompliant",
        "evaluationDetails": {"evaluatedExpressions": denial.expressions},
    }
    if call.api_version[:10] >= EFFECT_SINCE:
        evaluation["effectDetails"] = {"policyEffect": "Deny"}
    return evaluation
