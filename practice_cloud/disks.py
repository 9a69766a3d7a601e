"""Managed disks as they are kept: ``disk``/{resource id, lower}, owned by the subscription.

A document: ``id, name, location, tags, guid, osType, sizeGB, sku, caching, createdAt, managedBy?, freeAt?,
goneAt?``. Each was made with a machine, which is ``managedBy`` until it is deleted: from ``freeAt`` on it is nobody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.rbac import scopes
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

TYPE = "Microsoft.Compute/disks"


def find(cloud: Cloud, resource_id: str) -> Doc | None:
    """The disk of that id, whatever its case; one whose deletion has ended is forgotten here."""
    doc = cloud.store.get("disk", resource_id.lower())
    return None if doc is None else _there(cloud, doc)


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    found = (_there(cloud, doc) for doc in cloud.store.list("disk", owner=sid))
    return [doc for doc in found if doc is not None]


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("disk", doc["id"].lower(), doc, owner=doc["id"].split("/")[2])


def begin_to_delete(cloud: Cloud, doc: Doc, *, seconds: float) -> float:
    """The seconds until it is gone. A deletion that is under way is not begun again."""
    now = cloud.clock.now().timestamp()
    at = float(doc.get("goneAt", now + seconds))
    save(cloud, {**doc, "goneAt": at})
    return at - now


def delete(cloud: Cloud, doc: Doc) -> None:
    scopes.forget(cloud, doc["id"].split("/")[2], doc["id"])
    cloud.store.delete("disk", doc["id"].lower())


def empty(cloud: Cloud, sid: str, group_id: str) -> None:
    """All of a resource group goes."""
    for doc in cloud.store.list("disk", owner=sid, prefix=f"{group_id}/".lower()):
        delete(cloud, doc)


def _there(cloud: Cloud, doc: Doc) -> Doc | None:
    now = cloud.clock.now().timestamp()
    if doc.get("goneAt", float("inf")) <= now:
        delete(cloud, doc)
        return None
    if doc.get("freeAt", float("inf")) > now:
        return doc
    free = {name: value for name, value in doc.items() if name not in ("managedBy", "freeAt")}
    save(cloud, free)
    return free
