"""Tokens that were taken back: ``tokensRevoked``/{object id}, ``{at}`` (seconds since 1970): those given out until
then count no more.

Continuous access evaluation: the services refuse such a token with a challenge whose claims ask for a newer one, and
clients ask for that at once. Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge
(the shape of challenge and claims); the words are those that people report of Azure.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from practice_cloud.store import Doc
from practice_cloud.tokens import Claims

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

MESSAGE = (
    "Continuous access evaluation resulted in challenge with result: InteractionRequired and code:"
    " TokenIssuedBeforeRevocationTimestamp"
)


def revoke(cloud: Cloud, sid: str, oid: str) -> None:
    """Take back every token that a principal has been given until now."""
    cloud.store.put("tokensRevoked", oid, {"at": cloud.clock.now().timestamp()}, owner=sid)


def end_sessions(cloud: Cloud, sid: str, user: Doc) -> None:
    """What somebody has signed in to until now counts no more, neither refresh tokens nor access tokens. The ``user``
    document remembers, as ``validFrom``."""
    cloud.store.put("user", user["id"], {**user, "validFrom": cloud.clock.now().timestamp()}, owner=sid)
    revoke(cloud, sid, user["id"])


def lift(cloud: Cloud, oid: str) -> bool:
    return cloud.store.delete("tokensRevoked", oid)


def challenge(cloud: Cloud, claims: Claims) -> str:
    """What a challenge adds where the token was taken back; "" for one that still counts."""
    revoked = cloud.store.get("tokensRevoked", claims.oid)
    if revoked is None or claims.given > revoked["at"]:
        return ""
    wanted = {"access_token": {"nbf": {"essential": True, "value": f"{revoked['at']:.0f}"}}}
    packed = base64.b64encode(json.dumps(wanted).encode()).decode()
    return f'error="insufficient_claims", claims="{packed}"'
