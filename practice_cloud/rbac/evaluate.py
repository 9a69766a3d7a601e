"""Whether a principal may do something: its role assignments, really evaluated.

An assignment document is the assignment as ARM answers it, ``id, name, type, properties {roleDefinitionId,
principalId, principalType, scope, condition, …}``, with ``effectiveAt?`` and ``revokedAt?`` beside it (seconds since
1970): it counts from the one on, and a deleted one is kept, unseen, and counts until the other. Azure, too, takes a
while to learn of a change. Who asks is ``who``: their own object id, and those of their groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from practice_cloud import ids
from practice_cloud.rbac import conditions, custom
from practice_cloud.rbac.builtin import Role
from practice_cloud.rbac.patterns import matches
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


Who = tuple[str, ...]


def permitted(cloud: Cloud, who: Who, scope: str, action: str) -> bool:
    """Whether ``who`` may do ``action`` (control plane) at ``scope``."""
    return any(
        _allows(held.role, action) and conditions.holds(held.condition, action)
        for held in _held(cloud, who, ids.subscription_of(scope))
        if ids.covers(held.at, scope)
    )


def permitted_data(cloud: Cloud, who: Who, scope: str, action: str) -> bool:
    """Whether ``who`` may do ``action`` on the data in the resource ``scope``."""
    return any(
        _matches(held.role.data_actions, action)
        and not _matches(held.role.not_data_actions, action)
        and conditions.holds(held.condition, action)
        for held in _held(cloud, who, ids.subscription_of(scope))
        if ids.covers(held.at, scope)
    )


def permitted_below(cloud: Cloud, who: Who, scope: str, action: str, *, sid: str) -> bool:
    """Whether ``who`` may do ``action`` at something beneath ``scope``."""
    return any(_allows(held.role, action) for held in _held(cloud, who, sid) if ids.covers(scope, held.at))


def holds_any(cloud: Cloud, who: Who, sid: str) -> bool:
    """Whether ``who`` has any role in the subscription: what makes it appear in their list."""
    return any(True for _ in _held(cloud, who, sid))


def roles_at(cloud: Cloud, who: Who, scope: str) -> list[Role]:
    """The roles ``who`` has at ``scope``, each once."""
    held = _held(cloud, who, ids.subscription_of(scope))
    return list(dict.fromkeys(one.role for one in held if ids.covers(one.at, scope)))


class _Held(NamedTuple):
    role: Role
    at: str
    condition: str


def _held(cloud: Cloud, who: Who, sid: str) -> Iterator[_Held]:
    now = cloud.clock.now().timestamp()
    for doc in cloud.store.list("roleAssignment", owner=sid):
        properties = doc["properties"]
        role = custom.find(cloud, sid, properties["roleDefinitionId"].rsplit("/", 1)[-1])
        if role is not None and properties["principalId"] in who and _in_force(doc, now):
            yield _Held(role, properties["scope"], properties.get("condition") or "")


def _in_force(doc: Doc, now: float) -> bool:
    return bool(doc.get("effectiveAt", 0.0) <= now < doc.get("revokedAt", float("inf")))


def _allows(role: Role, action: str) -> bool:
    return _matches(role.actions, action) and not _matches(role.not_actions, action)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(matches(pattern, action) for pattern in patterns)
