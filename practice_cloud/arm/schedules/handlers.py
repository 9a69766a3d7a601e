"""Auto-shutdown of a machine, which is a schedule of Microsoft.DevTestLab: https://learn.microsoft.com/rest/api/dtl/global-schedules.

Its name and place are the machine's: https://github.com/Azure/bicep/issues/4944. Nobody is told before it shuts down.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from starlette.responses import JSONResponse, Response

from practice_cloud import ids, machines, schedules
from practice_cloud.arm.known import only
from practice_cloud.arm.paging import page
from practice_cloud.arm.policies import denials
from practice_cloud.arm.tags import tags
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

TASK = "ComputeVmShutdownTask"
_TIME = re.compile(r"([01]\d|2[0-3]):?[0-5]\d")
_KNOWN = frozenset({"status", "taskType", "dailyRecurrence", "timeZoneId", "notificationSettings", "targetResourceId"})
_SHOWN = frozenset({"createdDate", "uniqueIdentifier"})


async def put(call: Call) -> Response:
    """201, or 200 for one that is there. Raises AzureError 400 for what is no time and for another name than the
    machine's, 404 for no machine, 501 for other tasks."""
    body, before = await call.body(), schedules.find(call.cloud, _id(call))
    denials.require_none(call.cloud, call.sid, _id(call), {**body, "type": schedules.TYPE, "name": call.param("name")})
    properties = _properties(body)
    vm = _machine(call, properties)
    location = ids.location_name(str(body.get("location") or ""))
    if location != vm["location"]:
        raise AzureError(400, "LocationRequired", "The location property must be that of the machine.")
    doc: Doc = {
        "id": _id(call),
        "name": call.param("name"),
        "location": location,
        "tags": tags(body),
        "guid": before["guid"] if before else str(uuid.uuid4()),
        "createdAt": before["createdAt"] if before else call.cloud.clock.now().isoformat(),
        "changedAt": call.now,
        "properties": {**properties, "targetResourceId": vm["id"]},
    }
    schedules.save(call.cloud, doc)
    return JSONResponse(_shown(doc), 201 if before is None else 200)


def _properties(body: Doc) -> Doc:
    sent = {name: value for name, value in (body.get("properties") or {}).items() if name not in _SHOWN}
    kept = only("schedule", sent, _KNOWN)
    if kept.get("taskType") != TASK:
        raise AzureError(501, "NotImplementedByPracticeCloud", f"The practice cloud knows schedules of {TASK} only.")
    time, status = (kept.get("dailyRecurrence") or {}).get("time"), kept.get("status", "Disabled")
    if not isinstance(time, str) or not _TIME.fullmatch(time) or status not in ("Enabled", "Disabled"):
        raise _invalid("A schedule needs dailyRecurrence.time, as in 1900, and the status Enabled or Disabled.")
    if kept.get("timeZoneId") not in schedules.ZONES:
        raise AzureError(
            501,
            "NotImplementedByPracticeCloud",
            f"The practice cloud knows the time zones {', '.join(schedules.ZONES)}.",
        )
    return {"notificationSettings": {"status": "Disabled", "timeInMinutes": 30}, **kept, "status": status}


def _machine(call: Call, properties: Doc) -> Doc:
    """The machine that a schedule is for; the code where there is none is assumed."""
    target: Any = properties.get("targetResourceId") or ""
    vm = machines.find(call.cloud, str(target))
    if vm is None or vm["subscriptionId"] != call.sid:
        raise AzureError(404, "ResourceNotFound", f"The Resource '{target}' was not found.")
    if schedules.id_for(vm).lower() != _id(call).lower():
        raise AzureError(
            400,
            "InvalidScheduleId",
            f"The schedule should be created in subscription {vm['subscriptionId']}, resource group"
            f" {vm['resourceGroup']} and with name shutdown-computevm-{vm['name']}",
        )
    return vm


def _invalid(message: str) -> AzureError:
    return AzureError(400, "InvalidRequestContent", message)


async def patch(call: Call) -> Response:
    """Tags, which is all that Azure's own PATCH changes."""
    doc, body = _named(call), await call.body()
    changed = {**doc, "tags": tags(body) if "tags" in body else doc["tags"]}
    schedules.save(call.cloud, changed)
    return JSONResponse(_shown(changed))


async def get(call: Call) -> Response:
    return JSONResponse(_shown(_named(call)))


async def delete(call: Call) -> Response:
    """200, or 204 where there is none."""
    doc = schedules.find(call.cloud, _id(call))
    if doc is not None:
        schedules.delete(call.cloud, doc)
    return Response(status_code=204 if doc is None else 200)


async def list_in_group(call: Call) -> Response:
    return _listed(call, f"{call.group['id']}/")


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, "/")


def _listed(call: Call, prefix: str) -> Response:
    found = schedules.in_subscription(call.cloud, call.sid)
    inside = [doc for doc in found if doc["id"].lower().startswith(prefix.lower())]
    return page(call, [_shown(doc) for doc in inside if call.may(f"{schedules.TYPE}/read", doc["id"])])


def _shown(doc: Doc) -> Doc:
    return {
        "id": doc["id"],
        "name": doc["name"],
        "type": schedules.TYPE,
        "location": doc["location"],
        "tags": doc["tags"],
        "properties": {
            **doc["properties"],
            "createdDate": doc["createdAt"],
            "provisioningState": "Succeeded",
            "uniqueIdentifier": doc["guid"],
        },
    }


def _id(call: Call) -> str:
    return ids.resource_id(call.sid, call.group["name"], schedules.TYPE, call.param("name"))


def _named(call: Call) -> Doc:
    doc = schedules.find(call.cloud, _id(call))
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{schedules.TYPE}/{call.param('name')}' under resource group '{call.param('rg')}' was not"
            " found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc
