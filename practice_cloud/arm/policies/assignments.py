"""The assignments behind a student's policy denial, as ``az policy assignment list`` and the portal's blade show them.

Shape from https://learn.microsoft.com/rest/api/policyauthorization/policy-assignments. They are made by the control
plane only.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm import gate
from practice_cloud.arm.paging import page
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc


async def list_(call: Call) -> Response:
    """Those that count at the scope: all of them are given at the subscription."""
    return page(call, _all(call))


async def get(call: Call) -> Response:
    asked = call.param("name")
    for shown in _all(call):
        if shown["name"].lower() == asked.lower():
            return JSONResponse(shown)
    raise AzureError(404, "PolicyAssignmentNotFound", f"The policy assignment '{asked}' is not found.")


def _all(call: Call) -> list[Doc]:
    return [_shown(call, denial["policyAssignment"]) for denial in gate.denials(call.cloud, call.sid, gate.POLICED[0])]


def _shown(call: Call, name: str) -> Doc:
    scope = f"/subscriptions/{call.sid}"
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
