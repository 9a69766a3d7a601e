"""The paths of Microsoft.Authorization, at every scope: a subscription, a group, a resource, a secret."""

from __future__ import annotations

from practice_cloud.arm.roles import assignments, definitions, locks, own, permissions
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import AUTHORIZATION

VERSIONS = ("2015-07-01", "2026-12-31")
_SCOPES = ("/subscriptions/{sid}", "/subscriptions/{sid}/{rest:path}")


def _at_every_scope(method: str, tail: str, action: str, handler: Handler) -> tuple[Operation, ...]:
    """``action`` is "" for what nobody needs a right for."""
    needed = f"{AUTHORIZATION}/{action}" if action else ""
    paths = (f"{scope}/providers/{AUTHORIZATION}/{tail}" for scope in _SCOPES)
    return tuple(Operation(method, path, needed, handler, VERSIONS) for path in paths)


OPERATIONS: tuple[Operation, ...] = (
    *_at_every_scope("GET", "roleDefinitions", "roleDefinitions/read", definitions.list_),
    *_at_every_scope("GET", "roleDefinitions/{role}", "roleDefinitions/read", definitions.get),
    *_at_every_scope("PUT", "roleDefinitions/{role}", "roleDefinitions/write", own.put),
    *_at_every_scope("DELETE", "roleDefinitions/{role}", "roleDefinitions/delete", own.delete),
    *_at_every_scope("GET", "locks", "locks/read", locks.list_),
    *_at_every_scope("PUT", "locks/{lock}", "locks/write", locks.put),
    *_at_every_scope("GET", "locks/{lock}", "locks/read", locks.get),
    *_at_every_scope("DELETE", "locks/{lock}", "locks/delete", locks.delete),
    *_at_every_scope("GET", "permissions", "", permissions.list_),
    *_at_every_scope("GET", "roleAssignments", "roleAssignments/read", assignments.list_),
    *_at_every_scope("PUT", "roleAssignments/{assignment}", "roleAssignments/write", assignments.put),
    *_at_every_scope("GET", "roleAssignments/{assignment}", "roleAssignments/read", assignments.get),
    *_at_every_scope("DELETE", "roleAssignments/{assignment}", "roleAssignments/delete", assignments.delete),
    Operation(
        "GET",
        f"/providers/{AUTHORIZATION}/roleDefinitions/{{role}}",
        "",
        definitions.get,
        VERSIONS,
    ),
)
