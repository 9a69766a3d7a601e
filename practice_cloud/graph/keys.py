"""Certificates and federated credentials of an application in Graph: ``az ad app credential reset --cert`` and
``az ad app federated-credential``.

Sources: https://learn.microsoft.com/graph/api/application-update (``keyCredentials`` is the whole list, those that stay
named by their keyId) and https://learn.microsoft.com/graph/api/application-post-federatedidentitycredentials.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import apps, certificates, federation
from practice_cloud.errors import AzureError
from practice_cloud.graph.model import Directory
from practice_cloud.graph.wire import ROOT, bad_request, body, caller, not_found, writer
from practice_cloud.store import Doc

_PLACE = "/v1.0/applications/{id}"
_CREDENTIALS = f"{_PLACE}/federatedIdentityCredentials"


async def update(request: Request) -> Response:
    """204. Raises AzureError 400, 404, and 501 for what is not ``keyCredentials``."""
    directory, sent = writer(request), await body(request)
    app = _app(directory, request)
    if set(sent) != {"keyCredentials"}:
        text = "The practice cloud changes the keyCredentials of an application, and nothing else of it."
        raise AzureError(501, "NotImplementedByPracticeCloud", text)
    try:
        kept = {one["keyId"]: one for one in certificates.of(app)}
        wanted = [_certificate(one, kept) for one in sent["keyCredentials"]]
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
        raise bad_request(f"Key credential is invalid: {error}.") from error
    apps.save(request.app.state.cloud, {**app, "certificates": wanted})
    return Response(status_code=204)


def _certificate(sent: dict[str, Any], kept: dict[str, Doc]) -> Doc:
    if not sent.get("key"):
        return kept[sent["keyId"]]
    return certificates.made(base64.b64decode(sent["key"], validate=True), name=sent.get("displayName"))


async def listed(request: Request) -> Response:
    _, directory = caller(request)
    found = federation.of(_app(directory, request))
    kind = "$metadata#applications('{}')/federatedIdentityCredentials".format(request.path_params["id"])
    return JSONResponse({"@odata.context": f"{ROOT}/{kind}", "value": found})


async def create(request: Request) -> Response:
    """201. Raises AzureError 400, 404."""
    directory, sent = writer(request), await body(request)
    app = _app(directory, request)
    try:
        one = federation.made(sent)
        apps.save(request.app.state.cloud, federation.with_one_more(app, one))
    except ValueError as error:
        raise bad_request(f"{error}.") from error
    return JSONResponse(one, 201)


async def delete(request: Request) -> Response:
    """204, by id or by name. Raises AzureError 404."""
    directory = writer(request)
    app, gone = _app(directory, request), request.path_params["credential"]
    left = [one for one in federation.of(app) if gone not in (one["id"], one["name"])]
    if len(left) == len(federation.of(app)):
        raise not_found(gone)
    apps.save(request.app.state.cloud, {**app, "federated": left})
    return Response(status_code=204)


def _app(directory: Directory, request: Request) -> Doc:
    wanted = request.path_params["id"].lower()
    for app in directory.store.list("app", owner=directory.tenant["subscriptionId"]):
        if app["id"] == wanted:
            return app
    raise not_found(wanted)


routes = [
    Route(_PLACE, update, methods=["PATCH"]),
    Route(_CREDENTIALS, listed, methods=["GET"]),
    Route(_CREDENTIALS, create, methods=["POST"]),
    Route(f"{_CREDENTIALS}/{{credential}}", delete, methods=["DELETE"]),
]
