"""The paths of Microsoft.ManagedIdentity."""

from __future__ import annotations

from practice_cloud.arm.identities import system, user
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import MANAGED_IDENTITY

VERSIONS = ("2015-08-31", "2026-12-31")
_TYPE = f"{MANAGED_IDENTITY}/userAssignedIdentities"
_LIST = f"/subscriptions/{{sid}}/resourceGroups/{{rg}}/providers/{_TYPE}"
_ONE = f"{_LIST}/{{name}}"


def _operation(method: str, path: str, verb: str, handler: Handler, *, listing: bool = False) -> Operation:
    return Operation(method, path, f"{_TYPE}/{verb}", handler, VERSIONS, listing=listing, provider=MANAGED_IDENTITY)


OPERATIONS: tuple[Operation, ...] = (
    _operation("PUT", _ONE, "write", user.put),
    _operation("PATCH", _ONE, "write", user.patch),
    _operation("GET", _ONE, "read", user.get),
    _operation("DELETE", _ONE, "delete", user.delete),
    _operation("GET", _LIST, "read", user.list_in_group, listing=True),
    _operation("GET", f"/subscriptions/{{sid}}/providers/{_TYPE}", "read", user.list_in_subscription, listing=True),
    # A machine has its own identity without the subscription's being registered for others.
    Operation(
        "GET",
        f"/subscriptions/{{sid}}/{{rest:path}}/providers/{MANAGED_IDENTITY}/identities/default",
        f"{MANAGED_IDENTITY}/identities/read",
        system.get,
        VERSIONS,
    ),
)
