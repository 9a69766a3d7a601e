"""Vaults: create, update, patch, show, list, delete."""

from __future__ import annotations

import uuid

from starlette.responses import JSONResponse, Response

from practice_cloud import ids, operations
from practice_cloud.arm import gate
from practice_cloud.arm.paging import page
from practice_cloud.arm.policies import denials
from practice_cloud.arm.tags import tags
from practice_cloud.arm.vaults import names, properties, render
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import model

TYPE = "Microsoft.KeyVault/vaults"
_GIVES_ROLES = "Microsoft.Authorization/roleAssignments/write"


async def put(call: Call) -> Response:
    """Create, update or recover. Recorded: 200 in every case, without the headers of a long operation."""
    body = await call.body()
    sent = body.get("properties")
    if not isinstance(sent, dict):
        raise invalid_content("'properties' is missing")
    name = call.param("name")
    location = _location(body)
    wanted = {**body, "type": TYPE, "name": name}
    denials.require_none(call.cloud, call.sid, ids.resource_id(call.sid, call.group["name"], TYPE, name), wanted)
    existing = model.in_group(call.cloud, call.sid, call.param("rg"), name)
    if existing is not None:
        doc = _update(call, existing, body, location)
    elif sent.get("createMode") == "recover":
        doc = _recover(call, name, location)
    else:
        doc = _create(call, name, body, location)
    return JSONResponse(render.vault(doc, call.now))


def _location(body: Doc) -> str:
    location = ids.location_name(str(body.get("location") or ""))
    if not location:
        raise AzureError(400, "LocationRequired", "The location property is required for this definition.")
    if location not in ids.LOCATION_NAMES:
        raise AzureError(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for resource type '{TYPE}'. List of available regions"
            f" for the resource type is '{','.join(sorted(ids.LOCATION_NAMES))}'.",
        )
    return location


def _create(call: Call, name: str, body: Doc, location: str) -> Doc:
    names.require_free(call.cloud, name, call.sid)
    base = {
        "uid": uuid.uuid4().hex,
        "name": name,
        "id": ids.resource_id(call.sid, call.group["name"], TYPE, name),
        "sid": call.sid,
        "group": call.group["name"],
        "location": location,
        "tags": tags(body),
        "tenantId": call.subscription["tenantId"],
        "readyAt": call.now + call.cloud.timings_of(call.sid).vault_create,
        "createdAt": call.now,
        **_author(call, "created"),
    }
    doc = properties.initial(call.cloud, base, body["properties"], call.api_version)
    return _saved(call, {**doc, **model.fate(operations.fate(call.cloud, call.sid))})


def _update(call: Call, doc: Doc, body: Doc, location: str) -> Doc:
    if location != doc["location"]:
        raise AzureError(
            409,
            "InvalidResourceLocation",
            f"The resource '{doc['name']}' already exists in location '{doc['location']}' in resource group"
            f" '{doc['group']}'. A resource with the same name cannot be created in location '{location}'.",
        )
    changed = properties.changed(call.cloud, doc, body["properties"], whole=True)
    _may_switch(call, doc, changed)
    return _saved(call, {**changed, "tags": tags(body)})


def _may_switch(call: Call, doc: Doc, changed: Doc) -> None:
    """Who may not give roles may not change what they are worth. Azure answers 400, not 403."""
    switched = bool(doc["enableRbacAuthorization"]) is not bool(changed["enableRbacAuthorization"])
    if switched and not call.may(_GIVES_ROLES, doc["id"]):
        raise AzureError(
            400,
            "InsufficientPermissions",
            "Caller is not allowed to change permission model. For more information on how to change the permissions"
            f" model follow this link: https://go.microsoft.com/fwlink/?linkid=2155160. Details: oid={call.claims.oid};"
            f" action={_GIVES_ROLES}; resource={doc['id']}; decision=NotAllowed;",
        )


