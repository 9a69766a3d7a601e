"""What becomes of role assignments when the thing they are given at is deleted: they go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import ids

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def forget(cloud: Cloud, sid: str, scope: str) -> None:
    """Drop the assignments at ``scope`` and below, so that a new thing of the old name starts without them."""
    for doc in cloud.store.list("roleAssignment", owner=sid):
        if ids.covers(scope, doc["properties"]["scope"]):
            cloud.store.delete("roleAssignment", f"{doc['properties']['scope'].lower()}/{doc['name']}")
