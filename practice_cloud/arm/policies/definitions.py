"""Policy definitions: a subscription's own, and the built-in ones.

``policyDefinition``/{sid}/{name lower}: as ARM answers it. Shapes from
https://learn.microsoft.com/rest/api/policyauthorization/policy-definitions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.policies import rules
from practice_cloud.arm.policies.builtin import DEFINITIONS
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

TYPE = "Microsoft.Authorization/policyDefinitions"


async def put(call: Call) -> Response:
    """201. Raises AzureError 400 for no rule, 501 for a rule that is not evaluated here."""
    sent = (await call.body()).get("properties")
    if not isinstance(sent, dict) or not isinstance(sent.get("policyRule"), dict):
        raise invalid_content("'properties.policyRule' is missing")
    parameters = sent.get("parameters") or {}
    try:
        rules.check(sent["policyRule"], parameters)
    except rules.NotKnown as unknown:
        raise AzureError(
            501, "NotImplementedByPracticeCloud", f"The practice cloud does not evaluate {unknown} in a policy."
        ) from unknown
    name = call.param("name")
    kept = {key: sent[key] for key in ("displayName", "description") if sent.get(key)}
    doc: Doc = {
        "id": f"/subscriptions/{call.sid}/providers/{TYPE}/{name}",
        "name": name,
        "type": TYPE,
        "properties": {
            **kept,
            "policyType": "Custom",
            "mode": sent.get("mode") or "Indexed",
            "metadata": sent.get("metadata") or {},
            "parameters": parameters,
            "policyRule": sent["policyRule"],
        },
    }
    call.cloud.store.put("policyDefinition", _key(call), doc, owner=call.sid)
    return JSONResponse(doc, 201)


async def get(call: Call) -> Response:
    doc = call.cloud.store.get("policyDefinition", _key(call))
    if doc is None:
        raise _not_found(call.param("name"))
    return JSONResponse(doc)


async def get_built_in(call: Call) -> Response:
    for doc in DEFINITIONS:
        if doc["name"] == call.param("name").lower():
            return JSONResponse(doc)
    raise _not_found(call.param("name"))


async def list_(call: Call) -> Response:
    """The subscription's own, and those that everybody has."""
    return page(call, [*call.cloud.store.list("policyDefinition", owner=call.sid), *DEFINITIONS])


async def list_built_in(call: Call) -> Response:
    return page(call, list(DEFINITIONS))


async def delete(call: Call) -> Response:
    """200, or 204 where there is none. Raises AzureError 400 (its words are assumed) while it is assigned."""
    doc = call.cloud.store.get("policyDefinition", _key(call))
    if doc is None:
        return Response(status_code=204)
    assigned = [
        one["id"]
        for one in call.cloud.store.list("policyAssignment", owner=call.sid)
        if one["properties"]["policyDefinitionId"].lower() == doc["id"].lower()
    ]
    if assigned:
        raise AzureError(
            400,
            "InvalidDeletePolicyDefinitionRequest",
            f"The policy definition '{doc['name']}' cannot be deleted, because it is referenced by policy assignments:"
            f" '{','.join(assigned)}'.",
        )
    call.cloud.store.delete("policyDefinition", _key(call))
    return JSONResponse(doc)


def find(cloud: Cloud, sid: str, definition_id: str) -> Doc | None:
    own = [one for one in DEFINITIONS if one["id"].lower() == definition_id.lower()]
    if own:
        return own[0]
    found = cloud.store.get("policyDefinition", f"{sid}/{definition_id.rpartition('/')[2].lower()}")
    return found if found and found["id"].lower() == definition_id.lower() else None


def _not_found(name: str) -> AzureError:
    return AzureError(404, "PolicyDefinitionNotFound", f"The policy definition '{name}' could not be found.")


def _key(call: Call) -> str:
    return f"{call.sid}/{call.param('name').lower()}"
