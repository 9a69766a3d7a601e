"""The operations of Microsoft.Network: making and deleting takes a while, and is polled.

``Azure-AsyncOperation`` tells the state, and the ``Location`` of a deletion the outcome; what the clients read of them:
https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from practice_cloud import operations
from practice_cloud.arm.wire import Call
from practice_cloud.ids import NETWORK
from practice_cloud.operations import HOST
from practice_cloud.store import Doc


def begin(call: Call, kind: str, doc: Doc, act: Callable[[float], float]) -> dict[str, str]:
    """The headers of an operation that has begun. ``act(seconds)`` changes what is kept, and answers the seconds it
    takes; it is left out where the student's operations come to nothing."""
    with call.cloud.store.transaction():
        seconds = call.cloud.timings_of(call.sid).network_change
        if not operations.fate(call.cloud, call.sid):
            seconds = act(seconds)
        operation = operations.start(call.cloud, call.sid, kind, doc["id"], seconds=seconds)
    place = f"{HOST}/subscriptions/{call.sid}/providers/{NETWORK}/locations/{doc['location']}"
    headers = {"Azure-AsyncOperation": _where(call, place, "operations", operation)}
    if call.request.method == "DELETE":
        headers["Location"] = _where(call, place, "operationResults", operation)
    return {**headers, **operations.retry_after(call.cloud, operation)}


def _where(call: Call, place: str, what: str, operation: Doc) -> str:
    return f"{place}/{what}/{operation['id']}?api-version={call.api_version}"


async def state(call: Call) -> Response:
    doc = operations.find(call.cloud, call.sid, call.param("operation"))
    shown = {"status": doc["status"], **({"error": doc["error"]} if "error" in doc else {})}
    return JSONResponse(shown, headers=operations.retry_after(call.cloud, doc) if _running(doc) else {})


async def result(call: Call) -> Response:
    """202 while it goes on, then 204. Raises AzureError 409 for one that failed."""
    doc = operations.find(call.cloud, call.sid, call.param("operation"))
    if _running(doc):
        where = f"{HOST}{call.request.url.path}?api-version={call.api_version}"
        return Response(status_code=202, headers={"Location": where, **operations.retry_after(call.cloud, doc)})
    operations.require_success(doc)
    return Response(status_code=204)


def _running(doc: Doc) -> bool:
    return str(doc["status"]) == "InProgress"
