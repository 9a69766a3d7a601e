"""A vault's secrets as ARM shows them: everything but the values, with no right on the data plane at all.

A PUT sets one, as a template deployment does.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.tags import tags
from practice_cloud.arm.vaults.handlers import named
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import rules, secrets, shelf
from practice_cloud.vaults.model import host

TYPE = "Microsoft.KeyVault/vaults/secrets"


async def list_(call: Call) -> Response:
    vault = named(call)
    return page(call, [_shown(vault, doc) for doc in secrets.SHELF.all_live(call.cloud, vault)])


async def get(call: Call) -> Response:
    vault = named(call)
    return JSONResponse(_shown(vault, _secret(call, vault)))


async def put(call: Call) -> Response:
    vault = named(call)
    body = await call.body()
    sent = body.get("properties")
    if not isinstance(sent, dict):
        raise invalid_content("'properties' is missing")
    doc = secrets.set_value(call.cloud, vault, call.param("secret"), {**sent, "tags": tags(body) or None})
    return JSONResponse(_shown(vault, doc))


async def patch(call: Call) -> Response:
    """Attributes, content type and tags change in place; a value makes a new version."""
    vault = named(call)
    body = await call.body()
    sent = body.get("properties") or {}
    doc = _secret(call, vault)
    version = shelf.current(doc)
    version |= rules.attributes(sent.get("attributes"))
    if sent.get("contentType") is not None:
        version["contentType"] = rules.content_type(sent["contentType"])
    if "tags" in body:
        version["tags"] = rules.tags(tags(body))
    if sent.get("value") is not None:
        again = {name: version.get(name) for name in ("contentType", "tags")}
        dates = {name: version.get(name) for name in ("enabled", "nbf", "exp")}
        doc = secrets.set_value(call.cloud, vault, doc["name"], {**again, "value": sent["value"], "attributes": dates})
    else:
        doc["versions"][-1] = rules.consistent({**version, "updated": int(call.now)})
        secrets.SHELF.save(call.cloud, vault, doc)
    return JSONResponse(_shown(vault, doc))


def _secret(call: Call, vault: Doc) -> Doc:
    name = call.param("secret")
    doc = secrets.SHELF.any_state(call.cloud, vault, name)
    if doc is None or not shelf.there(call.cloud, doc):
        raise AzureError(
            404, "SecretNotFound", f"The secret '{name}' was not found in the key vault '{vault['name']}'."
        )
    return doc


def _shown(vault: Doc, doc: Doc) -> Doc:
    version = shelf.current(doc)
    attributes = {
        name: version[name] for name in ("enabled", "nbf", "exp", "created", "updated") if version.get(name) is not None
    }
    uri = f"{host(vault)}/secrets/{doc['name']}"
    properties: Doc = {"attributes": attributes, "secretUri": uri, "secretUriWithVersion": f"{uri}/{version['id']}"}
    if version.get("contentType") is not None:
        properties["contentType"] = version["contentType"]
    return {
        "id": f"{vault['id']}/secrets/{doc['name']}",
        "name": doc["name"],
        "type": TYPE,
        "location": vault["location"],
        "tags": version.get("tags") or {},
        "properties": properties,
    }
