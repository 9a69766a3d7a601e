"""The paths of template deployments into a group."""

from __future__ import annotations

from practice_cloud.arm.deployments import handlers
from practice_cloud.arm.wire import Operation

VERSIONS = ("2015-11-01", "2026-12-31")
_ALL = "/subscriptions/{sid}/resourceGroups/{rg}/providers/Microsoft.Resources/deployments"
_ONE = _ALL + "/{name}"
_ACTION = "Microsoft.Resources/deployments"

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _ALL, f"{_ACTION}/read", handlers.list_, VERSIONS),
    Operation("PUT", _ONE, f"{_ACTION}/write", handlers.put, VERSIONS),
    Operation("POST", f"{_ONE}/validate", f"{_ACTION}/validate/action", handlers.validate, VERSIONS),
    Operation("GET", _ONE, f"{_ACTION}/read", handlers.get, VERSIONS),
    Operation("GET", f"{_ONE}/operationStatuses/{{operation}}", f"{_ACTION}/read", handlers.status, VERSIONS),
)
