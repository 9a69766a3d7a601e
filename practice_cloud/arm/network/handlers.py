"""The network around a machine, as ``az vm create`` makes it: kept as sent, and joined to nothing.

``network``/{resource id, lower}: the resource as ARM shows it. Practice machines reach what they reach without any of
it; their requests come from one public address, which is the address of every public one here.
Shapes from https://learn.microsoft.com/rest/api/virtualnetwork.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from practice_cloud import ids
from practice_cloud.arm.paging import page
from practice_cloud.arm.tags import tags
from practice_cloud.arm.wire import Call
from practice_cloud.cloud import VM_ADDRESS
from practice_cloud.errors import AzureError
from practice_cloud.ids import NETWORK
from practice_cloud.store import Doc

TYPES = ("virtualNetworks", "networkInterfaces", "publicIPAddresses", "networkSecurityGroups")
PRIVATE = "10.0.0.4"


async def put(call: Call) -> Response:
    """201, or 200 for one that is there. It is done at once. Raises AzureError 400 without a location."""
    body, key = await call.body(), _id(call)
    location = ids.location_name(str(body.get("location") or ""))
    if location not in ids.LOCATION_NAMES:
        raise AzureError(400, "LocationRequired", "The location property is required for this definition.")
    known = call.cloud.store.get("network", key.lower()) is not None
    doc: Doc = {
        "id": key,
        "name": call.param("name"),
        "type": f"{NETWORK}/{_type(call)}",
        "location": location,
        "tags": tags(body),
        **({"sku": body["sku"]} if body.get("sku") else {}),
        "properties": {**_completed(key, body.get("properties") or {}), "provisioningState": "Succeeded"},
    }
    call.cloud.store.put("network", key.lower(), doc, owner=call.sid)
    return JSONResponse(doc, 200 if known else 201)


def _completed(key: str, properties: Doc) -> Doc:
    """With what Azure adds: the addresses, and the ids of the parts."""
    done: Doc = {**properties}
    if "/publicipaddresses/" in key.lower():
        done["ipAddress"] = VM_ADDRESS
    for part, private in (("ipConfigurations", PRIVATE), ("subnets", "")):
        for one in done.get(part) or []:
            one["id"] = f"{key}/{part}/{one.get('name')}"
            inner: Any = one.setdefault("properties", {})
            inner |= {"provisioningState": "Succeeded", **({"privateIPAddress": private} if private else {})}
    return done


async def get(call: Call) -> Response:
    return JSONResponse(_named(call))


async def delete(call: Call) -> Response:
    """200, or 204 where there is none."""
    known = call.cloud.store.delete("network", _id(call).lower())
    return Response(status_code=200 if known else 204)


async def list_in_group(call: Call) -> Response:
    return _listed(call, f"{call.group['id']}/")


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, "/")


def _listed(call: Call, prefix: str) -> Response:
    kind = f"{NETWORK}/{_type(call)}"
    found = call.cloud.store.list("network", owner=call.sid, prefix=prefix.lower())
    return page(call, [doc for doc in found if doc["type"] == kind and call.may(f"{kind}/read", doc["id"])])


def _type(call: Call) -> str:
    """The kind of resource the path names, as it is written."""
    asked = call.request.url.path.lower().partition(f"/{NETWORK.lower()}/")[2].partition("/")[0]
    return next(kind for kind in TYPES if kind.lower() == asked)


def _id(call: Call) -> str:
    return ids.resource_id(call.sid, call.group["name"], f"{NETWORK}/{_type(call)}", call.param("name"))


def _named(call: Call) -> Doc:
    doc = call.cloud.store.get("network", _id(call).lower())
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{NETWORK}/{_type(call)}/{call.param('name')}' under resource group '{call.param('rg')}' was"
            " not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc
