"""Template deployments: what ``az vm create`` and ``az deployment group create`` send.

Each resource of the template is put with its deployer's own token, one after the other, in the order its dependencies
want; the first that is refused ends the deployment as Failed. Shapes and codes from
https://learn.microsoft.com/rest/api/resources/deployments and
https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors.

``deployment``/{sid}/{group}/{name}, lower: ``id, name, template's outcome {resources, error?}, operation``.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import httpx
from starlette.responses import JSONResponse, Response

from practice_cloud import networks, operations
from practice_cloud.arm.deployments import preflight
from practice_cloud.arm.deployments.template import Resource, resources
from practice_cloud.arm.paging import page
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.json_body import json_object
from practice_cloud.operations import HOST, iso
from practice_cloud.store import Doc

_MACHINE = "microsoft.compute/virtualmachines"
_BARE = re.compile(rb'(?<="mode": "Incremental", )template:(?={)')


async def put(call: Call) -> Response:
    """201 with an operation to poll. Raises AzureError 400 for no template and no room, 501 for what is not evaluated
    here."""
    wanted = resources(await _body(call), call.group, call.subscription)
    preflight.require_room(call, call.param("name"), wanted)
    made, error = [], None
    for resource in wanted:
        error = await _put(call, resource)
        if error is not None:
            break
        networks.provision(call.cloud, resource.id)  # a deployment waits for each; its own time is counted below
        made.append(resource.id)
    slow = any(one.kind.lower() == _MACHINE for one in wanted)
    seconds = call.cloud.timings_of(call.sid).vm_power if slow and error is None else 0.0
    operation = operations.start(call.cloud, call.sid, "deployment", _id(call), seconds=seconds)
    if error is not None:
        failed = {"status": "Failed", "error": error, "endTime": call.now}
        operation = {**operation, **failed}
        operations.save(call.cloud, operation)
    doc: Doc = {"id": _id(call), "name": call.param("name"), "resources": made, "operation": operation["id"]}
    call.cloud.store.put("deployment", _key(call), doc, owner=call.sid)
    where = f"{HOST}{_id(call)}/operationStatuses/{operation['id']}?api-version={call.api_version}"
    headers = {"Azure-AsyncOperation": where, **operations.retry_after(call.cloud, operation)}
    return JSONResponse(_shown(call, doc), 201, headers)


async def validate(call: Call) -> Response:
    """200 for a template that can be evaluated here and has room; what its resources would be refused for otherwise is
    not looked at. Raises AzureError 400 where there is no room."""
    wanted = resources(await _body(call), call.group, call.subscription)
    preflight.require_room(call, call.param("name"), wanted)
    properties = {
        "provisioningState": "Succeeded",
        "mode": "Incremental",
        "correlationId": str(uuid.uuid4()),
        "validatedResources": [{"id": one.id} for one in wanted],
    }
    shown = {"id": _id(call), "name": call.param("name"), "type": "Microsoft.Resources/deployments"}
    return JSONResponse({**shown, "properties": properties})


async def _body(call: Call) -> Doc:
    """az sends a template as it found it, after a name without quotes (recorded), and ARM reads that."""
    raw = await call.request.body()
    try:
        return json_object(_BARE.sub(rb'"template":', raw, count=1) if _BARE.search(raw) else raw)
    except ValueError as error:
        raise invalid_content(str(error)) from error


async def _put(call: Call, resource: Resource) -> Doc | None:
    """Make one resource; the error it ends in, None where it is made."""
    headers = {"Authorization": call.request.headers.get("Authorization", "")}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(call.request.app), base_url=HOST) as client:
        answer = await client.put(
            resource.id, params={"api-version": resource.api_version}, json=resource.body, headers=headers
        )
    if answer.status_code < 400:
        return None
    refused: Any = answer.json()["error"]
    return {
        "code": "DeploymentFailed",
        "message": "At least one resource deployment operation failed. Please list deployment operations for details."
        " Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": [{"code": refused["code"], "message": refused["message"], "target": resource.id}],
    }


async def list_(call: Call) -> Response:
    """Those of the group whose operations are still remembered."""
    prefix = f"{call.sid}/{call.param('rg')}/".lower()
    kept = call.cloud.store.list("deployment", owner=call.sid, prefix=prefix)
    known = [doc for doc in kept if call.cloud.store.get("operation", doc["operation"]) is not None]
    return page(call, [_shown(call, doc) for doc in known])


async def get(call: Call) -> Response:
    doc = call.cloud.store.get("deployment", _key(call))
    if doc is None:
        raise AzureError(404, "DeploymentNotFound", f"Deployment '{call.param('name')}' could not be found.")
    return JSONResponse(_shown(call, doc))


async def status(call: Call) -> Response:
    operation = operations.find(call.cloud, call.sid, call.param("operation"))
    shown = {"status": _state(operation), **({"error": operation["error"]} if "error" in operation else {})}
    return JSONResponse(shown, headers=operations.retry_after(call.cloud, operation))


def _state(operation: Doc) -> str:
    return "Running" if operation["status"] == "InProgress" else str(operation["status"])


def _shown(call: Call, doc: Doc) -> Doc:
    operation = operations.find(call.cloud, call.sid, doc["operation"])
    properties = {
        "provisioningState": _state(operation),
        "mode": "Incremental",
        "timestamp": iso(operation["startTime"]),
        "correlationId": operation["id"],
        "outputResources": [{"id": one} for one in doc["resources"]],
        **({"error": operation["error"]} if "error" in operation else {}),
    }
    return {"id": doc["id"], "name": doc["name"], "type": "Microsoft.Resources/deployments", "properties": properties}


def _id(call: Call) -> str:
    return f"{call.group['id']}/providers/Microsoft.Resources/deployments/{call.param('name')}"


def _key(call: Call) -> str:
    return f"{call.sid}/{call.param('rg')}/{call.param('name')}".lower()
