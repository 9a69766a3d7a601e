"""The client secrets with which an app signs in: several at a time, each with its own end.

They are in the ``app`` document: ``passwords`` are those of the registration, ``principalPasswords`` those of its
service principal, which count as much. One is ``keyId, displayName, hint, digest, startsAt, endsAt`` (seconds since
1970): the secret itself is told once and kept by nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from practice_cloud.operations import iso
from practice_cloud.principals import digest, knows, new_id
from practice_cloud.store import Doc

Holder = Literal["passwords", "principalPasswords"]
SECONDS = 180 * 24 * 3600
"""How long one is good for where nobody says otherwise."""
SKEW = 300.0
"""Seconds by which clocks may differ: what one has just given out counts for another that is a little behind."""


def made(secret: str, *, starts: float, ends: float | None = None, name: str | None = None) -> Doc:
    return {
        "keyId": new_id(),
        "displayName": name,
        "hint": secret[:3],
        "digest": digest(secret),
        "startsAt": starts,
        "endsAt": starts + SECONDS if ends is None else ends,
    }


def of(app: Doc, holder: Holder) -> list[Doc]:
    """None in what was kept before there were several: such an app needs a new secret."""
    return list(app.get(holder, []))


def matching(app: Doc, secret: str) -> list[Doc]:
    """Those that are this secret, whether they count now or not."""
    every = [*of(app, "passwords"), *of(app, "principalPasswords")]
    return [one for one in every if knows(secret, one["digest"])]


def counts(password: Doc, now: float) -> bool:
    return bool(password["startsAt"] - SKEW <= now < password["endsAt"])


def shown(password: Doc) -> Doc:
    """As Graph shows it: https://learn.microsoft.com/graph/api/resources/passwordcredential."""
    return {
        "customKeyIdentifier": None,
        "displayName": password["displayName"],
        "endDateTime": iso(password["endsAt"], timespec="seconds"),
        "hint": password["hint"],
        "keyId": password["keyId"],
        "secretText": None,
        "startDateTime": iso(password["startsAt"], timespec="seconds"),
    }


def seconds(text: str) -> float:
    """A time as Graph is sent it. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
