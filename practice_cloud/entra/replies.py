"""What the token endpoint answers, in v2's shape and in v1's (all values text)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Literal

from practice_cloud import groups
from practice_cloud.cloud import Cloud
from practice_cloud.entra import tickets
from practice_cloud.entra.directory import Client
from practice_cloud.entra.discovery import issuer_v2
from practice_cloud.entra.scopes import Wanted
from practice_cloud.entra.sessions import Session
from practice_cloud.store import Doc
from practice_cloud.tokens import ACCESS_TOKEN_SECONDS, issuer

Reply = dict[str, Any]
Claims = dict[str, Any]
Proof = Literal["0", "1", "2"]
"""What a token says of how its client has shown who it is: not at all, by a secret, by a certificate or an assertion
(``appidacr``: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)."""


@dataclass(frozen=True, slots=True)
class AppIn:
    """An application in a tenant: its id, and the object id of its service principal there."""

    app_id: str
    tenant_id: str
    principal_id: str


@dataclass(frozen=True, slots=True)
class UserIn:
    """Somebody who has signed in to a client. ``account`` is theirs in the tenant that the token is for: ``user``
    itself, but for a guest."""

    user: Doc
    account: Doc
    client: Client
    session: Session


def for_app(cloud: Cloud, app: AppIn, audience: str, *, more: Claims) -> Reply:
    """``more``: claims that the access token has besides its usual ones, among them ``appidacr``."""
    access, seconds = cloud.tokens.issue(
        tenant_id=app.tenant_id,
        audience=audience,
        oid=app.principal_id,
        appid=app.app_id,
        extra={"idtyp": "app", **groups.claim(cloud, app.principal_id), **more},
    )
    return {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": access}


def for_user(cloud: Cloud, who: UserIn, wanted: Wanted, *, nonce: str = "", more: Claims) -> Reply:
    """With a refresh token and an id token where they were asked for."""
    user, account = who.user, who.account
    access, seconds = cloud.tokens.issue(
        tenant_id=account["tenantId"],
        audience=wanted.audience,
        oid=account["id"],
        appid=who.client.id,
        extra={
            "idtyp": "user",
            "amr": list(who.session.amr),
            "scp": wanted.scp,
            "name": user["displayName"],
            **_belongs(user, account),
            **groups.claim(cloud, account["id"]),
            **more,
        },
    )
    reply: Reply = {"token_type": "Bearer", "scope": " ".join(wanted.asked), "expires_in": seconds}
    reply |= {"ext_expires_in": seconds, "access_token": access}
    if wanted.refresh:
        reply["refresh_token"] = _refresh_token(cloud, who)
    if wanted.openid:
        reply["id_token"] = _id_token(cloud, who, nonce)
    reply["client_info"] = _client_info(user)
    return reply


def _belongs(user: Doc, account: Doc) -> Claims:
    """The token of a guest, or of a personal account, names whence they come, and no name of their own in the tenant:
    https://learn.microsoft.com/entra/external-id/user-token."""
    name = user["userPrincipalName"]
    if user.get("personal"):
        return {"unique_name": f"live.com#{name}", "email": name, "idp": "live.com"}
    if account["id"] == user["id"]:
        return {"unique_name": name, "upn": name}
    return {"unique_name": name, "email": name, "idp": issuer(user["tenantId"])}


def as_v1(cloud: Cloud, reply: Reply, audience: str) -> Reply:
    """The same reply as v1 gives it."""
    now = int(cloud.clock.now().timestamp())
    timed = {"expires_on": now + ACCESS_TOKEN_SECONDS, "not_before": now, "resource": audience}
    return {name: str(value) for name, value in (reply | timed).items()}


def _refresh_token(cloud: Cloud, who: UserIn) -> str:
    tenant = cloud.store.get("tenant", who.user["tenantId"])
    owner = tenant["subscriptionId"] if tenant else ""
    return tickets.issue(cloud, "refreshToken", {**who.session.doc(), "clientId": who.client.id}, owner=owner)


def _id_token(cloud: Cloud, who: UserIn, nonce: str) -> str:
    user, account = who.user, who.account
    now = int(cloud.clock.now().timestamp())
    claims = {
        "aud": who.client.id,
        "iss": issuer_v2(account["tenantId"]),
        "iat": now,
        "nbf": now,
        "exp": now + ACCESS_TOKEN_SECONDS,
        "name": user["displayName"],
        "oid": account["id"],
        "sub": account["id"],
        "tid": account["tenantId"],
        "preferred_username": user["userPrincipalName"],
        "ver": "2.0",
    }
    return cloud.tokens.sign({**claims, "nonce": nonce} if nonce else claims)


def _client_info(user: Doc) -> str:
    """MSAL builds the account's id from it."""
    packed = json.dumps({"uid": user["id"], "utid": user["tenantId"]}).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
