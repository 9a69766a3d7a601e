"""``GET /resources``: everything in a subscription or a group, in its short form."""

from __future__ import annotations

from starlette.responses import Response

from practice_cloud import disks, identities, machines, networks, schedules
from practice_cloud.arm.core import filters
from practice_cloud.arm.paging import page
from practice_cloud.arm.vms import render as vm_render
from practice_cloud.arm.wire import Call
from practice_cloud.store import Doc
from practice_cloud.vaults import model as vaults


async def in_subscription(call: Call) -> Response:
    return _listed(call, _all(call))


async def in_group(call: Call) -> Response:
    prefix = f"{call.group['id']}/".lower()
    return _listed(call, [one for one in _all(call) if one["id"].lower().startswith(prefix)])


def _listed(call: Call, found: list[Doc]) -> Response:
    passes = filters.parse(call.request.query_params.get("$filter"))
    return page(call, [one for one in found if passes(one) and call.may(f"{one['type']}/read", one["id"])])


def _all(call: Call) -> list[Doc]:
    found = [_short(doc, "Microsoft.KeyVault/vaults") for doc in vaults.in_subscription(call.cloud, call.sid)]
    found += [_short(doc, identities.TYPE) for doc in identities.in_subscription(call.cloud, call.sid)]
    found += [_short(doc, doc["type"]) for doc in networks.in_subscription(call.cloud, call.sid)]
    found += [_short(doc, schedules.TYPE) for doc in schedules.in_subscription(call.cloud, call.sid)]
    found += [_short(doc, disks.TYPE) for doc in disks.in_subscription(call.cloud, call.sid)]
    for doc in machines.in_subscription(call.cloud, call.sid):
        identity = vm_render.identity(doc)
        found.append(
            {**_short(doc, "Microsoft.Compute/virtualMachines"), **({"identity": identity} if identity else {})}
        )
    return sorted(found, key=lambda one: str(one["id"]).lower())


def _short(doc: Doc, resource_type: str) -> Doc:
    return {
        "id": doc["id"],
        "name": doc["name"],
        "type": resource_type,
        "location": doc["location"],
        "tags": doc.get("tags") or {},
    }
