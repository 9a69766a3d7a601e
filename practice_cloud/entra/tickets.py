"""Codes and refresh tokens: opaque to their bearer, kept only as digests, for a while."""

from __future__ import annotations

import secrets
from typing import Literal

from practice_cloud.cloud import Cloud
from practice_cloud.principals import digest
from practice_cloud.store import Doc

Kind = Literal["authCode", "deviceCode", "refreshToken", "signIn"]
SECONDS: dict[Kind, int] = {"authCode": 600, "deviceCode": 900, "refreshToken": 90 * 24 * 3600, "signIn": 600}


def issue(cloud: Cloud, kind: Kind, doc: Doc, *, owner: str = "") -> str:
    """A new ticket for ``doc``; its owner's expired ones of the kind are forgotten on the way."""
    now = cloud.clock.now().timestamp()
    ticket = f"1.A{secrets.token_urlsafe(48)}"
    key = digest(ticket)
    with cloud.store.transaction():
        for old in cloud.store.list(kind, owner=owner):
            if old["expires"] + SECONDS[kind] <= now:
                cloud.store.delete(kind, old["key"])
        cloud.store.put(kind, key, {**doc, "key": key, "expires": now + SECONDS[kind]}, owner=owner)
    return ticket


def find(cloud: Cloud, kind: Kind, ticket: str) -> tuple[Doc | None, bool]:
    """What a ticket stands for (None if nothing), and whether it is still valid."""
    doc = cloud.store.get(kind, digest(ticket))
    return doc, doc is not None and doc["expires"] > cloud.clock.now().timestamp()
