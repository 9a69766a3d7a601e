"""Auto-shutdown of machines as it is kept: ``schedule``/{resource id, lower}, owned by the subscription.

A document: ``id, name, location, tags, guid, createdAt, changedAt, properties``; ``changedAt`` in seconds since 1970. A
machine has one at most, which is called after it and in its resource group. It stays when the machine is deleted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from practice_cloud import ids
from practice_cloud.ids import DEV_TEST_LAB
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

TYPE = f"{DEV_TEST_LAB}/schedules"
ZONES = {
    "UTC": "UTC",
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "Central Europe Standard Time": "Europe/Budapest",
    "Romance Standard Time": "Europe/Paris",
    "E. Europe Standard Time": "Europe/Chisinau",
    "FLE Standard Time": "Europe/Kiev",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "Pacific Standard Time": "America/Los_Angeles",
    "E. South America Standard Time": "America/Sao_Paulo",
    "India Standard Time": "Asia/Calcutta",
    "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore",
    "Tokyo Standard Time": "Asia/Tokyo",
    "AUS Eastern Standard Time": "Australia/Sydney",
}
"""Some of the time zones that Windows knows, by their names in
https://github.com/unicode-org/cldr/blob/main/common/supplemental/windowsZones.xml."""


def find(cloud: Cloud, resource_id: str) -> Doc | None:
    return cloud.store.get("schedule", resource_id.lower())


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    return cloud.store.list("schedule", owner=sid)


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("schedule", doc["id"].lower(), doc, owner=doc["id"].split("/")[2])


def delete(cloud: Cloud, doc: Doc) -> None:
    cloud.store.delete("schedule", doc["id"].lower())


def empty(cloud: Cloud, sid: str, group_id: str) -> None:
    """All of a resource group goes."""
    for doc in cloud.store.list("schedule", owner=sid, prefix=f"{group_id}/".lower()):
        delete(cloud, doc)


def id_for(vm: Doc) -> str:
    return ids.resource_id(vm["subscriptionId"], vm["resourceGroup"], TYPE, f"shutdown-computevm-{vm['name']}")


def shuts_down(cloud: Cloud, vm: Doc) -> bool:
    """Whether its time has come since a machine that runs was started and its schedule was last changed."""
    doc = find(cloud, id_for(vm))
    if doc is None or doc["properties"]["status"] != "Enabled":
        return False
    started = vm.get("startedAt") or datetime.fromisoformat(vm["createdAt"]).timestamp()
    return _last(doc["properties"], cloud.clock.now()) > max(float(started), float(doc["changedAt"]))


def _last(properties: Doc, now: datetime) -> float:
    """When its time of day was last, in seconds since 1970."""
    here = now.astimezone(ZoneInfo(ZONES[properties["timeZoneId"]]))
    time = properties["dailyRecurrence"]["time"].replace(":", "")
    today = here.replace(hour=int(time[:2]), minute=int(time[2:]), second=0, microsecond=0)
    return (today if today <= here else today - timedelta(days=1)).timestamp()
