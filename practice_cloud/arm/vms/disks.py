"""Managed disks: shown, listed, tagged, deleted. They are made with machines; by itself none is made here.

Shapes from https://learn.microsoft.com/rest/api/compute/disks; the words of a refusal are those of
https://github.com/ansible/ansible/pull/54644.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import disks, ids, operations
from practice_cloud.arm.paging import page
from practice_cloud.arm.tags import tags
from practice_cloud.arm.vms.handlers import where
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_SKUS = {"Premium_LRS": "Premium", "StandardSSD_LRS": "Standard", "Standard_LRS": "Standard"}


async def get(call: Call) -> Response:
    return JSONResponse(_shown(_named(call)))


async def list_in_group(call: Call) -> Response:
    return _listed(call, f"{call.group['id']}/")


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, "/")


def _listed(call: Call, prefix: str) -> Response:
    found = disks.in_subscription(call.cloud, call.sid)
    inside = [doc for doc in found if doc["id"].lower().startswith(prefix.lower())]
    return page(call, [_shown(doc) for doc in inside if call.may(f"{disks.TYPE}/read", doc["id"])])


async def patch(call: Call) -> Response:
    """Tags. Raises AzureError 501 for what else a disk could be changed in."""
    doc, body = _named(call), await call.body()
    if body.get("properties") or body.get("sku"):
        raise AzureError(501, "NotImplementedByPracticeCloud", "The practice cloud changes a disk's tags only.")
    changed = {**doc, "tags": tags(body) if "tags" in body else doc["tags"]}
    disks.save(call.cloud, changed)
    return JSONResponse(_shown(changed))


async def delete(call: Call) -> Response:
    """202 with an operation to poll; 204 where there is none. Raises AzureError 409 for a machine's."""
    doc = disks.find(call.cloud, _id(call))
    if doc is None:
        return Response(status_code=204)
    if "managedBy" in doc:
        raise AzureError(409, "OperationNotAllowed", f"Disk {doc['name']} is attached to VM {doc['managedBy']}.")
    with call.cloud.store.transaction():
        seconds = call.cloud.timings_of(call.sid).network_change
        if not operations.fate(call.cloud, call.sid):
            seconds = disks.begin_to_delete(call.cloud, doc, seconds=seconds)
        operation = operations.start(call.cloud, call.sid, "deleteDisk", doc["id"], seconds=seconds)
    return Response(status_code=202, headers=where(call, doc["location"], operation))


def _shown(doc: Doc) -> Doc:
    return {
        "id": doc["id"],
        "name": doc["name"],
        "type": disks.TYPE,
        "location": doc["location"],
        "tags": doc["tags"],
        **({"managedBy": doc["managedBy"]} if "managedBy" in doc else {}),
        "sku": {"name": doc["sku"], "tier": _SKUS.get(doc["sku"], "Premium")},
        "properties": {
            "osType": doc["osType"],
            "hyperVGeneration": "V2",
            "creationData": {"createOption": "FromImage"},
            "diskSizeGB": doc["sizeGB"],
            "diskState": "Attached" if "managedBy" in doc else "Unattached",
            "provisioningState": "Deleting" if "goneAt" in doc else "Succeeded",
            "timeCreated": doc["createdAt"],
            "uniqueId": doc["guid"],
        },
    }


def _id(call: Call) -> str:
    return ids.resource_id(call.sid, call.param("rg"), disks.TYPE, call.param("name"))


def _named(call: Call) -> Doc:
    doc = disks.find(call.cloud, _id(call))
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{disks.TYPE}/{call.param('name')}' under resource group '{call.param('rg')}' was not found."
            " For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc
