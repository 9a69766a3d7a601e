"""Who uses what of a network: configurations their subnets and addresses, machines their interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from practice_cloud import machines, networks
from practice_cloud.arm.wire import Call
from practice_cloud.store import Doc


def of(call: Call, resource_id: str) -> list[str]:
    """The ids of those that use the resource, each as Azure names them: a configuration of an interface, not the
    interface, where it is the configuration that does."""
    wanted = resource_id.lower()
    return [user for user, used in _all(call) if used.lower() == wanted]


def machine(call: Call, interface_id: str) -> Doc | None:
    """The machine that an interface belongs to."""
    wanted = interface_id.lower()
    for vm in machines.in_subscription(call.cloud, call.sid):
        if wanted in {one.lower() for one in vm.get("nics", [])}:
            return vm
    return None


def _all(call: Call) -> Iterator[tuple[str, str]]:
    for doc in networks.in_subscription(call.cloud, call.sid):
        properties = doc["properties"]
        for configuration in properties.get("ipConfigurations", []):
            for name in ("subnet", "publicIPAddress"):
                yield from _named(configuration["id"], configuration["properties"].get(name))
        for subnet in properties.get("subnets", []):
            yield from _named(subnet["id"], subnet["properties"].get("networkSecurityGroup"))
        yield from _named(doc["id"], properties.get("networkSecurityGroup"))
    for vm in machines.in_subscription(call.cloud, call.sid):
        yield from ((vm["id"], nic) for nic in vm.get("nics", []))


def _named(user: str, reference: Any) -> Iterator[tuple[str, str]]:
    if reference:
        yield user, str(reference["id"])
