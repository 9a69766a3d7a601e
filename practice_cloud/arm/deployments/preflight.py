"""What ARM looks at before a deployment begins: whether there is room for the machines in it.

The whole template is refused then, and nothing of it is made. The words and the inner code of a quota are those of
https://github.com/theonemule/fahclient-azure-vm/issues/3.
"""

from __future__ import annotations

import uuid
from typing import Any

from practice_cloud import ids, machines
from practice_cloud.arm.deployments.template import Resource
from practice_cloud.arm.vms import room
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_MACHINE = "microsoft.compute/virtualmachines"
_CODES = {"OperationNotAllowed": "QuotaExceeded"}


def require_room(call: Call, name: str, resources: list[Resource]) -> None:
    """Raises AzureError 400, whose details say what is not to be had. Each machine is looked at by itself."""
    found = [one for one in (_refusal(call, resource) for resource in resources) if one is not None]
    if found:
        raise AzureError(
            400,
            "InvalidTemplateDeployment",
            f"The template deployment '{name}' is not valid according to the validation procedure. The tracking id is"
            f" '{uuid.uuid4()}'. See inner errors for details.",
            details=found,
        )


def _refusal(call: Call, resource: Resource) -> Doc | None:
    if resource.kind.lower() != _MACHINE or machines.find(call.cloud, resource.id) is not None:
        return None
    size: Any = ((resource.body.get("properties") or {}).get("hardwareProfile") or {}).get("vmSize")
    region = ids.location_name(str(resource.body.get("location") or ""))
    try:
        room.require(call, str(size or ""), region, resource.id)
    except AzureError as refused:
        return {"code": _CODES.get(refused.code, refused.code), "message": refused.message}
    return None
