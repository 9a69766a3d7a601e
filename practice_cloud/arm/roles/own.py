"""Roles of a subscription's own: made, changed and taken away, as ``az role definition create`` asks.

Shapes from https://learn.microsoft.com/rest/api/authorization/role-definitions (2022-04-01); what a custom role may
hold from https://learn.microsoft.com/azure/role-based-access-control/custom-roles. One counts in the whole subscription
here.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from practice_cloud import ids
from practice_cloud.arm.roles import definitions
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.rbac import custom
from practice_cloud.rbac.builtin import BY_ID, ROLES, Role


async def put(call: Call) -> Response:
    """201. Raises AzureError 400 for no GUID, no name or a name that is taken."""
    role_id, sent = call.param("role").lower(), (await call.body()).get("properties")
    if not isinstance(sent, dict):
        raise invalid_content("'properties' is missing")
    if not ids.is_guid(role_id) or role_id in BY_ID:
        raise AzureError(400, "InvalidRoleDefinitionId", f"The role definition ID '{role_id}' is not valid.")
    name, permission = str(sent.get("roleName") or ""), _permission(sent)
    for other in (*ROLES, *custom.in_subscription(call.cloud, call.sid)):
        if not name or (other.name.lower() == name.lower() and other.id != role_id):
            raise AzureError(
                400,
                "RoleDefinitionWithSameNameExists",
                f"A custom role with the same name already exists in this directory: '{name}'. Use a different name.",
            )
    role = Role(role_id, name, str(sent.get("description") or ""), **permission)
    custom.keep(call.cloud, call.sid, role)
    return JSONResponse(definitions.shown(call, role), 201)


def _permission(sent: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The one list of permissions that a custom role has."""
    listed: Any = sent.get("permissions")
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise AzureError(400, "InvalidRoleDefinition", "A role definition has one entry in 'permissions'.")
    names = {
        "actions": "actions",
        "not_actions": "notActions",
        "data_actions": "dataActions",
        "not_data_actions": "notDataActions",
    }
    return {ours: tuple(str(one) for one in listed[0].get(theirs) or ()) for ours, theirs in names.items()}


async def delete(call: Call) -> Response:
    """200 with what was taken away, 204 where there was nothing. Raises AzureError 400 for a role that somebody has."""
    role_id = call.param("role").lower()
    role = next((one for one in custom.in_subscription(call.cloud, call.sid) if one.id == role_id), None)
    if role is None:
        return Response(status_code=204)
    for doc in call.cloud.store.list("roleAssignment", owner=call.sid):
        if doc["properties"]["roleDefinitionId"].lower().endswith(role_id) and "revokedAt" not in doc:
            raise AzureError(
                400,
                "RoleDefinitionHasAssignments",
                f"There are existing role assignments referencing role (code: {role_id}).",
            )
    custom.forget(call.cloud, call.sid, role_id)
    return JSONResponse(definitions.shown(call, role))
