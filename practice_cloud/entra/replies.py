"""What the token endpoint answers, in v2's shape and in v1's (all values text)."""

from __future__ import annotations

import base64
import json
from typing import Any, Literal

from practice_cloud import groups
from practice_cloud.cloud import Cloud
from practice_cloud.entra import tickets
from practice_cloud.entra.directory import Client
from practice_cloud.entra.discovery import issuer_v2
from practice_cloud.entra.scopes import Wanted
from practice_cloud.store import Doc
from practice_cloud.tokens import ACCESS_TOKEN_SECONDS

Reply = dict[str, Any]
Claims = dict[str, Any]
Proof = Literal["0", "1", "2"]
"""What a token says of how its client has shown who it is: not at all, by a secret, by a certificate or an assertion
(``appidacr``: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)."""


def for_app(cloud: Cloud, app: Doc, audience: str, *, more: Claims) -> Reply:
    """``more``: claims that the access token has besides its usual ones, among them ``appidacr``."""
    access, seconds = cloud.tokens.issue(
        tenant_id=app["tenantId"],
        audience=audience,
        oid=app["servicePrincipalId"],
        appid=app["appId"],
        extra={"idtyp": "app", **groups.claim(cloud, app["servicePrincipalId"]), **more},
    )
    return {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": access}


def for_user(cloud: Cloud, user: Doc, client: Client, wanted: Wanted, *, nonce: str = "", more: Claims) -> Reply:
    """With a refresh token and an id token where they were asked for."""
    access, seconds = cloud.tokens.issue(
        tenant_id=user["tenantId"],
        audience=wanted.audience,
        oid=user["id"],
        appid=client.id,
        extra={
            "idtyp": "user",
            "amr": ["pwd"],
            "scp": wanted.scp,
            "name": user["displayName"],
            "upn": user["userPrincipalName"],
            "unique_name": user["userPrincipalName"],
            **groups.claim(cloud, user["id"]),
            **more,
        },
    )
    reply: Reply = {"token_type": "Bearer", "scope": " ".join(wanted.asked), "expires_in": seconds}
    reply |= {"ext_expires_in": seconds, "access_token": access}
    if wanted.refresh:
        reply["refresh_token"] = _refresh_token(cloud, user, client)
    if wanted.openid:
        reply["id_token"] = _id_token(cloud, user, client, nonce)
    reply["client_info"] = _client_info(user)
    return reply


def as_v1(cloud: Cloud, reply: Reply, audience: str) -> Reply:
    """The same reply as v1 gives it."""
    now = int(cloud.clock.now().timestamp())
    timed = {"expires_on": now + ACCESS_TOKEN_SECONDS, "not_before": now, "resource": audience}
    return {name: str(value) for name, value in (reply | timed).items()}


def _refresh_token(cloud: Cloud, user: Doc, client: Client) -> str:
    tenant = cloud.store.get("tenant", user["tenantId"])
    owner = tenant["subscriptionId"] if tenant else ""
    return tickets.issue(cloud, "refreshToken", {"oid": user["id"], "clientId": client.id}, owner=owner)


def _id_token(cloud: Cloud, user: Doc, client: Client, nonce: str) -> str:
    now = int(cloud.clock.now().timestamp())
    claims = {
        "aud": client.id,
        "iss": issuer_v2(user["tenantId"]),
        "iat": now,
        "nbf": now,
        "exp": now + ACCESS_TOKEN_SECONDS,
        "name": user["displayName"],
        "oid": user["id"],
        "sub": user["id"],
        "tid": user["tenantId"],
        "preferred_username": user["userPrincipalName"],
        "ver": "2.0",
    }
    return cloud.tokens.sign({**claims, "nonce": nonce} if nonce else claims)


def _client_info(user: Doc) -> str:
    """MSAL builds the account's id from it."""
    packed = json.dumps({"uid": user["id"], "utid": user["tenantId"]}).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
