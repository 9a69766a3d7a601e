"""Who can sign in: users, app registrations and managed identities, and the proof of what they know."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from typing import Any

from practice_cloud.store import Doc, Store

READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_id() -> str:
    return str(uuid.uuid4())


def new_password() -> str:
    """About 93 bits, without letters that look alike: students type it."""
    return "".join(secrets.choice(READABLE) for _ in range(16))


def new_secret() -> str:
    """A client secret of the usual 40 characters, safe to paste into a shell: one that began with a hyphen would be an
    option of az's."""
    return secrets.choice(READABLE) + secrets.token_urlsafe(30)[1:]


def digest(secret: str) -> str:
    """One-way form of a secret we made ourselves; its length makes a slow hash needless."""
    return hashlib.sha256(secret.encode()).hexdigest()


def knows(secret: str, kept: str) -> bool:
    return hmac.compare_digest(digest(secret), kept)


def add_managed_identity(
    store: Store, *, tenant_id: str, subscription_id: str, name: str, resource_id: str, explicit: bool = False
) -> dict[str, Any]:
    """A new identity called after its resource: ``{type, principalId, tenantId, clientId}``. ``explicit``: one that is
    a resource of its own, user-assigned.

    Azure gives a new principal each time an identity is turned on again.
    """
    principal_id, client_id = new_id(), new_id()
    principal: Doc = {
        "id": principal_id,
        "tenantId": tenant_id,
        "type": "ManagedIdentity",
        "displayName": name,
        "appId": client_id,
        "resourceId": resource_id,
        "explicit": explicit,
    }
    store.put("principal", principal_id, principal, owner=subscription_id)
    return {"type": "SystemAssigned", "principalId": principal_id, "tenantId": tenant_id, "clientId": client_id}