def _recover(call: Call, name: str, location: str) -> Doc:
    deleted = model.listed_deleted(call.cloud, name)
    mine = deleted is not None and deleted["sid"] == call.sid and deleted["location"] == location
    if deleted is None or not mine or "purgeAt" in deleted:
        raise AzureError(404, "DeletedVaultNotFound", "The specified deleted vault does not exist.")
    if deleted["group"].lower() != call.param("rg").lower():
        raise AzureError(404, "DeletedVaultNotFound", f"The deleted vault '{name}' was in another resource group.")
    return model.recover(call.cloud, deleted)


def _saved(call: Call, doc: Doc) -> Doc:
    doc = {**doc, "modifiedAt": call.now, **_author(call, "modified")}
    model.save(call.cloud, doc)
    return doc


def _author(call: Call, verb: str) -> Doc:
    app = call.claims.idtyp == "app"
    name = call.claims.appid if app else gate.display_name(call.cloud, call.claims)
    return {f"{verb}By": name, f"{verb}ByType": "Application" if app else "User"}


async def patch(call: Call) -> Response:
    doc = named(call)
    body = await call.body()
    sent = body.get("properties") or {}
    changed = properties.changed(call.cloud, doc, sent, whole=False)
    _may_switch(call, doc, changed)
    if "tags" in body:
        changed["tags"] = tags(body)
    denials.require_none(call.cloud, call.sid, doc["id"], render.vault(changed, call.now))
    return JSONResponse(render.vault(_saved(call, changed), call.now))


async def get(call: Call) -> Response:
    return JSONResponse(render.vault(named(call), call.now))


async def delete(call: Call) -> Response:
    """Recorded: 200 with an empty body; 204 where there is none."""
    doc = model.in_group(call.cloud, call.sid, call.param("rg"), call.param("name"))
    if doc is None:
        return Response(status_code=204)
    model.delete(call.cloud, doc)
    return Response(status_code=200)


async def list_in_subscription(call: Call) -> Response:
    return _listed(call, model.in_subscription(call.cloud, call.sid))


async def list_in_group(call: Call) -> Response:
    wanted = call.param("rg").lower()
    return _listed(call, [doc for doc in model.in_subscription(call.cloud, call.sid) if doc["group"].lower() == wanted])


def _listed(call: Call, docs: list[Doc]) -> Response:
    shown = [render.vault(doc, call.now) for doc in docs if call.may(f"{TYPE}/read", doc["id"])]
    return page(call, shown)


def named(call: Call) -> Doc:
    """The vault the path names. Raises AzureError 404."""
    name, group = call.param("name"), call.param("rg")
    doc = model.in_group(call.cloud, call.sid, group, name)
    if doc is None:
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{TYPE}/{name}' under resource group '{group}' was not found. For more details please go"
            " to https://aka.ms/ARMResourceNotFoundFix",
        )
    return doc


async def check_name(call: Call) -> Response:
    body = await call.body()
    name = body.get("name")
    if not isinstance(name, str) or str(body.get("type", "")).lower() != TYPE.lower():
        raise AzureError(400, "BadRequest", f"'name' and 'type' ('{TYPE}') are required.")
    if not names.valid(name):
        answer: Doc = {"nameAvailable": False, "reason": "AccountNameInvalid", "message": names.invalid_text(name)}
    elif names.taken(call.cloud, name):
        answer = {"nameAvailable": False, "reason": "AlreadyExists", "message": names.taken_text(name)}
    else:
        answer = {"nameAvailable": True}
    return JSONResponse(answer)


async def check_hsm_name(call: Call) -> Response:
    """What ``az keyvault check-name`` asks. Managed HSMs have names of their own, by the same rule, and none is taken:
    there are no managed HSMs here."""
    name = (await call.body()).get("name")
    if not isinstance(name, str):
        raise AzureError(400, "BadRequest", "'name' is required.")
    if names.valid(name):
        return JSONResponse({"nameAvailable": True})
    return JSONResponse({"nameAvailable": False, "reason": "AccountNameInvalid", "message": names.invalid_text(name)})
