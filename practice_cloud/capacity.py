"""What a subscription may have of Azure's machines, and what Azure has of them now.

``capacity``/{sid}: what scenarios have changed of it, each by region and family of sizes:
``{"restricted": [[region, family]], "soldOut": [[region, family]], "crowded": [[region, family]], "limits": {region:
{name: number}}}``; a family "" is all of them. What is sold out is refused; what is crowded is begun, and fails.

Where nothing is said, every size is to be had, up to ``LIMIT`` vCPUs in a region, of whatever family. A new
subscription has about as many; how many exactly differs by its offer, and is assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

LIMIT = 10
CORES = "cores"


def of(cloud: Cloud, sid: str) -> Doc:
    return {"restricted": [], "soldOut": [], "crowded": [], "limits": {}, **(cloud.store.get("capacity", sid) or {})}


def change(cloud: Cloud, sid: str, **values: object) -> None:
    cloud.store.put("capacity", sid, {**of(cloud, sid), **values}, owner=sid)


def lift(cloud: Cloud, sid: str) -> bool:
    """Everything is to be had again; whether anything was not."""
    return cloud.store.delete("capacity", sid)


def named(places: list[list[str]], region: str, family: str) -> bool:
    """Whether one of ``[[region, family]]`` means that family there."""
    return any(place == region and of_family in ("", family) for place, of_family in places)


def limit(cloud: Cloud, sid: str, region: str, name: str) -> int:
    """``name``: "cores" for all of a region, or a family."""
    return int(of(cloud, sid)["limits"].get(region, {}).get(name, LIMIT))
