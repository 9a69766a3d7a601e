"""Deleted vaults: show, list, purge, and the purge's own progress."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import ids, operations
from practice_cloud.arm.paging import page
from practice_cloud.arm.vaults import render
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.operations import HOST, iso
from practice_cloud.store import Doc
from practice_cloud.vaults import model


async def get(call: Call) -> Response:
    return JSONResponse(render.deleted(_named(call)))


async def list_(call: Call) -> Response:
    return page(call, [render.deleted(doc) for doc in model.deleted_in_subscription(call.cloud, call.sid)])


async def purge(call: Call) -> Response:
    """202 with a Location to poll. Raises AzureError 405 where purge protection is on."""
    doc = _named(call)
    if doc.get("enablePurgeProtection"):
        raise AzureError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")
    with call.cloud.store.transaction():
        seconds = call.cloud.timings_of(call.sid).vault_purge
        if not operations.fate(call.cloud, call.sid):
            seconds = model.purge(call.cloud, doc)
        operation = operations.start(call.cloud, call.sid, "purge", doc["id"], seconds=seconds)
    return Response(status_code=202, headers=_where(call, doc["location"], operation))


async def purge_result(call: Call) -> Response:
    """202 with the same Location while the purge goes on, then 200. Raises AzureError 409 for one that failed."""
    operation = operations.find(call.cloud, call.sid, call.param("operation"))
    if operation["status"] == "InProgress":
        return Response(status_code=202, headers=_where(call, call.param("location"), operation))
    operations.require_success(operation)
    return JSONResponse(
        {
            "status": operation["status"],
            "createdDateTime": iso(operation["startTime"]),
            "lastActionDateTime": iso(operation["endTime"]),
        }
    )


def _where(call: Call, location: str, operation: Doc) -> dict[str, str]:
    place = f"/subscriptions/{call.sid}/providers/Microsoft.KeyVault/locations/{location}"
    url = f"{HOST}{place}/operationResults/{operation['id']}?api-version={call.api_version}"
    return {"Location": url, **operations.retry_after(call.cloud, operation)}


def _named(call: Call) -> Doc:
    doc = model.listed_deleted(call.cloud, call.param("name"))
    here = doc is not None and doc["sid"] == call.sid and doc["location"] == ids.location_name(call.param("location"))
    if doc is None or not here:
        raise AzureError(404, "DeletedVaultNotFound", "The specified deleted vault does not exist.")
    return doc
