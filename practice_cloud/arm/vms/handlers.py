"""Virtual machines: make, show, list, instance view, identities and tags, start and stop, delete."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import ids, machines, operations
from practice_cloud.arm.paging import page
from practice_cloud.arm.policies import denials
from practice_cloud.arm.tags import tags
from practice_cloud.arm.vms import allocation, creation, identity, render
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.operations import HOST, iso
from practice_cloud.store import Doc

TYPE = creation.TYPE


async def get(call: Call) -> Response:
    expanded = call.request.query_params.get("$expand", "").lower()
    if expanded not in ("", "instanceview", "userdata"):
        raise AzureError(400, "InvalidParameter", "The value of $expand must be instanceView or userData.")
    return JSONResponse(render.vm(named(call), instance=expanded == "instanceview"))


async def instance_view(call: Call) -> Response:
    return JSONResponse(render.instance_view(named(call)))


async def list_in_group(call: Call) -> Response:
    return _listed(call, machines.in_group(call.cloud, call.sid, call.group["name"]))


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, machines.in_subscription(call.cloud, call.sid))


def _listed(call: Call, docs: list[Doc]) -> Response:
    instance = call.request.query_params.get("statusOnly", "").lower() == "true" or (
        call.request.query_params.get("$expand", "").lower() == "instanceview"
    )
    return page(call, [render.vm(doc, instance=instance) for doc in docs if call.may(f"{TYPE}/read", doc["id"])])


async def patch(call: Call) -> Response:
    """Identities and tags. What else a machine has does not change here."""
    doc, body = changeable(call, named(call)), await call.body()
    _only_known(call, doc, body)
    denials.require_none(call.cloud, call.sid, doc["id"], render.vm(doc, instance=False))
    return JSONResponse(render.vm(_changed(call, doc, body, whole=False), instance=False))


async def put(call: Call) -> Response:
    """The whole machine as ``az vm update`` sends it back, tags and all; or 201 for a new one, with an operation to
    poll until it runs. One that got no place is tried again.

    az leaves a machine's own identity out of what it sends back, and Azure leaves the identity alone.
    """
    doc, body = machines.find(call.cloud, _id(call)), await call.body()
    denials.require_none(call.cloud, call.sid, _id(call), {**body, "type": TYPE, "name": call.param("name")})
    if doc is None:
        with call.cloud.store.transaction():
            made, disk = creation.new(call, body)
            seconds, failed = call.cloud.timings_of(call.sid).vm_power, allocation.failure(call, made)
            made |= {"failed": failed} if failed else {}
            if not operations.fate(call.cloud, call.sid):
                seconds = creation.keep(call, made, disk)
            operation = operations.start(call.cloud, call.sid, "createVm", made["id"], seconds=seconds)
            operation = allocation.fail(call, operation, failed) if failed else operation
        headers = where(call, made["location"], operation)
        return JSONResponse(render.vm(made, instance=False), 201, headers)
    _only_known(call, changeable(call, doc), body)
    doc = _changed(call, doc, {"tags": {}, **body}, whole=True)
    again = _begun(call, passing="starting", final="running") if "failed" in doc else {}
    return JSONResponse(render.vm(named(call), instance=False), headers=again)


async def delete(call: Call) -> Response:
    """202 with an operation to poll; 204 where there is none.

    Source: https://learn.microsoft.com/rest/api/compute/virtual-machines/delete
    """
    doc = machines.find(call.cloud, _id(call))
    if doc is None:
        return Response(status_code=204)
    with call.cloud.store.transaction():
        seconds = call.cloud.timings_of(call.sid).vm_power
        if not operations.fate(call.cloud, call.sid):
            seconds = machines.begin_to_delete(call.cloud, doc)
        operation = operations.start(call.cloud, call.sid, "deleteVm", doc["id"], seconds=seconds)
    return Response(status_code=202, headers=where(call, doc["location"], operation))


def changeable(call: Call, doc: Doc) -> Doc:
    """Raises AzureError 409, as recorded, for a machine that is being deleted."""
    if "goneAt" in doc:
        action = call.request.url.path.rsplit("/", 1)[-1] if call.request.method == "POST" else "write"
        raise AzureError(
            409,
            "OperationNotAllowed",
            f"Operation '{action}' is not allowed on VM '{doc['name']}' since the VM is marked for deletion. You can"
            " only retry the Delete operation (or wait for an ongoing one to complete).",
        )
    return doc


def _changed(call: Call, doc: Doc, body: Doc, *, whole: bool) -> Doc:
    with call.cloud.store.transaction():
        if "identity" in body:
            doc = identity.changed(call, doc, body["identity"], whole=whole)
        if "tags" in body:
            doc = {**doc, "tags": tags(body)}
        machines.save(call.cloud, doc)
    return doc


def _only_known(call: Call, doc: Doc, body: Doc) -> None:
    """Raises AzureError 501 where a property other than the machine's own is asked for. A password is nobody's to
    compare: it is taken for the one the machine has."""
    own = render.vm(doc, instance=True)["properties"]
    own["osProfile"]["adminPassword"] = _password(body)
    for name, value in (body.get("properties") or {}).items():
        if value is not None and not _within(value, own.get(name)):
            raise AzureError(
                501,
                "NotImplementedByPracticeCloud",
                f"The practice cloud changes a machine's identities and tags, not its properties.{name}.",
            )


def _password(body: Doc) -> object:
    return ((body.get("properties") or {}).get("osProfile") or {}).get("adminPassword")


def _within(sent: object, own: object) -> bool:
    """Whether everything sent is so already."""
    if isinstance(sent, dict) and isinstance(own, dict):
        return all(value is None or _within(value, own.get(name)) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(own, list):
        return len(sent) == len(own) and all(_within(*pair) for pair in zip(sent, own, strict=True))
    if isinstance(sent, str) and isinstance(own, str):
        return sent.casefold() == own.casefold()
    return sent == own


async def start(call: Call) -> Response:
    return _power(call, passing="starting", final="running")


async def deallocate(call: Call) -> Response:
    return _power(call, passing="deallocating", final="deallocated")


async def power_off(call: Call) -> Response:
    return _power(call, passing="stopping", final="stopped")


async def restart(call: Call) -> Response:
    """Raises AzureError 409 where there is nothing running to start again."""
    if changeable(call, named(call))["powerState"] not in ("running", "starting"):
        raise AzureError(409, "OperationNotAllowed", "The VM cannot be restarted because it is not running.")
    return _power(call, passing="starting", final="running")


def _power(call: Call, *, passing: str, final: str) -> Response:
    """202 with an operation to poll."""
    return Response(status_code=202, headers=_begun(call, passing=passing, final=final))


def _begun(call: Call, *, passing: str, final: str) -> dict[str, str]:
    """The headers of the operation that brings the machine into that power state."""
    doc = changeable(call, named(call))
    if "settling" in doc and doc["settling"]["powerState"] != final:
        raise AzureError(
            409,
            "Conflict",
            f"The request failed because the VM '{doc['name']}' is {doc['powerState']}. Wait until it is done.",
        )
    with call.cloud.store.transaction():
        seconds = call.cloud.timings_of(call.sid).vm_power
        failed = allocation.failure(call, doc) if final == "running" and doc["powerState"] == "deallocated" else None
        if not failed and not operations.fate(call.cloud, call.sid):
            seconds = machines.change_power(call.cloud, doc, passing=passing, final=final)
        operation = operations.start(call.cloud, call.sid, "power", doc["id"], seconds=seconds)
        operation = allocation.fail(call, operation, failed) if failed else operation
    return where(call, doc["location"], operation)


def where(call: Call, location: str, operation: Doc) -> dict[str, str]:
    """Recorded: the operation in ``Azure-AsyncOperation``, and the same with ``monitor=true`` in ``Location``."""
    path = f"/subscriptions/{call.sid}/providers/Microsoft.Compute/locations/{location}/operations/{operation['id']}"
    url = f"{HOST}{path}?api-version={call.api_version}"
    location_url = f"{HOST}{path}?monitor=true&api-version={call.api_version}"
    return {"Azure-AsyncOperation": url, "Location": location_url, **operations.retry_after(call.cloud, operation)}


async def operation(call: Call) -> Response:
    """The operation's state, or with ``monitor=true`` its outcome once there is one."""
    doc = operations.find(call.cloud, call.sid, call.param("operation"))
    if call.request.query_params.get("monitor", "").lower() == "true":
        return _outcome(call, doc)
    shown: Doc = {"startTime": iso(doc["startTime"]), "status": doc["status"], "name": doc["id"]}
    if "endTime" in doc:
        shown["endTime"] = iso(doc["endTime"])
    if "error" in doc:
        shown["error"] = doc["error"]
    if "output" in doc:
        shown["properties"] = {"output": doc["output"]}
    waiting = operations.retry_after(call.cloud, doc) if doc["status"] == "InProgress" else {}
    return JSONResponse(shown, headers=waiting)


def _outcome(call: Call, doc: Doc) -> Response:
    if doc["status"] == "InProgress":
        return Response(status_code=202, headers=where(call, call.param("location"), doc))
    operations.require_success(doc)
    return JSONResponse(doc["output"]) if "output" in doc else Response(status_code=200)


def _id(call: Call) -> str:
    return ids.resource_id(call.sid, call.param("rg"), TYPE, call.param("name"))


def named(call: Call) -> Doc:
    """The machine the path names. Raises AzureError 404."""
    doc = machines.find(call.cloud, _id(call))
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{TYPE}/{call.param('name')}' under resource group '{call.param('rg')}' was not found. For"
            " more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc
