"""The network around a machine: made, shown, tagged, listed, deleted. Practice machines reach what they reach without
any of it; that its parts are there, fit and are not in use is looked at as in Azure.

Shapes from https://learn.microsoft.com/rest/api/virtualnetwork, and from what azure-mgmt-network reads and sends.
"""

from __future__ import annotations

import uuid

from starlette.responses import JSONResponse, Response

from practice_cloud import ids, networks
from practice_cloud.arm.network import interfaces, public_addresses, security_groups, virtual_networks, waiting
from practice_cloud.arm.network.kind import Kind
from practice_cloud.arm.network.subnets import etag
from practice_cloud.arm.paging import page
from practice_cloud.arm.policies import denials
from practice_cloud.arm.tags import tags
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.ids import NETWORK
from practice_cloud.store import Doc

KINDS: tuple[Kind, ...] = (virtual_networks.KIND, interfaces.KIND, public_addresses.KIND, security_groups.KIND)


async def put(call: Call) -> Response:
    """201, or 200 for one that is there; either is Updating until its operation is over.

    Raises AzureError 400 for what does not fit, 409 for one that is in another region or being deleted.
    """
    body, key, kind = await call.body(), _id(call), _kind(call)
    before = networks.find(call.cloud, key)
    doc = _asked(call, key, kind, body, before)
    denials.require_none(call.cloud, call.sid, key, {**body, "type": doc["type"], "name": doc["name"]})
    doc["properties"] = kind.made(call, doc, before)
    headers = waiting.begin(call, f"put {kind.name}", doc, lambda seconds: _keep(call, doc, seconds))
    return JSONResponse(_shown(call, kind, doc), 201 if before is None else 200, headers)


def _asked(call: Call, key: str, kind: Kind, body: Doc, before: Doc | None) -> Doc:
    location = ids.location_name(str(body.get("location") or ""))
    if location not in ids.LOCATION_NAMES:
        raise AzureError(400, "LocationRequired", "The location property is required for this definition.")
    if before is not None:
        _changeable(before)
        _in_place(call, before, location)
    if not isinstance(body.get("properties") or {}, dict):
        raise invalid_content("'properties' must be an object")
    return {
        "id": key,
        "name": call.param("name"),
        "type": f"{NETWORK}/{kind.name}",
        "location": location,
        "tags": tags(body),
        **({"sku": {"tier": "Regional", **body["sku"]}} if body.get("sku") else {}),
        "guid": before["guid"] if before else str(uuid.uuid4()),
        "properties": body.get("properties") or {},
        "readyAt": 0.0,
    }


def _in_place(call: Call, before: Doc, location: str) -> None:
    if before["location"] != location:
        raise AzureError(
            409,
            "InvalidResourceLocation",
            f"The resource '{before['name']}' already exists in location '{before['location']}' in resource group"
            f" '{call.group['name']}'. A resource with the same name cannot be created in location '{location}'. Please"
            " select a new resource name.",
        )


def _changeable(doc: Doc) -> None:
    if "goneAt" in doc:
        raise AzureError(
            409,
            "AnotherOperationInProgress",
            f"Another operation on this or dependent resource is in progress: '{doc['name']}' is being deleted.",
        )


def _keep(call: Call, doc: Doc, seconds: float) -> float:
    doc["readyAt"] = call.now + seconds
    networks.save(call.cloud, doc)
    return seconds


async def patch(call: Call) -> Response:
    """Tags, which is all that Azure's own PATCH changes: ``update_tags`` of the clients."""
    body, doc = await call.body(), named(call)
    _changeable(doc)
    if "tags" in body:
        doc = {**doc, "tags": tags(body)}
        networks.save(call.cloud, doc)
    return JSONResponse(_shown(call, _kind(call), doc))


async def get(call: Call) -> Response:
    return JSONResponse(_shown(call, _kind(call), named(call)))


async def delete(call: Call) -> Response:
    """202 with an operation to poll, or 204 where there is none. Raises AzureError 400 for what is in use."""
    doc = networks.find(call.cloud, _id(call))
    if doc is None:
        return Response(status_code=204)
    _kind(call).require_unused(call, doc)
    found = doc

    def go(seconds: float) -> float:
        return networks.begin_to_delete(call.cloud, found, seconds=seconds)

    return Response(status_code=202, headers=waiting.begin(call, f"delete {_kind(call).name}", found, go))


async def list_in_group(call: Call) -> Response:
    return _listed(call, f"{call.group['id']}/")


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, "/")


def _listed(call: Call, prefix: str) -> Response:
    kind = _kind(call)
    wanted = f"{NETWORK}/{kind.name}"
    found = [
        doc
        for doc in networks.in_subscription(call.cloud, call.sid)
        if doc["type"] == wanted and doc["id"].lower().startswith(prefix.lower())
    ]
    return page(call, [_shown(call, kind, doc) for doc in found if call.may(f"{wanted}/read", doc["id"])])


def _shown(call: Call, kind: Kind, doc: Doc) -> Doc:
    shown = {name: value for name, value in doc.items() if name not in ("guid", "readyAt", "goneAt")}
    properties = {
        **doc["properties"],
        **kind.shown(call, doc),
        "resourceGuid": doc["guid"],
        "provisioningState": networks.state(call.cloud, doc),
    }
    present = {name: value for name, value in properties.items() if value is not None}
    return {**shown, "etag": etag(doc), "properties": present}


def _kind(call: Call) -> Kind:
    """The kind of resource that the path names."""
    asked = call.request.url.path.lower().partition(f"/{NETWORK.lower()}/")[2].partition("/")[0]
    return next(kind for kind in KINDS if kind.name.lower() == asked)


def _id(call: Call) -> str:
    return ids.resource_id(call.sid, call.group["name"], f"{NETWORK}/{_kind(call).name}", call.param("name"))


def named(call: Call) -> Doc:
    """The resource the path names. Raises AzureError 404."""
    doc = networks.find(call.cloud, _id(call))
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{NETWORK}/{_kind(call).name}/{call.param('name')}' under resource group"
            f" '{call.param('rg')}' was not found. For more details please go to"
            " https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc
