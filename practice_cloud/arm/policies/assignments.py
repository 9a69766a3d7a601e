"""Policy assignments, at a subscription, a group or a resource: ``az policy assignment create|show|list|delete``.

``policyAssignment``/{scope}/{name}, lower: as ARM answers it. Shapes from
https://learn.microsoft.com/rest/api/policyauthorization/policy-assignments.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import ids
from practice_cloud.arm.paging import page
from practice_cloud.arm.policies import definitions, denials
from practice_cloud.arm.roles import scope as scopes
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

TYPE = "Microsoft.Authorization/policyAssignments"
_MODES = ("Default", "DoNotEnforce")


async def put(call: Call) -> Response:
    """201. Raises AzureError 400 for a value that is missing, 404 for a definition or a scope that is not there, 501
    for an initiative."""
    scope, sent = scopes.there(call), (await call.body()).get("properties")
    if not isinstance(sent, dict) or not isinstance(sent.get("policyDefinitionId"), str):
        raise invalid_content("'properties.policyDefinitionId' is missing")
    given, mode = sent.get("parameters") or {}, sent.get("enforcementMode") or "Default"
    if not isinstance(given, dict) or not all(isinstance(one, dict) and "value" in one for one in given.values()):
        raise invalid_content("'parameters' must be an object of names and values")
    definition = _definition(call, sent["policyDefinitionId"])
    _complete(call, definition, given)
    if mode not in _MODES:
        raise invalid_content(f"'enforcementMode' must be one of {', '.join(_MODES)}")
    name = call.param("name")
    doc: Doc = {
        "id": f"{scope}/providers/{TYPE}/{name}",
        "name": name,
        "type": TYPE,
        "properties": {
            **{key: sent[key] for key in ("displayName", "description") if sent.get(key)},
            "policyDefinitionId": definition["id"],
            "scope": scope,
            "notScopes": [str(one) for one in sent.get("notScopes") or []],
            "enforcementMode": mode,
            "parameters": given,
            "metadata": {},
        },
    }
    call.cloud.store.put("policyAssignment", f"{scope}/{name}".lower(), doc, owner=call.sid)
    return JSONResponse(doc, 201)


def _definition(call: Call, definition_id: str) -> Doc:
    if "/policysetdefinitions/" in definition_id.lower():
        raise AzureError(501, "NotImplementedByPracticeCloud", "The practice cloud assigns policies, no initiatives.")
    found = definitions.find(call.cloud, call.sid, definition_id)
    if found is None:
        raise AzureError(
            404, "PolicyDefinitionNotFound", f"The policy definition '{definition_id}' could not be found."
        )
    return found


def _complete(call: Call, definition: Doc, given: Doc) -> None:
    wanted = definition["properties"].get("parameters") or {}
    missing = [name for name, one in wanted.items() if "defaultValue" not in one and name not in given]
    if missing:
        raise AzureError(
            400,
            "MissingPolicyParameter",
            f"The policy assignment '{call.param('name')}' is missing the parameter(s) '{', '.join(missing)}' as"
            f" defined in the policy definition '{definition['name']}'.",
        )
    unknown = sorted(set(given) - set(wanted))
    if unknown:
        raise AzureError(
            400,
            "UndefinedPolicyParameter",
            f"The policy assignment '{call.param('name')}' has defined parameter(s) '{', '.join(unknown)}' which are"
            f" not defined in the policy definition '{definition['name']}'.",
        )


async def list_(call: Call) -> Response:
    """Those that count at the scope; those below it too where ``$filter`` does not say ``atScope()``."""
    scope, only = scopes.there(call), "atscope()" in str(call.request.query_params.get("$filter")).lower()
    found = [
        one
        for one in denials.assigned(call.cloud, call.sid)
        if ids.covers(one["properties"]["scope"], scope) or (not only and ids.covers(scope, one["properties"]["scope"]))
    ]
    return page(call, found)


async def get(call: Call) -> Response:
    return JSONResponse(_named(call))


async def delete(call: Call) -> Response:
    """200 with what was taken away, 204 where there was nothing."""
    key = f"{scopes.of(call)}/{call.param('name')}".lower()
    doc = call.cloud.store.get("policyAssignment", key)
    if doc is None:
        return Response(status_code=204)
    call.cloud.store.delete("policyAssignment", key)
    return JSONResponse(doc)


def _named(call: Call) -> Doc:
    wanted = f"{scopes.of(call)}/providers/{TYPE}/{call.param('name')}".lower()
    for one in denials.assigned(call.cloud, call.sid):
        if one["id"].lower() == wanted:
            return one
    raise AzureError(404, "PolicyAssignmentNotFound", f"The policy assignment '{call.param('name')}' is not found.")
