"""Device code: a program shows a code, the student signs in with it in a browser.

The page is served under Entra's own host name, and on the metadata port under ``/devicelogin``,
where a browser reaches it without a proxy: that is the address programs are told to show.
"""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import apps
from practice_cloud.cloud import Cloud
from practice_cloud.entra import capabilities, pages, permissions, scopes, steps, tickets
from practice_cloud.entra.directory import client_of, tenant_of
from practice_cloud.entra.errors import EntraError, missing
from practice_cloud.entra.forms import read_form
from practice_cloud.principals import digest
from practice_cloud.store import Doc

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
POLL_SECONDS = 1
_UNKNOWN = "That code is not waiting for anyone. Look at it again in your program, or start its sign-in anew."


async def start(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    form = await read_form(request)
    if not form.get("client_id"):
        raise missing("client_id")
    tenant = tenant_of(cloud, request.path_params["tenant"])
    client = client_of(cloud, form["client_id"], tenant)
    wanted = scopes.for_user(form.get("scope", ""), form.get("resource", ""))  # a bad scope is told now, not later
    asks = apps.asks(client.app)
    user_code = "".join(secrets.choice(_LETTERS) for _ in range(9))
    doc: Doc = {
        "clientId": client.id,
        "clientName": client.name,
        "tenantId": tenant["id"] if tenant else None,
        "scope": form.get("scope", ""),
        "resource": form.get("resource", ""),
        "needs": permissions.needed(client.app, wanted) if client.app is not None and asks else (),
        "stays": wanted.refresh,
        "stepUp": capabilities.asks_for_more(form),
        "state": "pending",
        "oid": None,
    }
    code = tickets.issue(cloud, "deviceCode", doc)
    cloud.store.put("userCode", user_code, {"deviceCode": digest(code)})
    return JSONResponse(_started(cloud, user_code, code, v1="/v2.0/" not in request.url.path))


def _started(cloud: Cloud, user_code: str, device_code: str, *, v1: bool) -> dict[str, str | int]:
    address = f"{cloud.imds_base}/devicelogin"
    reply: dict[str, str | int] = {
        "user_code": user_code,
        "device_code": device_code,
        "expires_in": tickets.SECONDS["deviceCode"],
        "interval": POLL_SECONDS,
        "message": f"To sign in, open {address} in a web browser and enter the code {user_code}.",
    }
    if v1:
        return {**{name: str(value) for name, value in reply.items()}, "verification_url": address}
    return {**reply, "verification_uri": address}


async def login_page(request: Request) -> Response:
    code = request.query_params.get("code") or request.query_params.get("user_code", "")
    doc = _waiting(request.app.state.cloud, code)
    return pages.page(pages.sign_in(_name(doc), hidden={}, code=code))


async def login(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    form = await read_form(request)
    code, name = form.get("code", ""), form.get("username", "")
    doc = _waiting(cloud, code)
    if doc is None:
        return pages.page(pages.sign_in(_name(None), hidden={}, user=name, code=code, problem=_UNKNOWN), 400)
    if form.get("answer") == "decline":
        return _decline(cloud, doc)
    try:
        passed = steps.go_on(_door(cloud, doc, code), form)
    except steps.Declined:
        return _decline(cloud, doc)
    except EntraError as error:
        return steps.refusal(error)
    if isinstance(passed, Response):
        return passed
    cloud.store.put("deviceCode", doc["key"], {**doc, "state": "approved", **passed.doc()})
    return pages.page(pages.told("Signed in", f"{doc['clientName']} can go on. You can close this page."))


def _door(cloud: Cloud, doc: Doc, code: str) -> steps.Door:
    """After the first page the code goes along unseen. Raises EntraError for a client that is no more."""
    tenant = cloud.store.get("tenant", doc["tenantId"]) if doc["tenantId"] else None
    client = client_of(cloud, doc["clientId"], tenant)
    needs, stays = tuple(doc.get("needs", ())), bool(doc.get("stays"))
    step_up, hidden = bool(doc.get("stepUp")), {"code": code}
    return steps.Door(cloud, tenant, client, needs=needs, stays=stays, step_up=step_up, code=code, hidden=hidden)


def _decline(cloud: Cloud, doc: Doc) -> Response:
    cloud.store.put("deviceCode", doc["key"], {**doc, "state": "declined"})
    return pages.page(pages.told("Refused", "The program has been told no. You can close this page."))


def _name(doc: Doc | None) -> str:
    return doc["clientName"] if doc else "A program"


def _waiting(cloud: Cloud, user_code: str) -> Doc | None:
    """The device code that waits for this user code, if any does."""
    known = cloud.store.get("userCode", user_code.strip().upper())
    doc = cloud.store.get("deviceCode", known["deviceCode"]) if known else None
    waits = doc is not None and doc["state"] == "pending" and doc["expires"] > cloud.clock.now().timestamp()
    return doc if waits else None


page_routes = [
    Route("/devicelogin", login_page, methods=["GET"]),
    Route("/devicelogin", login, methods=["POST"]),
]
routes = [
    Route("/{tenant}/oauth2/v2.0/devicecode", start, methods=["POST"]),
    Route("/{tenant}/oauth2/devicecode", start, methods=["POST"]),
    Route("/{tenant}/oauth2/deviceauth", login_page, methods=["GET"]),
    Route("/{tenant}/oauth2/deviceauth", login, methods=["POST"]),
    *page_routes,
]
