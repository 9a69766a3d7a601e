"""Virtual machines as they are kept (the document is described in ``practice_cloud.students``).

While a machine is made, starts or stops, ``settling: {powerState, at}`` names the state it will be in and when
(seconds since 1970); whoever looks after that finds it settled. One that is made is "creating" until ``bootsAt``, then
"booting": its system runs, its agent does not answer yet. One that is being deleted is gone from ``goneAt`` on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import parting, schedules
from practice_cloud.rbac import scopes
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def find(cloud: Cloud, vm_id: str) -> Doc | None:
    """The machine of that resource id, whatever its case, in its present power state; one whose deletion has ended is
    forgotten here."""
    doc = cloud.store.get("vm", vm_id.lower())
    return None if doc is None else _settled(cloud, doc)


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    found = (_settled(cloud, doc) for doc in cloud.store.list("vm", owner=sid))
    return [doc for doc in found if doc is not None]


def in_group(cloud: Cloud, sid: str, group: str) -> list[Doc]:
    return [doc for doc in in_subscription(cloud, sid) if doc["resourceGroup"].lower() == group.lower()]


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("vm", doc["id"].lower(), doc, owner=doc["subscriptionId"])


def create(cloud: Cloud, doc: Doc) -> float:
    """Begin to make a machine; the seconds until it runs. One that has ``failed``, ``{code, message}``, is off until it
    is started."""
    cloud.store.put("imds", doc["imdsKey"], {"vm": doc["id"].lower()}, owner=doc["subscriptionId"])
    if "failed" in doc:
        save(cloud, {**doc, "powerState": "deallocated"})
        return 0.0
    seconds = cloud.timings_of(doc["subscriptionId"]).vm_power
    now = cloud.clock.now().timestamp()
    settling = {"powerState": "running", "bootsAt": now + seconds / 2, "at": now + seconds}
    save(cloud, {**doc, "settling": settling})
    return seconds


def begin_to_delete(cloud: Cloud, doc: Doc) -> float:
    """The seconds until the machine is gone. A deletion that is under way is not begun again."""
    now = cloud.clock.now().timestamp()
    at = float(doc.get("goneAt", now + cloud.timings_of(doc["subscriptionId"]).vm_power))
    if "goneAt" not in doc:
        parting.part(cloud, doc, at)
    save(cloud, {**doc, "goneAt": at})
    return at - now


def delete(cloud: Cloud, doc: Doc) -> None:
    """The machine goes, and with it its own identity, the roles that were given at it, and those of its parts that are
    to go with it."""
    drop_principal(cloud, doc)
    if "goneAt" not in doc:
        parting.part(cloud, doc, cloud.clock.now().timestamp())
    scopes.forget(cloud, doc["subscriptionId"], doc["id"])
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


def _settled(cloud: Cloud, doc: Doc) -> Doc | None:
    now, settling = cloud.clock.now().timestamp(), doc.get("settling")
    if doc.get("goneAt", float("inf")) <= now:
        with cloud.store.transaction():
            delete(cloud, doc)
        return None
    if not settling:
        return _on_time(cloud, doc)
    if now < settling["at"]:
        boots = doc["powerState"] == "creating" and now >= settling["bootsAt"]
        return {**doc, "powerState": "booting"} if boots else doc
    done = {key: value for key, value in doc.items() if key != "settling"} | {"powerState": settling["powerState"]}
    if done["powerState"] == "running":
        done["startedAt"] = settling["at"]
        done.pop("failed", None)
    save(cloud, done)
    return _on_time(cloud, done)


def _on_time(cloud: Cloud, doc: Doc) -> Doc:
    """The machine, off where it runs and its auto-shutdown has come."""
    if doc["powerState"] != "running" or not schedules.shuts_down(cloud, doc):
        return doc
    off = {**doc, "powerState": "deallocated"}
    save(cloud, off)
    return off
