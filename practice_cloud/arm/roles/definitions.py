"""Role definitions: the built-in ones. Practice subscriptions have no roles of their own making."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.roles.permissions import permission
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.rbac.builtin import BY_ID, ROLES, Role, definition_id
from practice_cloud.store import Doc


async def list_(call: Call) -> Response:
    passes = _filter(call.request.query_params.get("$filter"))
    return page(call, [_shown(call, role) for role in ROLES if passes(role.name)])


async def get(call: Call) -> Response:
    asked = call.param("role")
    role = BY_ID.get(asked.lower())
    if role is None:
        raise AzureError(
            404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{asked}' does not exist."
        )
    return JSONResponse(_shown(call, role))


class _Filter:
    """``roleName eq '…'`` and ``type eq 'BuiltInRole'`` (or CustomRole), joined by ``and``.

    ``atScopeAndBelow()`` changes nothing: built-in roles are everywhere.
    """

    def __init__(self, name: str | None, built_in: bool) -> None:
        self._name = name
        self._built_in = built_in

    def __call__(self, name: str) -> bool:
        return self._built_in and (self._name is None or self._name.lower() == name.lower())


def _filter(text: str | None) -> _Filter:
    name, built_in = None, True
    for part in re.split(r"\s+and\s+", (text or "").strip(), flags=re.IGNORECASE):
        found = re.fullmatch(r"(roleName|type)\s+eq\s+'((?:[^']|'')*)'", part, re.IGNORECASE)
        if found and found.group(1).lower() == "rolename":
            name = found.group(2).replace("''", "'")
        elif found:
            built_in = found.group(2).lower() == "builtinrole"
        elif part and not re.fullmatch(r"atScope\w*\(\)", part, re.IGNORECASE):
            raise AzureError(400, "InvalidFilter", f"The filter '{part}' is not supported for role definitions.")
    return _Filter(name, built_in)


def _shown(call: Call, role: Role) -> Doc:
    return {
        "id": definition_id(role.id, str(call.subscription.get("id", ""))),
        "name": role.id,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": role.description,
            "assignableScopes": ["/"],
            "permissions": [permission(role)],
        },
    }
