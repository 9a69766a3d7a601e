"""Locks, which refuse changes to whoever may do them otherwise."""

from __future__ import annotations

from typing import Any

from labportal.gateway.desk import Desk
from labportal.gateway.lists import entries
from steps.kit.records import Lock, Seen

LOCKS = "/providers/Microsoft.Authorization/locks"
VERSION = "2020-05-01"


class Locks(Desk):
    def locks(self, resource_group: str) -> Seen[tuple[Lock, ...]]:
        """Without a filter Azure tells those of the group, of what is in it, and of what it is in."""
        group = f"/subscriptions/{self._clients.who.subscription_id}/resourceGroups/{resource_group}"
        return self._read(lambda: tuple(map(_lock, entries(self._clients, f"{group}{LOCKS}", VERSION))))


def _lock(found: dict[str, Any]) -> Lock:
    identity, properties = str(found["id"]), found.get("properties") or {}
    at = identity.casefold().rfind(LOCKS.casefold())
    return Lock(
        id=identity,
        name=str(found.get("name") or ""),
        scope=identity[:at] if at >= 0 else "",
        read_only=str(properties.get("level")).casefold() == "readonly",
        notes=str(properties.get("notes") or ""),
    )
