"""What the caller may do at a scope: ``GET …/providers/Microsoft.Authorization/permissions``.

Source: https://learn.microsoft.com/rest/api/authorization/permissions (2022-04-01), whose ``Permission`` is one
role's ``actions, notActions, dataActions, notDataActions``. Nobody needs a right to ask what they may do; who may do
nothing is told so by an empty list (assumed: the reference names no permission, and no answer to such a caller).
"""

from __future__ import annotations

from starlette.responses import Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.roles import scope
from practice_cloud.arm.wire import Call
from practice_cloud.rbac import evaluate
from practice_cloud.rbac.builtin import Role
from practice_cloud.store import Doc


async def list_(call: Call) -> Response:
    """One entry for each role in force at the scope: given there or above it. Raises AzureError 404 for no such
    group or resource."""
    at = scope.there(call)
    return page(call, [permission(role) for role in evaluate.roles_at(call.cloud, call.claims.who, at)])


def permission(role: Role) -> Doc:
    return {
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": list(role.data_actions),
        "notDataActions": list(role.not_data_actions),
    }
