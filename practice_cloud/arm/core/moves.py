"""Moving vaults to another resource group, as ``az resource move`` asks for it.

Source: https://learn.microsoft.com/rest/api/resources/resources/move-resources. A vault keeps its name, its region and
what is in it; roles that were given at it stay behind, and are of no use there.
"""

from __future__ import annotations

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


async def move(call: Call) -> Response:
    """202 with a Location to poll. Raises AzureError 404 for a group or a vault that is not there, 501 for other kinds
    of resources."""
    body = await call.body()
    sent, target = body.get("resources"), str(body.get("targetResourceGroup") or "")
    if not isinstance(sent, list) or not sent or not target:
        raise invalid_content("'resources' and 'targetResourceGroup' are needed")
    group = gate.group(call.cloud, call.sid, target.rstrip("/").rpartition("/")[2], changes=True)
    found = [_vault(call, str(one)) for one in sent]
    gate.authorize(call.cloud, call.claims, call.subscription, group["id"], f"{_VAULT}/write", listing=False)
    locks.require_none(call.cloud, call.sid, group["id"], method="POST", action=f"{_VAULT}/write")
    with call.cloud.store.transaction():
        for doc in found:
            scopes.forget(call.cloud, call.sid, doc["id"])
            moved = ids.resource_id(call.sid, group["name"], _VAULT, doc["name"])
            vaults.save(call.cloud, {**doc, "group": group["name"], "id": moved})
        operation = operations.start(call.cloud, call.sid, "moveResources", call.group["id"], seconds=0)
    return Response(status_code=202, headers=where(call, operation))


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
