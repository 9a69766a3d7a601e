"""Subscriptions of a tenant: the student's, and further ones that were added (``otherSubscriptions`` of the ``tenant``
document)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.principals import new_id
from practice_cloud.store import Doc
from practice_cloud.students import REGISTERED

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def of_tenant(cloud: Cloud, tenant: Doc) -> list[Doc]:
    """None in one that has none, such as that of a portal's application."""
    found = [cloud.store.get("subscription", one) for one in _ids(tenant)]
    return [one for one in found if one is not None]


def add(cloud: Cloud, tenant: Doc, *, name: str, state: str) -> Doc:
    """A further one, empty, in which nobody has a role yet."""
    sid = new_id()
    doc = {"id": sid, "tenantId": tenant["id"], "displayName": name, "state": state}
    more = [*tenant.get("otherSubscriptions", []), sid]
    with cloud.store.transaction():
        cloud.store.put("subscription", sid, doc, owner=sid)
        cloud.store.put("tenant", tenant["id"], {**tenant, "otherSubscriptions": more}, owner=tenant["subscriptionId"])
        for namespace in REGISTERED:
            registration = {"namespace": namespace, "registrationState": "Registered"}
            cloud.store.put("provider", f"{sid}/{namespace.lower()}", registration, owner=sid)
    return doc


def _ids(tenant: Doc) -> list[str]:
    return [str(tenant["subscriptionId"]), *tenant.get("otherSubscriptions", [])]
