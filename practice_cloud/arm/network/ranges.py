"""Ranges of addresses, and the next free one in a subnet.

Azure keeps the first four addresses of a subnet and the last:
https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.networks import in_subscription
from practice_cloud.store import Doc

_KEPT = 4


def parsed(prefix: object, resource_id: str) -> IPv4Network:
    """Raises AzureError 400 for what is no range of IPv4 addresses."""
    try:
        return IPv4Network(str(prefix))
    except ValueError as error:
        raise AzureError(
            400,
            "InvalidAddressPrefixFormat",
            f"Address prefix {prefix} of resource {resource_id} is not formatted correctly. It should follow CIDR"
            " notation, for example 10.0.0.0/24.",
        ) from error


def of_subnet(subnet: Doc) -> list[IPv4Network]:
    properties = subnet["properties"]
    prefixes = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    return [parsed(one, subnet["id"]) for one in prefixes]


def taken(call: Call, subnet: Doc, *, but: str) -> dict[str, str]:
    """Each address of the subnet that is in use, and the id of the configuration that has it; ``but`` those of the
    interface of that id."""
    found: dict[str, str] = {}
    for doc in in_subscription(call.cloud, call.sid):
        for one in doc["properties"].get("ipConfigurations", []):
            if doc["id"].lower() != but.lower() and one["properties"]["subnet"]["id"].lower() == subnet["id"].lower():
                found[one["properties"]["privateIPAddress"]] = one["id"]
    return found


def free(subnet: Doc, used: set[str]) -> str:
    """Raises AzureError 400 where there is none."""
    for network in of_subnet(subnet):
        for number in range(int(network[0]) + _KEPT, int(network[-1])):
            if str(IPv4Address(number)) not in used:
                return str(IPv4Address(number))
    raise AzureError(
        400, "SubnetIsFull", f"Subnet {subnet['name']} with address prefix(es) has no capacity for another address."
    )


def within(subnet: Doc, address: str) -> bool:
    """Whether a machine of the subnet may have that address."""
    try:
        number = int(IPv4Address(address))
    except ValueError:
        return False
    return any(int(one[0]) + _KEPT <= number < int(one[-1]) for one in of_subnet(subnet))
