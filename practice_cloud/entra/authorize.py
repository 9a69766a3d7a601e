"""Authorization code with PKCE: the page where a student signs in for a program on their machine."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from practice_cloud.cloud import Cloud
from practice_cloud.entra import pages, scopes, tickets
from practice_cloud.entra.directory import Client, client_of, tenant_of, user_with_password
from practice_cloud.entra.errors import EntraError
from practice_cloud.entra.forms import read_form
from practice_cloud.store import Doc

_LOCAL = ("localhost", "127.0.0.1", "::1")
_MODES = ("query", "fragment", "form_post")
_WRONG = "That user and password do not belong together. Both are shown with your practice subscription."


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a code that may be shown to the student: client and reply address are in order."""

    tenant: Doc | None
    client: Client
    fields: dict[str, str]

    @property
    def redirect_uri(self) -> str:
        return self.fields["redirect_uri"]

    def reply(self, answer: dict[str, str]) -> Response:
        """``answer`` on its way to the program, in the response mode it asked for."""
        answer = answer | ({"state": self.fields["state"]} if self.fields.get("state") else {})
        mode = self.fields.get("response_mode", "query")
        if mode == "form_post":
            return pages.hand_over(self.redirect_uri, answer)
        mark = "#" if mode == "fragment" else "&" if urlsplit(self.redirect_uri).query else "?"
        return RedirectResponse(f"{self.redirect_uri}{mark}{urlencode(answer)}", 302, {"cache-control": "no-store"})


async def show(request: Request) -> Response:
    return _answer(request, dict(request.query_params), sign=False)


async def sign_in(request: Request) -> Response:
    try:
        form = await read_form(request)
    except EntraError as error:
        return _told(error)
    return _answer(request, form, sign=True)


def _answer(request: Request, fields: dict[str, str], *, sign: bool) -> Response:
    cloud: Cloud = request.app.state.cloud
    password, name = fields.pop("password", ""), fields.pop("username", "")
    fields.pop("answer", None)
    try:
        asked = _asked(cloud, request.path_params["tenant"], fields)
    except EntraError as error:
        return _told(error)
    try:
        _check(fields)
    except EntraError as error:
        told = error.body(cloud.clock.now())
        return asked.reply({"error": told["error"], "error_description": told["error_description"]})
    user = user_with_password(cloud, asked.tenant, name, password) if sign else None
    if user is None:
        problem, name = (_WRONG, name) if sign else ("", fields.get("login_hint", ""))
        form = pages.sign_in(asked.client.name, hidden=fields, user=name, problem=problem)
        return pages.page(form, 400 if sign else 200)
    return asked.reply({"code": _code(cloud, asked, user)})


def _told(error: EntraError) -> Response:
    """What is wrong before the reply address is trusted is told to the student, never sent there."""
    return pages.page(pages.told("That did not work", f"AADSTS{error.code}: {error.message}"), error.status)


def _asked(cloud: Cloud, tenant_name: str, fields: dict[str, str]) -> Asked:
    tenant = tenant_of(cloud, tenant_name)
    client = client_of(cloud, fields.get("client_id", ""), tenant)
    address = urlsplit(fields.get("redirect_uri", ""))
    if address.scheme != "http" or address.hostname not in _LOCAL or address.fragment or address.username:
        text = "The reply address does not match those of the application: only http://localhost is allowed."
        raise EntraError(400, "invalid_request", 50011, text)
    return Asked(tenant, client, fields)


def _check(fields: dict[str, str]) -> None:
    """Raises EntraError for what the program itself is told about."""
    if fields.get("response_type") != "code":
        text = "Only response_type=code is supported."
        raise EntraError(400, "unsupported_response_type", 700054, text)
    if fields.get("response_mode", "query") not in _MODES:
        raise EntraError(400, "invalid_request", 90023, "response_mode must be query, fragment or form_post.")
    if not fields.get("code_challenge") or fields.get("code_challenge_method") != "S256":
        text = "Proof Key for Code Exchange is required: send code_challenge with code_challenge_method=S256."
        raise EntraError(400, "invalid_request", 9002325, text)
    if fields.get("prompt") == "none":
        raise EntraError(400, "login_required", 50058, "Nobody is signed in, and prompt=none forbids to ask.")
    scopes.for_user(fields.get("scope", ""), fields.get("resource", ""))


def _code(cloud: Cloud, asked: Asked, user: Doc) -> str:
    fields = asked.fields
    doc = {
        "clientId": asked.client.id,
        "oid": user["id"],
        "redirectUri": asked.redirect_uri,
        "challenge": fields["code_challenge"],
        "scope": fields.get("scope", ""),
        "resource": fields.get("resource", ""),
        "nonce": fields.get("nonce", ""),
        "used": False,
    }
    tenant = cloud.store.get("tenant", user["tenantId"])
    return tickets.issue(cloud, "authCode", doc, owner=tenant["subscriptionId"] if tenant else "")


routes = [
    Route(f"/{{tenant}}/oauth2/{version}authorize", endpoint, methods=[method])
    for version in ("v2.0/", "")
    for method, endpoint in (("GET", show), ("POST", sign_in))
]
