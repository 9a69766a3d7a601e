"""Roles that a subscription has of its own.

``customRole``/{sid}/{id}: ``id, name, actions, notActions, dataActions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.rbac.builtin import BY_ID, Role
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def save(cloud: Cloud, sid: str, role_id: str, *, name: str, actions: list[str], not_actions: list[str]) -> None:
    doc = {"id": role_id, "name": name, "actions": actions, "notActions": not_actions, "dataActions": []}
    cloud.store.put("customRole", f"{sid}/{role_id}", doc, owner=sid)


def find(cloud: Cloud, sid: str, role_id: str) -> Role | None:
    """The role of that id, built in or the subscription's own."""
    built_in = BY_ID.get(role_id.lower())
    doc = None if built_in else cloud.store.get("customRole", f"{sid}/{role_id.lower()}")
    return built_in if doc is None else _role(doc)


def in_subscription(cloud: Cloud, sid: str) -> list[Role]:
    return [_role(doc) for doc in cloud.store.list("customRole", owner=sid)]


def _role(doc: Doc) -> Role:
    actions, not_actions, data = (tuple(doc[name]) for name in ("actions", "notActions", "dataActions"))
    return Role(doc["id"], doc["name"], "A role of this subscription.", actions, not_actions, data)
