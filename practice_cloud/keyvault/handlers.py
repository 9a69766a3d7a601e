"""Secrets: set, get, update. The rest is done to them as to anything in a vault."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.errors import AzureError
from practice_cloud.keyvault import render
from practice_cloud.keyvault.common import Kind
from practice_cloud.keyvault.wire import Call
from practice_cloud.store import Doc
from practice_cloud.vaults import rules, secrets, shelf


def _whole(call: Call, doc: Doc, version: Doc) -> Doc:
    return render.bundle(call.vault, doc, version, call.api_version, value=False)


def _short(call: Call, doc: Doc) -> Doc:
    return render.item(call.vault, doc, call.api_version)


KIND = Kind("secrets", secrets.SHELF, _whole, _short)


async def set_(call: Call) -> Response:
    doc = secrets.set_value(call.cloud, call.vault, call.name, await call.body())
    return JSONResponse(render.bundle(call.vault, doc, shelf.current(doc), call.api_version, value=True))


async def get(call: Call) -> Response:
    """A disabled version is refused; one outside its dates is not.

    Source: https://learn.microsoft.com/azure/key-vault/secrets/about-secrets, "Date-time controlled operations".
    """
    doc = secrets.SHELF.live(call.cloud, call.vault, rules.name(call.name))
    version = secrets.SHELF.version_of(doc, call.version)
    if not version["enabled"]:
        raise AzureError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", inner="SecretDisabled")
    return JSONResponse(render.bundle(call.vault, doc, version, call.api_version, value=True))


async def update(call: Call) -> Response:
    """Changes what is named and nothing else; the value has no part in it."""
    body = await call.body()
    with call.cloud.store.transaction():
        doc = secrets.SHELF.live(call.cloud, call.vault, rules.name(call.name))
        version = secrets.SHELF.version_of(doc, call.version)
        if body.get("contentType") is not None:
            version["contentType"] = rules.content_type(body["contentType"])
        secrets.SHELF.change(call.cloud, call.vault, doc, version, sent=body, now=call.now)
    return JSONResponse(render.bundle(call.vault, doc, version, call.api_version, value=False))
