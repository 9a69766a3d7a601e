"""Moving vaults to another resource group, as ``az resource move`` asks for it.

Sources: https://learn.microsoft.com/rest/api/resources/resources/move-resources (and ``validate-move-resources``),
https://learn.microsoft.com/azure/azure-resource-manager/management/move-resource-group-and-subscription. A vault keeps
its name, its region and what is in it, its access policies too; roles that were given at it stay behind, and are of no
use there. A ReadOnly lock at either end refuses, a CanNotDelete lock does not: nothing is deleted.
"""

from __future__ import annotations

import re

from starlette.responses import Response

from practice_cloud import ids, operations
from practice_cloud.arm import gate, locks
from practice_cloud.arm.core.groups import where
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.rbac import scopes
from practice_cloud.store import Doc
from practice_cloud.vaults import model as vaults

_VAULT = "Microsoft.KeyVault/vaults"
_GROUP = re.compile(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/?", re.IGNORECASE)


async def move(call: Call) -> Response:
    """202 with a Location to poll, which ends in 204. Raises AzureError 404 for a group or a vault that is not there,
    501 for other kinds of resources."""
    group, found = await _asked(call)
    with call.cloud.store.transaction():
        for doc in found:
            scopes.forget(call.cloud, call.sid, doc["id"])
            moved = ids.resource_id(call.sid, group["name"], _VAULT, doc["name"])
            vaults.save(call.cloud, {**doc, "group": group["name"], "id": moved})
    return _begun(call)


async def validate(call: Call) -> Response:
    """Whether they could be moved; what stands against it is answered at once, as to the move itself."""
    await _asked(call)
    return _begun(call)


def _begun(call: Call) -> Response:
    operation = operations.start(call.cloud, call.sid, operations.MOVE, call.group["id"], seconds=0)
    return Response(status_code=202, headers=where(call, operation))


async def _asked(call: Call) -> tuple[Doc, list[Doc]]:
    """The group that they go to, and the vaults."""
    body = await call.body()
    sent, target = body.get("resources"), _GROUP.fullmatch(str(body.get("targetResourceGroup") or ""))
    if not isinstance(sent, list) or not sent or target is None:
        raise invalid_content("'resources' and 'targetResourceGroup', the id of a resource group, are needed")
    if target[1].lower() != call.sid:
        gate.subscription(call.cloud, call.claims, target[1])
    group = gate.group(call.cloud, call.sid, target[2], changes=True)
    if group["id"] == call.group["id"]:
        raise invalid_content(f"the resources are in the resource group '{group['name']}' already")
    found = [_vault(call, str(one)) for one in sent]
    gate.authorize(call.cloud, call.claims, call.subscription, group["id"], f"{_VAULT}/write", listing=False)
    for scope in (group["id"], *(doc["id"] for doc in found)):
        locks.require_none(call.cloud, call.sid, scope, method="POST", action=f"{_VAULT}/write")
    return group, found


def _vault(call: Call, resource_id: str) -> Doc:
    kind = f"{ids.resource_id(call.sid, call.group['name'], _VAULT, '')}".lower()
    if not resource_id.lower().startswith(kind):
        raise AzureError(
            501, "NotImplementedByPracticeCloud", "The practice cloud moves vaults of the group only, nothing else."
        )
    doc = vaults.in_group(call.cloud, call.sid, call.group["name"], resource_id.rpartition("/")[2])
    if doc is None:
        raise AzureError(404, "ResourceNotFound", f"The Resource '{resource_id}' was not found.")
    return doc
