"""Authorization code with PKCE: the page where a student signs in for a program on their machine, or for a portal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from practice_cloud import apps
from practice_cloud.cloud import Cloud
from practice_cloud.entra import capabilities, pages, permissions, scopes, steps, tickets
from practice_cloud.entra.directory import Client, client_of, tenant_of
from practice_cloud.entra.errors import EntraError
from practice_cloud.entra.forms import read_form
from practice_cloud.entra.sessions import Session
from practice_cloud.store import Doc

_MODES = ("query", "fragment", "form_post")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose answer may go to the program: client and reply address are in order."""

    cloud: Cloud
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

    def refuse(self, error: EntraError, **more: str) -> Response:
        told = error.body(self.cloud.clock.now())
        return self.reply({"error": told["error"], **more, "error_description": told["error_description"]})


async def show(request: Request) -> Response:
    return _answer(request, dict(request.query_params), sign=False)


async def sign_in(request: Request) -> Response:
    try:
        form = await read_form(request)
    except EntraError as error:
        return steps.refusal(error)
    return _answer(request, form, sign=True)


def _answer(request: Request, fields: dict[str, str], *, sign: bool) -> Response:
    given = {name: fields.pop(name) for name in steps.FIELDS if name in fields}
    try:
        asked = ask_of(request, fields)
    except EntraError as error:
        return steps.refusal(error)
    try:
        door = _door(asked)
    except EntraError as error:
        return asked.refuse(error)
    if not sign:
        return steps.ask(door)
    try:
        passed = steps.go_on(door, given)
    except steps.Declined as declined:
        return _declined(asked, declined)
    except EntraError as error:
        return steps.refusal(error)
    return passed if isinstance(passed, Response) else asked.reply({"code": _code(asked, passed)})


def ask_of(request: Request, fields: dict[str, str]) -> Asked:
    """Raises EntraError, which must not be sent to an address that nobody vouches for."""
    cloud: Cloud = request.app.state.cloud
    tenant = tenant_of(cloud, request.path_params["tenant"])
    client, address = client_of(cloud, fields.get("client_id", ""), tenant), fields.get("redirect_uri", "")
    if not apps.replies_to(client.app, address):
        text = f"The redirect URI '{address}' specified in the request does not match the redirect URIs configured for"
        text += f" the application '{client.id}'. Make sure the redirect URI sent in the request matches one added to"
        raise EntraError(400, "invalid_request", 50011, f"{text} your application in the Azure portal.")
    return Asked(cloud, tenant, client, fields)


def _door(asked: Asked) -> steps.Door:
    """Raises EntraError for what the program itself is told about."""
    fields = asked.fields
    if fields.get("response_type") != "code":
        text = "Only response_type=code is supported."
        raise EntraError(400, "unsupported_response_type", 700054, text)
    if fields.get("response_mode", "query") not in _MODES:
        raise EntraError(400, "invalid_request", 90023, "response_mode must be query, fragment or form_post.")
    if _unproved(asked):
        text = "Proof Key for Code Exchange is required: send code_challenge with code_challenge_method=S256."
        raise EntraError(400, "invalid_request", 9002325, text)
    if fields.get("prompt") == "none":
        raise EntraError(400, "login_required", 50058, "Nobody is signed in, and prompt=none forbids to ask.")
    wanted, app = scopes.for_user(fields.get("scope", ""), fields.get("resource", "")), asked.client.app
    return steps.Door(
        asked.cloud,
        asked.tenant,
        asked.client,
        needs=permissions.needed(app, wanted) if app is not None and apps.asks(app) else (),
        stays=wanted.refresh,
        step_up=capabilities.asks_for_more(fields),
        ask_again=fields.get("prompt") == "consent",
        hint=fields.get("login_hint", ""),
        hidden=fields,
    )


def _unproved(asked: Asked) -> bool:
    """Whether a proof key is missing: Entra recommends one to everybody, and only who has a secret can go without."""
    app, fields = asked.client.app, asked.fields
    if "code_challenge" not in fields and app is not None and app.get("public") is False:
        return False
    return not fields.get("code_challenge") or fields.get("code_challenge_method") != "S256"


def _declined(asked: Asked, declined: steps.Declined) -> Response:
    """Who goes back from the page that says only an administrator can grant it leaves no code behind, as reported of
    Entra's."""
    if not declined.told:
        return asked.reply({"error": "access_denied", "error_subcode": "cancel"})
    error = EntraError(400, "access_denied", 65004, "User declined to consent to access the app.")
    return asked.refuse(error, error_subcode="cancel")


def _code(asked: Asked, session: Session) -> str:
    fields, cloud = asked.fields, asked.cloud
    doc = {
        "clientId": asked.client.id,
        **session.doc(),
        "redirectUri": asked.redirect_uri,
        "challenge": fields.get("code_challenge", ""),
        "scope": fields.get("scope", ""),
        "resource": fields.get("resource", ""),
        "nonce": fields.get("nonce", ""),
        "used": False,
    }
    user = cloud.store.get("user", session.oid)
    tenant = cloud.store.get("tenant", user["tenantId"]) if user else None
    return tickets.issue(cloud, "authCode", doc, owner=tenant["subscriptionId"] if tenant else "")


routes = [
    Route(f"/{{tenant}}/oauth2/{version}authorize", endpoint, methods=[method])
    for version in ("v2.0/", "")
    for method, endpoint in (("GET", show), ("POST", sign_in))
]
