"""The network around machines as it is kept: ``network``/{resource id, lower}, owned by the subscription.

A document: ``id, name, type, location, tags, sku?, guid, properties, readyAt, goneAt?``, times in seconds since 1970.
``properties`` are those asked for and those that Azure gives once; who uses what, and how far it is, is told from the
rest whenever it is shown. A virtual network's subnets are in it: ``properties.subnets`` of ``{id, name, properties}``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.rbac import scopes
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def find(cloud: Cloud, resource_id: str) -> Doc | None:
    """The resource of that id, whatever its case; one whose deletion has ended is forgotten here."""
    doc = cloud.store.get("network", resource_id.lower())
    return None if doc is None else _there(cloud, doc)


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    found = (_there(cloud, doc) for doc in cloud.store.list("network", owner=sid))
    return [doc for doc in found if doc is not None]


def find_subnet(cloud: Cloud, subnet_id: str) -> tuple[Doc, Doc] | None:
    """The virtual network and the subnet in it."""
    parent, _, name = subnet_id.rpartition("/subnets/")
    network = find(cloud, parent) if parent else None
    subnets = network["properties"]["subnets"] if network else []
    found = [one for one in subnets if one["name"].lower() == name.lower()]
    return (network, found[0]) if network and found else None


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("network", doc["id"].lower(), doc, owner=doc["id"].split("/")[2])


def state(cloud: Cloud, doc: Doc) -> str:
    """Its provisioning state."""
    if "goneAt" in doc:
        return "Deleting"
    return "Updating" if doc["readyAt"] > cloud.clock.now().timestamp() else "Succeeded"


def provision(cloud: Cloud, resource_id: str) -> None:
    """What is being made is ready from now on; nothing where there is no such thing."""
    doc = find(cloud, resource_id)
    if doc is not None:
        save(cloud, {**doc, "readyAt": min(doc["readyAt"], cloud.clock.now().timestamp())})


def begin_to_delete(cloud: Cloud, doc: Doc, *, seconds: float) -> float:
    """The seconds until it is gone. A deletion that is under way is not begun again."""
    now = cloud.clock.now().timestamp()
    at = float(doc.get("goneAt", now + seconds))
    save(cloud, {**doc, "goneAt": at})
    return at - now


def delete(cloud: Cloud, doc: Doc) -> None:
    """It goes, and the roles that were given at it."""
    scopes.forget(cloud, doc["id"].split("/")[2], doc["id"])
    cloud.store.delete("network", doc["id"].lower())


def empty(cloud: Cloud, sid: str, group_id: str) -> None:
    """All of a resource group goes."""
    for doc in cloud.store.list("network", owner=sid, prefix=f"{group_id}/".lower()):
        delete(cloud, doc)


def _there(cloud: Cloud, doc: Doc) -> Doc | None:
    if doc.get("goneAt", float("inf")) > cloud.clock.now().timestamp():
        return doc
    with cloud.store.transaction():
        delete(cloud, doc)
    return None
