"""What people have allowed applications to do in their name: ``consent``/{tenant id}/{appId}/{object id, or * for
everybody in the tenant}, ``permissions``.

Source: https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import apps
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

EVERYBODY = "*"


def has(cloud: Cloud, app: Doc, tenant_id: str, oid: str, permissions: tuple[str, ...]) -> bool:
    """Whether all of them are granted, by the person or by an administrator. Nothing counts before the application is
    let into the tenant."""
    if apps.principal_in(cloud, app, tenant_id) is None:
        return False
    docs = [cloud.store.get("consent", _key(app, tenant_id, who)) for who in (oid, EVERYBODY)]
    return set(permissions) <= {one for doc in docs if doc for one in doc["permissions"]}


def grant(cloud: Cloud, app: Doc, tenant: Doc, oid: str, permissions: tuple[str, ...]) -> None:
    """``oid`` is the person's, or EVERYBODY. Lets the application into the tenant."""
    key = _key(app, tenant["id"], oid)
    before = (cloud.store.get("consent", key) or {"permissions": []})["permissions"]
    with cloud.store.transaction():
        apps.let_in(cloud, app, tenant["id"])
        both = list(dict.fromkeys([*before, *permissions]))
        cloud.store.put("consent", key, {"permissions": both}, owner=tenant["subscriptionId"])


def take_back(cloud: Cloud, app: Doc, tenant: Doc) -> bool:
    """All that the tenant's people have granted, and its service principal there. Whether there was anything."""
    with cloud.store.transaction():
        there = apps.turn_out(cloud, app, tenant["id"])
        for oid in (*(one["id"] for one in cloud.store.list("user", owner=tenant["subscriptionId"])), EVERYBODY):
            there = cloud.store.delete("consent", _key(app, tenant["id"], oid)) or there
    return there


def take_all_back(cloud: Cloud, tenant: Doc) -> None:
    """The same for every application."""
    for one in cloud.store.list("servicePrincipal", owner=tenant["subscriptionId"]):
        app = apps.find(cloud, one["appId"])
        if app is not None:
            take_back(cloud, app, tenant)


def _key(app: Doc, tenant_id: str, oid: str) -> str:
    return f"{tenant_id}/{app['appId']}/{oid}"
