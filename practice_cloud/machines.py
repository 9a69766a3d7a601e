"""Virtual machines as they are kept (the document is described in ``practice_cloud.students``).

While a machine starts or stops, ``settling: {powerState, at}`` names the state it will be in and when
(seconds since 1970); whoever looks after that finds it settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def find(cloud: Cloud, vm_id: str) -> Doc | None:
    """The machine of that resource id, whatever its case, in its present power state."""
    doc = cloud.store.get("vm", vm_id.lower())
    return None if doc is None else _settled(cloud, doc)


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    return [_settled(cloud, doc) for doc in cloud.store.list("vm", owner=sid)]


def in_group(cloud: Cloud, sid: str, group: str) -> list[Doc]:
    return [doc for doc in in_subscription(cloud, sid) if doc["resourceGroup"].lower() == group.lower()]


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("vm", doc["id"].lower(), doc, owner=doc["subscriptionId"])


def delete(cloud: Cloud, doc: Doc) -> None:
    """The machine goes, and its system-assigned identity with it."""
    drop_principal(cloud, doc)
    cloud.store.delete("vm", doc["id"].lower())
    cloud.store.delete("imds", doc["imdsKey"])


def drop_principal(cloud: Cloud, doc: Doc) -> None:
    if doc["identity"] and doc["identity"].get("principalId"):
        cloud.store.delete("principal", doc["identity"]["principalId"])


def change_power(cloud: Cloud, doc: Doc, *, passing: str, final: str) -> float:
    """Begin to start or stop; the seconds it takes, none where the machine is there already."""
    seconds = 0.0 if doc["powerState"] == final else cloud.timings_of(doc["subscriptionId"]).vm_power
    at = cloud.clock.now().timestamp() + seconds
    save(cloud, {**doc, "powerState": passing if seconds else final, "settling": {"powerState": final, "at": at}})
    return seconds


def _settled(cloud: Cloud, doc: Doc) -> Doc:
    settling = doc.get("settling")
    if not settling or cloud.clock.now().timestamp() < settling["at"]:
        return doc
    done = {key: value for key, value in doc.items() if key != "settling"} | {"powerState": settling["powerState"]}
    save(cloud, done)
    return done
