"""The paths of Microsoft.Network."""

from __future__ import annotations

from practice_cloud.arm.network import handlers
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import NETWORK

VERSIONS = ("2015-06-15", "2026-12-31")


def _of(kind: str) -> tuple[Operation, ...]:
    provider = f"providers/{NETWORK}/{kind}"
    subscription = f"/subscriptions/{{sid}}/{provider}"
    group = f"/subscriptions/{{sid}}/resourceGroups/{{rg}}/{provider}"

    def operation(method: str, path: str, verb: str, handler: Handler, *, listing: bool = False) -> Operation:
        action = f"{NETWORK}/{kind}/{verb}"
        return Operation(method, path, action, handler, VERSIONS, listing=listing, provider=NETWORK)

    return (
        operation("PUT", f"{group}/{{name}}", "write", handlers.put),
        operation("GET", f"{group}/{{name}}", "read", handlers.get),
        operation("DELETE", f"{group}/{{name}}", "delete", handlers.delete),
        operation("GET", group, "read", handlers.list_in_group, listing=True),
        operation("GET", subscription, "read", handlers.list_in_subscription, listing=True),
    )


OPERATIONS: tuple[Operation, ...] = tuple(one for kind in handlers.TYPES for one in _of(kind))
