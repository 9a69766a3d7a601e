"""A vault's keys as ARM shows them, with no right on the data plane at all. They are made on the data plane only.

Shape from https://learn.microsoft.com/rest/api/keyvault/keys/list (Microsoft.KeyVault 2024-11-01).
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.vaults.handlers import named
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import keys, shelf
from practice_cloud.vaults.model import host


async def list_(call: Call) -> Response:
    """In short: without what a key may do and how long it is."""
    vault = named(call)
    return page(call, [_shown(vault, doc, {}) for doc in keys.SHELF.all_live(call.cloud, vault)])


async def get(call: Call) -> Response:
    vault, name = named(call), call.param("key")
    doc = keys.SHELF.any_state(call.cloud, vault, name)
    if doc is None or not shelf.there(call.cloud, doc):
        raise AzureError(404, "KeyNotFound", f"The key '{name}' was not found in the key vault '{vault['name']}'.")
    version = shelf.current(doc)
    curve = {"curveName": version["public"]["crv"]} if "crv" in version["public"] else {}
    whole = {
        "keyOps": version["key_ops"],
        "keyUriWithVersion": f"{host(vault)}/keys/{doc['name']}/{version['id']}",
        **curve,
    }
    return JSONResponse(_shown(vault, doc, whole))


def _shown(vault: Doc, doc: Doc, more: Doc) -> Doc:
    version = shelf.current(doc)
    attributes = {
        name: version[name] for name in ("enabled", "nbf", "exp", "created", "updated") if version.get(name) is not None
    }
    uri = f"{host(vault)}/keys/{doc['name']}"
    return {
        "id": f"{vault['id']}/keys/{doc['name']}",
        "name": doc["name"],
        "type": "Microsoft.KeyVault/vaults/keys",
        "location": vault["location"],
        "tags": version.get("tags") or {},
        "properties": {"attributes": attributes, "kty": version["kty"], "keyUri": uri, **more},
    }
