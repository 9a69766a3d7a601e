"""Federated identity credentials: tokens of another issuer with which an app signs in, instead of a secret.

They are in the ``app`` document, as ``federated``: ``id, name, issuer, subject, audiences, description``, as Graph has
them. ``issuer``/{address} has the keys of an issuer outside the practice cloud, which cannot be fetched from here:
``keys`` (JSON Web Keys). The practice cloud's own tenants are issuers besides.
Source: https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jwt

from practice_cloud.principals import new_id
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

AUDIENCE = "api://AzureADTokenExchange"
AUDIENCE_ID = "fb60f99c-7a34-4190-8149-302f77469936"
"""The same audience, as tokens of Entra's own name it."""
MOST = 20
"""An app has no more of them."""
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$")
_FIELDS = ("name", "issuer", "subject", "audiences", "description")
_OURS = re.compile(r"^https://login\.microsoftonline\.com/([0-9a-f-]{36})/v2\.0$")


def made(sent: dict[str, Any]) -> Doc:
    """One as it is asked for. Raises ValueError, which says what is wrong."""
    texts = {name: sent.get(name) for name in ("name", "issuer", "subject")}
    audiences = sent.get("audiences", [AUDIENCE])
    if set(sent) - set(_FIELDS):
        raise ValueError(f"{', '.join(sorted(set(sent) - set(_FIELDS)))}: unknown; known are {', '.join(_FIELDS)}")
    if not isinstance(texts["name"], str) or not _NAME.match(texts["name"]):
        raise ValueError("name must be 3 to 120 letters, digits, hyphens and underscores, a letter or digit first")
    if not isinstance(texts["issuer"], str) or not texts["issuer"].startswith("https://"):
        raise ValueError("issuer must be the https address that the tokens name in their iss")
    if not isinstance(texts["subject"], str) or not texts["subject"]:
        raise ValueError("subject must be the text that the tokens name in their sub")
    if not isinstance(audiences, list) or len(audiences) != 1 or not isinstance(audiences[0], str):
        raise ValueError(f"audiences must be a list of one text, such as {AUDIENCE}")
    return {"id": new_id(), **texts, "audiences": audiences, "description": sent.get("description")}


def of(app: Doc) -> list[Doc]:
    return list(app.get("federated", []))


def with_one_more(app: Doc, one: Doc) -> Doc:
    """The app with it. Raises ValueError where its name, or its issuer and subject, are there already."""
    there = of(app)
    if any(known["name"] == one["name"] for known in there):
        raise ValueError(f"a federated credential with the name {one['name']} is there already")
    if any((known["issuer"], known["subject"]) == (one["issuer"], one["subject"]) for known in there):
        raise ValueError("a federated credential with this issuer and subject is there already")
    if len(there) >= MOST:
        raise ValueError(f"an application has at most {MOST} federated credentials")
    return {**app, "federated": [*there, one]}


def home_of(issuer: str) -> str | None:
    """The tenant of ours that issues under this name; None for any other issuer."""
    found = _OURS.match(issuer)
    return found[1] if found else None


def keys_of(cloud: Cloud, issuer: str) -> jwt.PyJWKSet | None:
    """With which an issuer signs; None where nobody can know that here."""
    if home_of(issuer) is not None:
        return jwt.PyJWKSet.from_dict(cloud.tokens.jwks())
    told = cloud.store.get("issuer", issuer)
    return jwt.PyJWKSet.from_dict({"keys": told["keys"]}) if told else None
