"""Role definitions: the built-in ones, and those of the subscription's own (``own.py``)."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.roles.permissions import permission
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.ids import subscription_id
from practice_cloud.rbac import custom
from practice_cloud.rbac.builtin import BY_ID, ROLES, Role, definition_id
from practice_cloud.store import Doc


async def list_(call: Call) -> Response:
    passes = _filter(call.request.query_params.get("$filter"))
    own = custom.in_subscription(call.cloud, call.sid)
    return page(call, [shown(call, role) for role in (*ROLES, *own) if passes(role)])


async def get(call: Call) -> Response:
    asked = call.param("role")
    role = custom.find(call.cloud, str(call.subscription.get("id", "")), asked)
    if role is None:
        raise AzureError(
            404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{asked}' does not exist."
        )
    return JSONResponse(shown(call, role))


class _Filter:
    """``roleName eq '…'`` and ``type eq 'BuiltInRole'`` (or CustomRole), joined by ``and``.

    ``atScopeAndBelow()`` changes nothing: the roles count in the whole subscription.
    """

    def __init__(self, name: str | None, kind: str | None) -> None:
        self._name = name
        self._kind = kind

    def __call__(self, role: Role) -> bool:
        named = self._name is None or self._name.lower() == role.name.lower()
        return named and self._kind in (None, _kind(role).lower())


def _kind(role: Role) -> str:
    return "BuiltInRole" if role.id in BY_ID else "CustomRole"


def _filter(text: str | None) -> _Filter:
    name, kind = None, None
    for part in re.split(r"\s+and\s+", (text or "").strip(), flags=re.IGNORECASE):
        found = re.fullmatch(r"(roleName|type)\s+eq\s+'((?:[^']|'')*)'", part, re.IGNORECASE)
        if found and found.group(1).lower() == "rolename":
            name = found.group(2).replace("''", "'")
        elif found:
            kind = found.group(2).lower()
        elif part and not re.fullmatch(r"atScope\w*\(\)", part, re.IGNORECASE):
            raise AzureError(400, "InvalidFilter", f"The filter '{part}' is not supported for role definitions.")
    return _Filter(name, kind)


def shown(call: Call, role: Role) -> Doc:
    sid, kind = str(call.subscription.get("id", "")), _kind(role)
    return {
        "id": definition_id(role.id, sid),
        "name": role.id,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": kind,
            "description": role.description,
            "assignableScopes": ["/" if kind == "BuiltInRole" else subscription_id(sid)],
            "permissions": [permission(role)],
        },
    }
