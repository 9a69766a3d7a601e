"""``POST /{tenant}/oauth2/v2.0/token`` and its v1 form: one function for each grant."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from practice_cloud import apps, consents
from practice_cloud.cloud import Cloud
from practice_cloud.entra import assertions, capabilities, permissions, replies, scopes, sessions, standing, tickets
from practice_cloud.entra.directory import Client, account_in, check_secret, client_of, tenant_of, user_with_password
from practice_cloud.entra.errors import EntraError, bad_grant, client_not_found, missing
from practice_cloud.entra.forms import read_form
from practice_cloud.store import Doc

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_NO_STORE = {"cache-control": "no-store, no-cache", "pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A token request whose tenant and client are known. ``tenant`` is None for common and organizations."""

    cloud: Cloud
    tenant: Doc | None
    client: Client
    form: dict[str, str]
    v1: bool
    proof: replies.Proof

    def need(self, name: str) -> str:
        if not self.form.get(name):
            raise missing(name)
        return self.form[name]


async def token(request: Request) -> Response:
    cloud: Cloud = request.app.state.cloud
    form = await read_form(request)
    tenant = tenant_of(cloud, request.path_params["tenant"])
    for name in ("grant_type", "client_id"):
        if not form.get(name):
            raise missing(name)
    grant = GRANTS.get(form["grant_type"])
    if grant is None:
        text = f"The practice cloud does not know the grant '{form['grant_type']}'."
        raise EntraError(501, "unsupported_grant_type", 70003, text)
    client = client_of(cloud, form["client_id"], tenant)
    proof = _proof(cloud, client, tenant, form)
    v1 = "/v2.0/" not in request.url.path
    return JSONResponse(grant(Asked(cloud, tenant, client, form, v1, proof)), headers=_NO_STORE)


def _proof(cloud: Cloud, client: Client, tenant: Doc | None, form: dict[str, str]) -> replies.Proof:
    """How the client has shown who it is. Raises EntraError where what it shows does not count."""
    if client.app is not None and client.app.get("public") and ({"client_assertion", "client_secret"} & set(form)):
        raise EntraError(401, "invalid_client", 700025, assertions.PUBLIC)
    if "client_assertion" in form:
        assertions.check(cloud, client, tenant, form)
        return "2"
    if form.get("client_secret"):
        check_secret(cloud, client, form["client_secret"])
        return "1"
    if client.app is not None and client.app.get("public") is False:
        raise _unproven()
    return "0"


def _unproven() -> EntraError:
    text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    return EntraError(401, "invalid_client", 7000218, text)


def client_credentials(asked: Asked) -> replies.Reply:
    if asked.client.app is None or asked.proof == "0":
        raise _unproven()
    audience = scopes.for_app(asked.form)
    more = {"appidacr": asked.proof, **capabilities.told(asked.form)}
    tenant_id = asked.tenant["id"] if asked.tenant else asked.client.app["tenantId"]
    principal_id = apps.principal_in(asked.cloud, asked.client.app, tenant_id)
    if principal_id is None:
        raise client_not_found(asked.client.id, asked.tenant["displayName"] if asked.tenant else "organizations")
    who = replies.AppIn(asked.client.id, tenant_id, principal_id)
    reply = replies.for_app(asked.cloud, who, audience, more=more)
    return replies.as_v1(asked.cloud, reply, audience) if asked.v1 else reply


def authorization_code(asked: Asked) -> replies.Reply:
    code = asked.need("code")
    doc, valid = tickets.find(asked.cloud, "authCode", code)
    if doc is None or doc["clientId"] != asked.client.id:
        raise bad_grant(70000, "The authorization code is not known for this client.")
    if doc["used"]:
        raise bad_grant(54005, "The authorization code was redeemed before: ask for a new one.")
    if not valid:
        raise bad_grant(70008, "The authorization code has expired: sign in again.")
    if asked.form.get("redirect_uri") != doc["redirectUri"]:
        raise bad_grant(500112, "The reply address differs from the one used to ask for the code.")
    if doc["challenge"] and not _proved(asked, doc["challenge"]):
        raise bad_grant(501481, "The Code_Verifier does not match the code_challenge of the authorization request.")
    asked.cloud.store.put("authCode", doc["key"], {**doc, "used": True})
    return _for_user(asked, sessions.of(doc), doc["scope"], doc["resource"], nonce=doc["nonce"])


