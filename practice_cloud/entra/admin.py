"""Admin consent: an administrator lets an application into their tenant, for everybody in it.

Sources: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent (the v2.0 address and its answers) and
https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent (the one without a version, which is for
all that the registration lists and answers no scope).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from practice_cloud import apps
from practice_cloud.entra import permissions, scopes, steps
from practice_cloud.entra.authorize import Asked, ask_of
from practice_cloud.entra.errors import EntraError, missing
from practice_cloud.entra.forms import read_form


async def show(request: Request) -> Response:
    return _answer(request, dict(request.query_params), sign=False)


async def consent(request: Request) -> Response:
    try:
        form = await read_form(request)
    except EntraError as error:
        return steps.refusal(error)
    return _answer(request, form, sign=True)


def _answer(request: Request, fields: dict[str, str], *, sign: bool) -> Response:
    given = {name: fields.pop(name) for name in steps.FIELDS if name in fields}
    v2 = "/v2.0/" in request.url.path
    try:
        asked = ask_of(request, fields)
        door = _door(asked, v2=v2)
    except EntraError as error:
        return steps.refusal(error)
    if not sign:
        return steps.ask(door)
    try:
        passed = steps.go_on(door, given)
    except steps.Declined:
        return _declined(asked, v2=v2)
    except EntraError as error:
        return steps.refusal(error)
    if isinstance(passed, Response):
        return passed
    user = asked.cloud.store.get("user", passed.oid) or {}
    tenant_id = asked.tenant["id"] if asked.tenant else str(user.get("tenantId", ""))
    scope = {"scope": " ".join(door.needs)} if v2 else {}
    return asked.reply({"admin_consent": "True", "tenant": tenant_id, **scope})


def _door(asked: Asked, *, v2: bool) -> steps.Door:
    """Raises EntraError for an application that asks nobody, and for a scope that is none."""
    app = asked.client.app
    if app is None or not apps.asks(app):
        text = f"The practice cloud asks for no consent to '{asked.client.name}': it is let in everywhere."
        raise EntraError(501, "invalid_client", 700016, text)
    needs: tuple[str, ...] = tuple(str(one) for one in app["permissions"])
    if v2:
        if not asked.fields.get("scope"):
            raise missing("scope")
        needs = permissions.needed(app, scopes.for_user(asked.fields["scope"]))
    return steps.Door(asked.cloud, asked.tenant, asked.client, needs=needs, everybody=True, hidden=asked.fields)


def _declined(asked: Asked, *, v2: bool) -> Response:
    if v2:
        text = "The resource owner or authorization server denied the request."
        return asked.refuse(EntraError(400, "consent_required", 65004, text), admin_consent="True")
    return asked.reply({"error": "permission_denied", "error_description": "The admin canceled the request"})


routes = [
    Route(f"/{{tenant}}/{version}adminconsent", endpoint, methods=[method])
    for version in ("v2.0/", "")
    for method, endpoint in (("GET", show), ("POST", consent))
]
