"""The secrets that are there: set, get, update, list, list versions, delete."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.errors import AzureError
from practice_cloud.keyvault import render
from practice_cloud.keyvault.paging import page
from practice_cloud.keyvault.wire import Call
from practice_cloud.vaults import rules, secrets


async def set_(call: Call) -> Response:
    doc = secrets.set_value(call.cloud, call.vault, call.name, await call.body())
    return JSONResponse(render.bundle(call.vault, doc, secrets.current(doc), call.api_version, value=True))


async def get(call: Call) -> Response:
    """A disabled version is refused; one outside its dates is not.

    Source: https://learn.microsoft.com/azure/key-vault/secrets/about-secrets, "Date-time controlled operations".
    """
    doc = secrets.live(call.cloud, call.vault, rules.name(call.name))
    version = secrets.version_of(doc, _version(call))
    if not version["enabled"]:
        raise AzureError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", inner="SecretDisabled")
    return JSONResponse(render.bundle(call.vault, doc, version, call.api_version, value=True))


async def update(call: Call) -> Response:
    """Changes what is named and nothing else; the value has no part in it."""
    body = await call.body()
    with call.cloud.store.transaction():
        doc = secrets.live(call.cloud, call.vault, rules.name(call.name))
        version = secrets.version_of(doc, _version(call))
        version |= rules.attributes(body.get("attributes"))
        if body.get("contentType") is not None:
            version["contentType"] = rules.content_type(body["contentType"])
        if body.get("tags") is not None:
            version["tags"] = rules.tags(body["tags"])
        version["updated"] = call.now
        rules.consistent(version)
        doc["versions"] = [version if one["id"] == version["id"] else one for one in doc["versions"]]
        secrets.save(call.cloud, call.vault, doc)
    return JSONResponse(render.bundle(call.vault, doc, version, call.api_version, value=False))


async def list_(call: Call) -> Response:
    return page(
        call,
        secrets.all_live(call.cloud, call.vault),
        key=lambda doc: str(doc["name"]).lower(),
        show=lambda doc: render.item(call.vault, doc, call.api_version),
    )


async def versions(call: Call) -> Response:
    """An unknown secret has no versions: 200 and an empty list (recorded)."""
    doc = secrets.any_state(call.cloud, call.vault, rules.name(call.name))
    found = doc["versions"] if doc is not None and secrets.there(call.cloud, doc) else []
    return page(
        call,
        found,
        key=lambda version: str(version["id"]),
        show=lambda version: render.bundle(call.vault, doc or {}, version, call.api_version, value=False),
    )


async def delete(call: Call) -> Response:
    doc = secrets.delete(call.cloud, call.vault, rules.name(call.name))
    return JSONResponse(render.deleted_bundle(call.vault, doc, call.api_version))


def _version(call: Call) -> str:
    return str(call.request.path_params.get("version", ""))
