"""Roles that a subscription has of its own.

``customRole``/{sid}/{id}: ``id, name, description, actions, notActions, dataActions, notDataActions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.rbac.builtin import BY_ID, Role
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def save(cloud: Cloud, sid: str, role_id: str, *, name: str, actions: list[str], not_actions: list[str]) -> None:
    keep(cloud, sid, Role(role_id, name, "A role of this subscription.", tuple(actions), tuple(not_actions)))


def keep(cloud: Cloud, sid: str, role: Role) -> None:
    doc: Doc = {
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "actions": role.actions,
        "notActions": role.not_actions,
        "dataActions": role.data_actions,
        "notDataActions": role.not_data_actions,
    }
    cloud.store.put("customRole", f"{sid}/{role.id}", doc, owner=sid)


def forget(cloud: Cloud, sid: str, role_id: str) -> None:
    cloud.store.delete("customRole", f"{sid}/{role_id}")


def find(cloud: Cloud, sid: str, role_id: str) -> Role | None:
    """The role of that id, built in or the subscription's own."""
    built_in = BY_ID.get(role_id.lower())
    doc = None if built_in else cloud.store.get("customRole", f"{sid}/{role_id.lower()}")
    return built_in if doc is None else _role(doc)


def in_subscription(cloud: Cloud, sid: str) -> list[Role]:
    return [_role(doc) for doc in cloud.store.list("customRole", owner=sid)]


def _role(doc: Doc) -> Role:
    lists = (tuple(doc[name]) for name in ("actions", "notActions", "dataActions", "notDataActions"))
    return Role(doc["id"], doc["name"], doc["description"], *lists)
