"""Locks: set, show, list, lift. What they refuse is in ``practice_cloud.arm.locks``.

Shapes from https://learn.microsoft.com/rest/api/resources/management-locks (2016-09-01, 2020-05-01).
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud import ids
from practice_cloud.arm import locks
from practice_cloud.arm.paging import page
from practice_cloud.arm.roles import scope as scopes
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc


async def put(call: Call) -> Response:
    """201, or 200 for one that is there. Raises AzureError 400 for no level, 404 for a scope that is not there."""
    scope, body = scopes.there(call), await call.body()
    sent = body.get("properties") if isinstance(body.get("properties"), dict) else {}
    level = {known.lower(): known for known in locks.LEVELS}.get(str((sent or {}).get("level") or "").lower())
    if level is None:
        raise AzureError(400, "InvalidLockProperties", f"The lock level must be one of {', '.join(locks.LEVELS)}.")
    name = call.param("lock")
    doc: Doc = {
        "id": f"{scope}/providers/Microsoft.Authorization/locks/{name}",
        "name": name,
        "type": "Microsoft.Authorization/locks",
        "properties": {"level": level, **({"notes": sent["notes"]} if sent and sent.get("notes") else {})},
        "scope": scope,
    }
    known = call.cloud.store.get("lock", _key(call)) is not None
    call.cloud.store.put("lock", _key(call), doc, owner=call.sid)
    return JSONResponse(_shown(doc), 200 if known else 201)


async def get(call: Call) -> Response:
    doc = call.cloud.store.get("lock", _key(call))
    if doc is None:
        raise AzureError(404, "LockNotFound", f"The lock '{call.param('lock')}' could not be found.")
    return JSONResponse(_shown(doc))


async def delete(call: Call) -> Response:
    """200, or 204 where there is none."""
    return Response(status_code=200 if call.cloud.store.delete("lock", _key(call)) else 204)


async def list_(call: Call) -> Response:
    """Those at the scope, above and below it."""
    scope = scopes.there(call)
    near = [one for one in locks.kept(call.cloud, call.sid) if _related(one["scope"], scope)]
    return page(call, [_shown(one) for one in near])


def _related(one: str, other: str) -> bool:
    return ids.covers(one, other) or ids.covers(other, one)


def _key(call: Call) -> str:
    return f"{scopes.of(call)}/{call.param('lock')}".lower()


def _shown(doc: Doc) -> Doc:
    return {name: value for name, value in doc.items() if name != "scope"}
