"""The paths of ARM itself."""

from __future__ import annotations

from practice_cloud.arm.core import groups, moves, providers, resources, subscriptions
from practice_cloud.arm.wire import Handler, Operation

VERSIONS = ("2014-04-01", "2026-12-31")
_SUB = "/subscriptions/{sid}"
_GROUP = _SUB + "/resourceGroups/{rg}"
_RESOURCES = "Microsoft.Resources/subscriptions"


def _operation(
    method: str, path: str, action: str, handler: Handler, *, listing: bool = False, group_needed: bool = True
) -> Operation:
    full = f"{_RESOURCES}/{action}" if action else ""
    return Operation(method, path, full, handler, VERSIONS, listing=listing, group_needed=group_needed)


OPERATIONS: tuple[Operation, ...] = (
    _operation("GET", "/tenants", "", subscriptions.tenants),
    _operation("GET", "/subscriptions", "", subscriptions.list_),
    _operation("GET", _SUB, "", subscriptions.get),
    _operation("GET", f"{_SUB}/locations", "locations/read", subscriptions.locations),
    _operation("GET", f"{_SUB}/providers", "providers/read", providers.list_),
    _operation("GET", _SUB + "/providers/{namespace}", "providers/read", providers.get),
    _operation("POST", _SUB + "/providers/{namespace}/register", "register/action", providers.register),
    _operation("POST", _SUB + "/providers/{namespace}/unregister", "unregister/action", providers.unregister),
    _operation("GET", f"{_SUB}/resourceGroups", "resourceGroups/read", groups.list_, listing=True),
    _operation("PUT", _GROUP, "resourceGroups/write", groups.put, group_needed=False),
    _operation("PATCH", _GROUP, "resourceGroups/write", groups.patch),
    _operation("GET", _GROUP, "resourceGroups/read", groups.get),
    _operation("HEAD", _GROUP, "resourceGroups/read", groups.head, group_needed=False),
    _operation("DELETE", _GROUP, "resourceGroups/delete", groups.delete),
    _operation("POST", f"{_GROUP}/moveResources", "resourceGroups/moveResources/action", moves.move),
    _operation(
        "POST", f"{_GROUP}/validateMoveResources", "resourceGroups/validateMoveResources/action", moves.validate
    ),
    _operation("GET", _SUB + "/operationresults/{operation}", "operationresults/read", groups.result, listing=True),
    _operation("GET", f"{_SUB}/resources", "resources/read", resources.in_subscription, listing=True),
    _operation("GET", f"{_GROUP}/resources", "resourceGroups/resources/read", resources.in_group, listing=True),
)
