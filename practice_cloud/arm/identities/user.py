"""User-assigned identities: create, tag, show, list, delete.

Shapes from https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities (2023-01-31 and 2024-11-30);
the ``resourcegroups`` of their ids is written in lower case there, too.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import identities, ids
from practice_cloud.arm.paging import page
from practice_cloud.arm.tags import tags
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.identities import TYPE
from practice_cloud.rbac import scopes
from practice_cloud.store import Doc


async def put(call: Call) -> Response:
    """201 with a new principal, 200 where the identity is there: its tags change then, and nothing else."""
    body, doc = await call.body(), identities.find(call.cloud, _id(call))
    location = ids.location_name(str(body.get("location") or ""))
    if location not in ids.LOCATION_NAMES:
        raise AzureError(400, "LocationRequired", "The location property is required for this definition.")
    if doc is not None:
        return _tagged(call, doc, body)
    with call.cloud.store.transaction():
        tenant = call.subscription["tenantId"]
        doc = identities.create(call.cloud, _id(call), tenant=tenant, location=location, tags=tags(body))
    return JSONResponse(_shown(doc), 201)


async def patch(call: Call) -> Response:
    return _tagged(call, _named(call), await call.body())


def _tagged(call: Call, doc: Doc, body: Doc) -> Response:
    doc = {**doc, "tags": tags(body) if "tags" in body else doc["tags"]}
    identities.save(call.cloud, doc)
    return JSONResponse(_shown(doc))


async def get(call: Call) -> Response:
    return JSONResponse(_shown(_named(call)))


async def delete(call: Call) -> Response:
    """200, or 204 where there is none. Machines that were given it go on naming it."""
    doc = identities.find(call.cloud, _id(call))
    if doc is None:
        return Response(status_code=204)
    with call.cloud.store.transaction():
        identities.delete(call.cloud, doc)
        scopes.forget(call.cloud, call.sid, doc["id"])
    return Response(status_code=200)


async def list_in_group(call: Call) -> Response:
    return _listed(call, identities.in_group(call.cloud, call.sid, call.group["name"]))


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, identities.in_subscription(call.cloud, call.sid))


def _listed(call: Call, docs: list[Doc]) -> Response:
    return page(call, [_shown(doc) for doc in docs if call.may(f"{TYPE}/read", doc["id"])])


def _id(call: Call) -> str:
    return f"/subscriptions/{call.sid}/resourcegroups/{call.group['name']}/providers/{TYPE}/{call.param('name')}"


def _named(call: Call) -> Doc:
    doc = identities.find(call.cloud, _id(call))
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{TYPE}/{call.param('name')}' under resource group '{call.param('rg')}' was not found. For"
            " more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc


def _shown(doc: Doc) -> Doc:
    return {
        "id": doc["id"],
        "name": doc["name"],
        "type": TYPE,
        "location": doc["location"],
        "tags": doc["tags"],
        "properties": {name: doc[name] for name in ("tenantId", "principalId", "clientId")},
    }
