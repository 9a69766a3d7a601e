"""Resource groups. Deleting one deletes what is in it: vaults softly, machines and identities for good."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse, Response

from practice_cloud import disks, identities, ids, machines, networks, operations, schedules
from practice_cloud.arm import gate
from practice_cloud.arm.core import filters
from practice_cloud.arm.paging import page
from practice_cloud.arm.tags import tags
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.operations import HOST
from practice_cloud.rbac import scopes
from practice_cloud.store import Doc
from practice_cloud.vaults import model as vaults

_NAME = re.compile(r"[\w().-]{0,89}[\w()-]")
_READ = "Microsoft.Resources/subscriptions/resourceGroups/read"


async def get(call: Call) -> Response:
    return JSONResponse(_shown(call.group))


async def head(call: Call) -> Response:
    """204 if there is one, 404 without a body if not."""
    found = gate.find_group(call.cloud, call.sid, call.param("rg"))
    return Response(status_code=404 if found is None else 204)


async def list_(call: Call) -> Response:
    """Those that pass ``$filter``, which is by tag: https://learn.microsoft.com/rest/api/resources/resource-groups/list"""
    passes = filters.parse(call.request.query_params.get("$filter"))
    found = [
        gate.find_group(call.cloud, call.sid, doc["name"]) for doc in call.cloud.store.list("group", owner=call.sid)
    ]
    there = [doc for doc in found if doc is not None and passes({"tags": {}, **doc})]
    return page(call, [_shown(doc) for doc in there if call.may(_READ, doc["id"])])


async def put(call: Call) -> Response:
    """201 for a new group, 200 for one that was there; its location never changes."""
    name, body = call.param("rg"), await call.body()
    if not _NAME.fullmatch(name):
        raise AzureError(
            400,
            "InvalidResourceGroupName",
            f"The resource group name '{name}' has characters or a length that are not allowed.",
        )
    location = ids.location_name(str(body.get("location") or ""))
    existing = gate.find_group(call.cloud, call.sid, name)
    if existing is None and location not in ids.LOCATION_NAMES:
        raise AzureError(
            400,
            "LocationNotAvailableForResourceGroup",
            f"The provided location '{location}' is not available for resource group.",
        )
    if existing is not None and location != existing["location"]:
        raise AzureError(
            409,
            "InvalidResourceGroupLocation",
            f"Invalid resource group location '{location}'. The Resource group already exists in location"
            f" '{existing['location']}'.",
        )
    if existing is not None:
        gate.not_going(existing)
    doc = existing or _new(call, name, location)
    doc["tags"] = tags(body)
    _save(call, doc)
    return JSONResponse(_shown(doc), 201 if existing is None else 200)


def _new(call: Call, name: str, location: str) -> Doc:
    return {
        "id": ids.group_id(call.sid, name),
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": location,
        "properties": {"provisioningState": "Succeeded"},
    }


async def patch(call: Call) -> Response:
    body = await call.body()
    doc = {**call.group, "tags": tags(body) if "tags" in body else call.group.get("tags", {})}
    _save(call, doc)
    return JSONResponse(_shown(doc))


async def delete(call: Call) -> Response:
    """202 with a Location to poll; the group says Deleting until it is gone, and takes as long as a machine to stop."""
    gone_at = call.group.get("goneAt", call.now + call.cloud.timings_of(call.sid).vm_power)
    with call.cloud.store.transaction():
        if not operations.fate(call.cloud, call.sid):
            _empty(call)
            _save(call, {**call.group, "goneAt": gone_at, "properties": {"provisioningState": "Deleting"}})
        operation = operations.start(call.cloud, call.sid, "deleteGroup", call.group["id"], seconds=gone_at - call.now)
    return Response(status_code=202, headers=where(call, operation))


def _empty(call: Call) -> None:
    for vault in vaults.in_subscription(call.cloud, call.sid):
        if vault["group"].lower() == call.group["name"].lower():
            vaults.delete(call.cloud, vault)
    for vm in machines.in_group(call.cloud, call.sid, call.group["name"]):
        machines.delete(call.cloud, vm)
    for identity in identities.in_group(call.cloud, call.sid, call.group["name"]):
        identities.delete(call.cloud, identity)
    networks.empty(call.cloud, call.sid, call.group["id"])
    disks.empty(call.cloud, call.sid, call.group["id"])
    schedules.empty(call.cloud, call.sid, call.group["id"])
    scopes.forget(call.cloud, call.sid, call.group["id"])


async def result(call: Call) -> Response:
    """202 while the deletion goes on, then 200 without a body; 204 after a move. Raises AzureError 409 for one that
    failed."""
    operation = operations.find(call.cloud, call.sid, call.param("operation"))
    if operation["status"] == "InProgress":
        return Response(status_code=202, headers=where(call, operation))
    operations.require_success(operation)
    return Response(status_code=204 if operation["kind"] == operations.MOVE else 200)


def where(call: Call, operation: Doc) -> dict[str, str]:
    location = f"{HOST}/subscriptions/{call.sid}/operationresults/{operation['id']}?api-version={call.api_version}"
    return {"Location": location, **operations.retry_after(call.cloud, operation)}


def _save(call: Call, doc: Doc) -> None:
    call.cloud.store.put("group", f"{call.sid}/{doc['name'].lower()}", doc, owner=call.sid)


def _shown(doc: Doc) -> Doc:
    return {key: value for key, value in doc.items() if key != "goneAt"}
