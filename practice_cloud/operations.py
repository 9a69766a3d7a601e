"""Long-running operations: documents of their own, so that a poll survives a restart.

Most end by the clock and need nobody to end them; Run Command is ended by its script, and its
time is a guess. A document: ``id, sid, kind, resource, startTime, dueAt, byClock, status, endTime?,
error?, output?, fate?``, times in seconds since 1970.

``operationFate/{sid}``, ``{fate}``: what becomes of every operation that the student begins from now on. One that
"fails" ends in Failed when it is due, one that "hangs" never ends; neither of them has any effect.
"""

from __future__ import annotations

import math
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

HOST = "https://management.azure.com"
RUN_COMMAND = "runCommand"
MOVE = "moveResources"
FATES = ("fails", "hangs")
_KEPT_SECONDS = 24 * 3600
_FAILURE = {"code": "InternalExecutionError", "message": "An internal execution error occurred. Please retry later."}


def start(cloud: Cloud, sid: str, kind: str, resource: str, *, seconds: float, by_clock: bool = True) -> Doc:
    """A new operation. ``by_clock``: it has succeeded ``seconds`` from now; otherwise somebody saves its end."""
    now = cloud.clock.now().timestamp()
    _forget_old(cloud, sid, now)
    doc: Doc = {
        "id": str(uuid.uuid4()),
        "sid": sid,
        "kind": kind,
        "resource": resource,
        "startTime": now,
        "dueAt": now + seconds,
        "byClock": by_clock,
        "status": "InProgress",
    }
    if fate(cloud, sid):
        doc["fate"] = fate(cloud, sid)
    save(cloud, doc)
    return doc


def fate(cloud: Cloud, sid: str) -> str:
    """What becomes of the operations that the student begins now: "" for what always becomes of them."""
    return str((cloud.store.get("operationFate", sid) or {}).get("fate", ""))


def _forget_old(cloud: Cloud, sid: str, now: float) -> None:
    """Azure does not remember an operation for ever either."""
    for doc in cloud.store.list("operation", owner=sid):
        if doc["startTime"] < now - _KEPT_SECONDS:
            forget(cloud, doc)


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("operation", doc["id"], doc, owner=doc["sid"])


def forget(cloud: Cloud, doc: Doc) -> None:
    cloud.store.delete("operation", doc["id"])


def find(cloud: Cloud, sid: str, operation_id: str) -> Doc:
    """The operation as it stands now. Raises AzureError 404."""
    doc = cloud.store.get("operation", operation_id.lower())
    if doc is None or doc["sid"] != sid:
        raise AzureError(404, "OperationNotFound", f"The operation '{operation_id}' could not be found.")
    return settled(cloud, doc)


def settled(cloud: Cloud, doc: Doc) -> Doc:
    due = doc["dueAt"] <= cloud.clock.now().timestamp()
    if "fate" in doc:
        running = {name: value for name, value in doc.items() if name not in ("endTime", "output", "error")}
        if doc["fate"] == "hangs" or not due:
            return {**running, "status": "InProgress"}
        return {**running, "status": "Failed", "endTime": doc["dueAt"], "error": _FAILURE}
    if doc["status"] == "InProgress" and doc["byClock"] and due:
        return {**doc, "status": "Succeeded", "endTime": doc["dueAt"]}
    return doc


def require_success(doc: Doc) -> None:
    """Raises AzureError 409 with what an operation failed of."""
    if doc["status"] == "Failed":
        raise AzureError(409, doc["error"]["code"], doc["error"]["message"])


def in_progress(cloud: Cloud, sid: str, kind: str, resource: str) -> Doc | None:
    """The operation of that kind that is under way on ``resource``."""
    for doc in cloud.store.list("operation", owner=sid):
        same = doc["kind"] == kind and doc["resource"].lower() == resource.lower()
        if same and settled(cloud, doc)["status"] == "InProgress":
            return doc
    return None


def retry_after(cloud: Cloud, doc: Doc) -> dict[str, str]:
    """The Retry-After header, in whole seconds; none where the wait is shorter than a header can say."""
    remaining = doc["dueAt"] - cloud.clock.now().timestamp()
    return {"Retry-After": str(math.ceil(remaining))} if remaining >= 0.5 else {}


def iso(seconds: float, *, timespec: str = "microseconds") -> str:
    """Seconds since 1970 as ARM writes a time; how finely (``datetime.isoformat``) is each service's own habit."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
