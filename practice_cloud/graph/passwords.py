"""Client secrets in Graph: ``az ad app credential reset`` and ``az ad sp credential reset`` take the old ones away and
ask for a new one.

Source: https://learn.microsoft.com/graph/api/application-addpassword (and ``-removepassword``, and those of
``serviceprincipal``).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import credentials
from practice_cloud.cloud import Cloud
from practice_cloud.credentials import Holder
from practice_cloud.graph.model import Directory
from practice_cloud.graph.wire import ROOT, Handler, bad_request, body, not_found, writer
from practice_cloud.principals import new_secret
from practice_cloud.store import Doc

_KINDS: dict[str, tuple[Holder, str]] = {
    "applications": ("passwords", "id"),
    "servicePrincipals": ("principalPasswords", "servicePrincipalId"),
}


def _add(holder: Holder, key: str) -> Handler:
    async def add(request: Request) -> Response:
        """200 with the secret, which is told this once. Raises AzureError 400, 404."""
        directory, sent = writer(request), await body(request)
        app, wanted = _app(directory, request, key), sent.get("passwordCredential") or {}
        secret, now = new_secret(), _cloud(request).clock.now().timestamp()
        try:
            starts = credentials.seconds(wanted["startDateTime"]) if wanted.get("startDateTime") else now
            ends = credentials.seconds(wanted["endDateTime"]) if wanted.get("endDateTime") else None
        except (TypeError, ValueError, AttributeError) as error:
            raise bad_request("Send a passwordCredential whose dates are dates.") from error
        password = credentials.made(secret, starts=starts, ends=ends, name=wanted.get("displayName"))
        _save(request, directory, {**app, holder: [*credentials.of(app, holder), password]})
        context = {"@odata.context": f"{ROOT}/$metadata#microsoft.graph.passwordCredential"}
        return JSONResponse({**context, **credentials.shown(password), "secretText": secret})

    return add


def _remove(holder: Holder, key: str) -> Handler:
    async def remove(request: Request) -> Response:
        """204. Raises AzureError 400 for none of that id, 404."""
        directory, sent = writer(request), await body(request)
        app, gone = _app(directory, request, key), sent.get("keyId")
        there = credentials.of(app, holder)
        left = [one for one in there if one["keyId"] != gone]
        if len(left) == len(there):
            raise bad_request(f"No password credential found with keyId '{gone}'.")
        _save(request, directory, {**app, holder: left})
        return Response(status_code=204)

    return remove


def _app(directory: Directory, request: Request, key: str) -> Doc:
    """A managed identity has no secrets that anybody could set: there is no app behind it."""
    wanted = request.path_params["id"].lower()
    for app in directory.store.list("app", owner=directory.tenant["subscriptionId"]):
        if app[key] == wanted:
            return app
    raise not_found(wanted)


def _save(request: Request, directory: Directory, app: Doc) -> None:
    _cloud(request).store.put("app", app["appId"], app, owner=directory.tenant["subscriptionId"])


def _cloud(request: Request) -> Cloud:
    found: Cloud = request.app.state.cloud
    return found


routes = [
    Route(f"/v1.0/{kind}/{{id}}/{verb}Password", make(*where), methods=["POST"])
    for kind, where in _KINDS.items()
    for verb, make in (("add", _add), ("remove", _remove))
]
