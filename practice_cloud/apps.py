"""App registrations: found and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def find(cloud: Cloud, client_id: str) -> Doc | None:
    return cloud.store.get("app", client_id.lower())


def save(cloud: Cloud, app: Doc) -> None:
    """Under the owner of the tenant that it is registered in."""
    tenant = cloud.store.get("tenant", app["tenantId"])
    cloud.store.put("app", app["appId"], app, owner=tenant["subscriptionId"] if tenant else "")
