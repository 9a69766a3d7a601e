"""The paths of Microsoft.DevTestLab."""

from __future__ import annotations

from practice_cloud.arm.schedules import handlers
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import DEV_TEST_LAB
from practice_cloud.schedules import TYPE

VERSIONS = ("2016-05-15", "2018-09-15")
_LIST = f"/subscriptions/{{sid}}/resourceGroups/{{rg}}/providers/{TYPE}"
_ONE = _LIST + "/{name}"


def _operation(method: str, path: str, verb: str, handler: Handler, *, listing: bool = False) -> Operation:
    return Operation(method, path, f"{TYPE}/{verb}", handler, VERSIONS, listing=listing, provider=DEV_TEST_LAB)


OPERATIONS: tuple[Operation, ...] = (
    _operation("PUT", _ONE, "write", handlers.put),
    _operation("PATCH", _ONE, "write", handlers.patch),
    _operation("GET", _ONE, "read", handlers.get),
    _operation("DELETE", _ONE, "delete", handlers.delete),
    _operation("GET", _LIST, "read", handlers.list_in_group, listing=True),
    _operation("GET", f"/subscriptions/{{sid}}/providers/{TYPE}", "read", handlers.list_in_subscription, listing=True),
)