def _proved(asked: Asked, wanted: str) -> bool:
    digest = hashlib.sha256(asked.need("code_verifier").encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), wanted)


def device_code(asked: Asked) -> replies.Reply:
    code = asked.form.get("device_code") or asked.need("code")
    doc, valid = tickets.find(asked.cloud, "deviceCode", code)
    if doc is None or doc["clientId"] != asked.client.id:
        raise EntraError(400, "bad_verification_code", 70018, "The device code is not known for this client.")
    if doc["state"] == "declined":
        raise EntraError(400, "authorization_declined", 65004, "The user declined to sign in.")
    if doc["state"] == "used":
        raise bad_grant(54005, "The device code was redeemed before: start again.")
    if not valid:
        raise EntraError(400, "expired_token", 70019, "The verification code has expired: start again.")
    if doc["state"] == "pending":
        raise EntraError(400, "authorization_pending", 70016, "The user has not signed in with the code yet.")
    asked.cloud.store.put("deviceCode", doc["key"], {**doc, "state": "used"})
    return _for_user(asked, sessions.of(doc), doc["scope"], doc["resource"])


def refresh_token(asked: Asked) -> replies.Reply:
    """A new refresh token comes with every answer; the old one stays good until it expires, as at Microsoft."""
    doc, valid = tickets.find(asked.cloud, "refreshToken", asked.need("refresh_token"))
    if doc is None or doc["clientId"] != asked.client.id:
        raise bad_grant(9002313, "The refresh token is malformed or not this client's.")
    if not valid:
        raise bad_grant(700082, "The refresh token has expired: sign in again.")
    form = asked.form
    scope = " ".join(dict.fromkeys(f"{form.get('scope', '')} offline_access openid profile".split()))
    return _for_user(asked, sessions.of(doc), scope, form.get("resource", ""))


def password(asked: Asked) -> replies.Reply:
    user = user_with_password(asked.cloud, asked.need("username"), asked.need("password"))
    if user is None:
        raise bad_grant(50126, "The user name or password is wrong.")
    now = sessions.Session(user["id"], asked.cloud.clock.now().timestamp(), (sessions.PASSWORD,))
    return _for_user(asked, now, asked.form.get("scope", ""), asked.form.get("resource", ""))


def _for_user(asked: Asked, session: sessions.Session, scope: str, resource: str, *, nonce: str = "") -> replies.Reply:
    user = asked.cloud.store.get("user", session.oid)
    if user is None:
        raise bad_grant(50034, "The user account does not exist any more.")
    account = account_in(asked.cloud, user, asked.tenant, asked.client)
    wanted = scopes.for_user(scope, resource)
    standing.check(asked.cloud, user, account, session, resource=wanted.audience, v1=asked.v1)
    _consented(asked, account, wanted)
    more = {"appidacr": asked.proof, **capabilities.told(asked.form)}
    who = replies.UserIn(user, account, asked.client, session)
    reply = replies.for_user(asked.cloud, who, wanted, nonce=nonce, more=more)
    return replies.as_v1(asked.cloud, reply, wanted.audience) if asked.v1 else reply


def _consented(asked: Asked, account: Doc, wanted: scopes.Wanted) -> None:
    """Raises EntraError 65001 where the person has not been asked, or has taken it back."""
    app = asked.client.app
    if app is None or not apps.asks(app):
        return
    needs = permissions.needed(app, wanted)
    if not consents.has(asked.cloud, app, account["tenantId"], account["id"], needs):
        text = f"The user or administrator has not consented to use the application with ID '{asked.client.id}' named"
        text += f" '{asked.client.name}'. Send an interactive authorization request for this user and resource."
        raise EntraError(400, "invalid_grant", 65001, text, suberror="consent_required")


GRANTS: dict[str, Callable[[Asked], replies.Reply]] = {
    "client_credentials": client_credentials,
    "authorization_code": authorization_code,
    DEVICE_CODE: device_code,
    "device_code": device_code,
    "refresh_token": refresh_token,
    "password": password,
}


async def user_realm(request: Request) -> Response:
    """Where a user's password is checked: here, never at another organisation's server."""
    name = request.path_params["user"]
    realm = {"ver": "1.0", "account_type": "Managed", "domain_name": name.partition("@")[2]}
    return JSONResponse(realm | {"cloud_instance_name": "microsoftonline.com"})


routes = [
    Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
    Route("/{tenant}/oauth2/token", token, methods=["POST"]),
    Route("/common/userrealm/{user}", user_realm),
]
