"""What an app signs in with besides secrets: certificates, and tokens of issuers that it trusts."""

from __future__ import annotations

import jwt
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import apps, certificates, federation
from practice_cloud.cloud import Cloud
from practice_cloud.control.body import json_object
from practice_cloud.store import Doc


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


routes = [
    Route("/apps/{client_id}/certificates", add_certificate, methods=["POST"]),
    Route("/apps/{client_id}/certificates/{key_id}", remove_certificate, methods=["DELETE"]),
    Route("/apps/{client_id}/federated-credentials", add_federated, methods=["POST"]),
    Route("/apps/{client_id}/federated-credentials/{name}", remove_federated, methods=["DELETE"]),
    Route("/issuers", trust_issuer, methods=["POST"]),
]
