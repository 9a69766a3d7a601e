"""Keys: create, get, update. The rest is done to them as to anything in a vault.

What a key does (sign, encrypt, wrap …), importing, rotating and backing up are not there: 501.
"""

from __future__ import annotations

import asyncio

from starlette.responses import JSONResponse, Response

from practice_cloud.keyvault.common import Kind
from practice_cloud.keyvault.render import attributes
from practice_cloud.keyvault.wire import Call
from practice_cloud.store import Doc
from practice_cloud.vaults import keys, rules, shelf
from practice_cloud.vaults.model import host


async def create(call: Call) -> Response:
    """A new key, or a new version of one. Made beside the event loop: it takes a while."""
    sent = await call.body()
    wanted = keys.wanted(sent, premium=call.vault["sku"]["name"] == "premium")
    made = await asyncio.to_thread(keys.make, wanted)
    doc = keys.add(call.cloud, call.vault, call.name, made, sent)
    return JSONResponse(_whole(call, doc, shelf.current(doc)))


async def get(call: Call) -> Response:
    """Disabled keys too: only their use is refused."""
    doc = keys.SHELF.live(call.cloud, call.vault, rules.name(call.name))
    return JSONResponse(_whole(call, doc, keys.SHELF.version_of(doc, call.version)))


async def update(call: Call) -> Response:
    """Changes what is named and nothing else."""
    body = await call.body()
    with call.cloud.store.transaction():
        doc = keys.SHELF.live(call.cloud, call.vault, rules.name(call.name))
        version = keys.SHELF.version_of(doc, call.version)
        if body.get("key_ops") is not None:
            version["key_ops"] = keys.operations(body["key_ops"])
        keys.SHELF.change(call.cloud, call.vault, doc, version, sent=body, now=call.now)
    return JSONResponse(_whole(call, doc, version))


def _whole(call: Call, doc: Doc, version: Doc) -> Doc:
    kid = f"{host(call.vault)}/keys/{doc['name']}/{version['id']}"
    key = {"kid": kid, "kty": version["kty"], "key_ops": version["key_ops"], **version["public"]}
    return {"key": key, **_described(call, version)}


def _short(call: Call, doc: Doc) -> Doc:
    return {"kid": f"{host(call.vault)}/keys/{doc['name']}", **_described(call, shelf.current(doc))}


def _described(call: Call, version: Doc) -> Doc:
    shown: Doc = {"attributes": attributes(call.vault, version, call.api_version)}
    return shown if version.get("tags") is None else {**shown, "tags": version["tags"]}


KIND = Kind("keys", keys.SHELF, _whole, _short)
