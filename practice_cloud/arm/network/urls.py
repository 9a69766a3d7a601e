"""The paths of Microsoft.Network."""

from __future__ import annotations

from practice_cloud.arm.network import handlers, one_subnet, waiting
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import NETWORK

VERSIONS = ("2015-06-15", "2026-12-31")
_PROVIDER = f"/subscriptions/{{sid}}/providers/{NETWORK}"
_IN_GROUP = f"/subscriptions/{{sid}}/resourceGroups/{{rg}}/providers/{NETWORK}"


def _operation(method: str, path: str, action: str, handler: Handler, *, listing: bool = False) -> Operation:
    return Operation(method, path, f"{NETWORK}/{action}", handler, VERSIONS, listing=listing, provider=NETWORK)


def _of(kind: str) -> tuple[Operation, ...]:
    one = f"{_IN_GROUP}/{kind}/{{name}}"
    return (
        _operation("PUT", one, f"{kind}/write", handlers.put),
        _operation("PATCH", one, f"{kind}/write", handlers.patch),
        _operation("GET", one, f"{kind}/read", handlers.get),
        _operation("DELETE", one, f"{kind}/delete", handlers.delete),
        _operation("GET", f"{_IN_GROUP}/{kind}", f"{kind}/read", handlers.list_in_group, listing=True),
        _operation("GET", f"{_PROVIDER}/{kind}", f"{kind}/read", handlers.list_in_subscription, listing=True),
    )


_SUBNETS = f"{_IN_GROUP}/virtualNetworks/{{name}}/subnets"
_SUBNET = _SUBNETS + "/{subnet}"
_ACTIONS = "virtualNetworks/subnets"
_LOCATION = _PROVIDER + "/locations/{location}"

OPERATIONS: tuple[Operation, ...] = (
    *(one for kind in handlers.KINDS for one in _of(kind.name)),
    _operation("GET", _SUBNETS, f"{_ACTIONS}/read", one_subnet.list_),
    _operation("GET", _SUBNET, f"{_ACTIONS}/read", one_subnet.get),
    _operation("PUT", _SUBNET, f"{_ACTIONS}/write", one_subnet.put),
    _operation("DELETE", _SUBNET, f"{_ACTIONS}/delete", one_subnet.delete),
    _operation("GET", _LOCATION + "/operations/{operation}", "locations/operations/read", waiting.state, listing=True),
    _operation(
        "GET",
        _LOCATION + "/operationResults/{operation}",
        "locations/operationResults/read",
        waiting.result,
        listing=True,
    ),
)
