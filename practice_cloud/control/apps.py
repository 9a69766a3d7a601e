"""Applications, as a portal's owner registers them, and what they sign in with besides secrets: certificates, and
tokens of issuers that they trust."""

from __future__ import annotations

import jwt
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import apps, certificates, consents, federation
from practice_cloud.cloud import Cloud
from practice_cloud.control.body import json_object
from practice_cloud.store import Doc

_FIELDS = {"name", "redirect_uris", "public", "multi_tenant", "permissions", "subscription_id"}


async def register(request: Request) -> Response:
    """201 and ``{client_id, client_secret, tenant_id, name}``; a public one has no secret: ""."""
    cloud, sent = _cloud(request), await json_object(request)
    _check(sent)
    student = cloud.store.get("student", str(sent.get("subscription_id", "")).lower())
    if student is None and "subscription_id" in sent:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    app, secret = apps.register(
        cloud,
        name=sent["name"],
        redirect_uris=sent["redirect_uris"],
        public=sent.get("public", False),
        multi_tenant=sent.get("multi_tenant", True),
        permissions=sent.get("permissions"),
        tenant_id=student["tenant_id"] if student else None,
    )
    told = {"client_id": app["appId"], "client_secret": secret, "tenant_id": app["tenantId"]}
    return JSONResponse({**told, "name": app["displayName"]}, 201)


def _check(sent: Doc) -> None:
    """Raises HTTPException 400."""
    unknown = ", ".join(sorted(set(sent) - _FIELDS))
    if unknown:
        raise HTTPException(400, f"{unknown}: unknown; known are {', '.join(sorted(_FIELDS))}")
    if not isinstance(sent.get("name"), str) or not sent["name"]:
        raise HTTPException(400, "name must be what people are shown when the application asks for their consent")
    addresses = sent.get("redirect_uris")
    if not isinstance(addresses, list) or not addresses or not all(apps.registrable(one) for one in addresses):
        raise HTTPException(400, "redirect_uris must be a list of https addresses, or of http://localhost ones")
    if not all(isinstance(sent.get(name, True), bool) for name in ("public", "multi_tenant")):
        raise HTTPException(400, "public and multi_tenant must be true or false")
    wanted = sent.get("permissions", [])
    if not isinstance(wanted, list) or not all(isinstance(one, str) and "/" in one for one in wanted):
        raise HTTPException(400, f"permissions must be a list of addresses, such as {apps.PERMISSIONS[0]}")


async def grant(request: Request) -> Response:
    """What an administrator of the student's tenant grants: all that the application lists, for everybody in it."""
    cloud, app, tenant = _cloud(request), _app(request), _tenant(request)
    permissions = tuple(app.get("permissions", ()))
    consents.grant(cloud, app, tenant, consents.EVERYBODY, permissions)
    principal = apps.principal_in(cloud, app, tenant["id"])
    return JSONResponse({"principal_id": principal, "permissions": list(permissions)})


async def take_back(request: Request) -> Response:
    """204: the application is turned out of the student's tenant, and nobody's consent to it counts."""
    if not consents.take_back(_cloud(request), _app(request), _tenant(request)):
        raise HTTPException(404, "The application has nothing in that student's tenant")
    return Response(status_code=204)


def _tenant(request: Request) -> Doc:
    cloud = _cloud(request)
    student = cloud.store.get("student", request.path_params["subscription_id"].lower())
    tenant = cloud.store.get("tenant", student["tenant_id"]) if student else None
    if tenant is None:
        raise HTTPException(404, "There is no practice student with that subscription id. Make one: POST /students")
    return tenant


async def add_certificate(request: Request) -> Response:
    """201 and the certificate as Graph shows it, with its ``thumbprint``."""
    app, sent = _app(request), await json_object(request)
    raw, name = sent.get("certificate"), sent.get("name")
    if set(sent) - {"certificate", "name"} or not isinstance(raw, str) or not isinstance(name, str | None):
        raise HTTPException(400, 'Send {"certificate": the public half in PEM, "name"?}')
    try:
        made = certificates.made(raw.encode(), name=name)
    except ValueError as error:
        raise HTTPException(400, f"certificate must be the public half in PEM, with an RSA key: {error}") from error
    apps.save(_cloud(request), {**app, "certificates": [*certificates.of(app), made]})
    return JSONResponse({"thumbprint": made["thumbprint"], **certificates.shown(made)}, 201)


async def remove_certificate(request: Request) -> Response:
    app = _app(request)
    left = [one for one in certificates.of(app) if one["keyId"] != request.path_params["key_id"]]
    if len(left) == len(certificates.of(app)):
        raise HTTPException(404, "The application has no certificate with that keyId")
    apps.save(_cloud(request), {**app, "certificates": left})
    return Response(status_code=204)


async def add_federated(request: Request) -> Response:
    """201 and the credential."""
    app, sent = _app(request), await json_object(request)
    try:
        one = federation.made(sent)
        apps.save(_cloud(request), federation.with_one_more(app, one))
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return JSONResponse(one, 201)


async def remove_federated(request: Request) -> Response:
    app = _app(request)
    left = [one for one in federation.of(app) if one["name"] != request.path_params["name"]]
    if len(left) == len(federation.of(app)):
        raise HTTPException(404, "The application has no federated credential of that name")
    apps.save(_cloud(request), {**app, "federated": left})
    return Response(status_code=204)


async def trust_issuer(request: Request) -> Response:
    """The keys of an issuer outside: the practice cloud fetches nothing from the Internet."""
    sent = await json_object(request)
    if set(sent) != {"issuer", "keys"} or not str(sent["issuer"]).startswith("https://"):
        raise HTTPException(400, 'Send {"issuer": an https address, "keys": its JSON Web Keys, each with a kid}')
    try:
        found = jwt.PyJWKSet.from_dict({"keys": sent["keys"]}).keys
    except (jwt.PyJWTError, AttributeError, TypeError) as error:
        raise HTTPException(400, f"keys must be a list of JSON Web Keys: {error}") from error
    if not all(key.key_id for key in found):
        raise HTTPException(400, "keys must each have a kid, by which tokens name them")
    _cloud(request).store.put("issuer", str(sent["issuer"]), {"keys": sent["keys"]})
    return JSONResponse({"issuer": sent["issuer"], "keys": len(found)}, 201)


def _app(request: Request) -> Doc:
    app = apps.find(_cloud(request), request.path_params["client_id"])
    if app is None:
        raise HTTPException(404, "There is no application with that client id")
    return app


def _cloud(request: Request) -> Cloud:
    found: Cloud = request.app.state.cloud
    return found


_CONSENT = "/students/{subscription_id}/consents/{client_id}"
routes = [
    Route("/apps", register, methods=["POST"]),
    Route(_CONSENT, grant, methods=["PUT"]),
    Route(_CONSENT, take_back, methods=["DELETE"]),
    Route("/apps/{client_id}/certificates", add_certificate, methods=["POST"]),
    Route("/apps/{client_id}/certificates/{key_id}", remove_certificate, methods=["DELETE"]),
    Route("/apps/{client_id}/federated-credentials", add_federated, methods=["POST"]),
    Route("/apps/{client_id}/federated-credentials/{name}", remove_federated, methods=["DELETE"]),
    Route("/issuers", trust_issuer, methods=["POST"]),
]
