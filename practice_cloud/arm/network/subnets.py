"""Subnets, which are part of their virtual network: https://learn.microsoft.com/rest/api/virtualnetwork/subnets.

The words of what does not fit: https://github.com/MicrosoftDocs/azure-docs/pull/123869.
"""

from __future__ import annotations

from typing import Any

from practice_cloud import networks
from practice_cloud.arm.known import only
from practice_cloud.arm.network import ranges, references, uses
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.ids import NETWORK
from practice_cloud.store import Doc

TYPE = f"{NETWORK}/virtualNetworks/subnets"
_KNOWN = frozenset({"addressPrefix", "addressPrefixes", "networkSecurityGroup", "defaultOutboundAccess"})
_PRIVATE_SINCE = "2025-07-01"
_POLICIES = {"privateEndpointNetworkPolicies": "Disabled", "privateLinkServiceNetworkPolicies": "Enabled"}
_SHOWN = frozenset({*_POLICIES, "ipConfigurations", "delegations"})


def made(call: Call, network: Doc, sent: Any) -> Doc:
    """A subnet as it is kept, from ``{name, properties}``."""
    name = sent.get("name") if isinstance(sent, dict) else None
    if not isinstance(name, str) or not name:
        raise invalid_content("each subnet needs a name")
    properties = {key: value for key, value in (sent.get("properties") or {}).items() if key not in _SHOWN}
    doc: Doc = {"id": f"{network['id']}/subnets/{name}", "name": name, "type": TYPE}
    kept = {
        **doc,
        "properties": {"defaultOutboundAccess": _opens(call, doc["id"]), **only("subnet", properties, _KNOWN)},
    }
    ranges.of_subnet(kept)
    group = kept["properties"].get("networkSecurityGroup")
    if group:
        user = {**doc, "location": network["location"]}
        found = references.resource(call, user, group, "networkSecurityGroups")
        kept["properties"]["networkSecurityGroup"] = {"id": found["id"]}
    return kept


def _opens(call: Call, subnet_id: str) -> bool:
    """Whether machines of a subnet reach the internet by themselves, where nothing is said: as before, and for a new
    one by the api-version. Source:
    https://techcommunity.microsoft.com/t5/azure-networking-blog/private-subnets-by-default-in-azure-virtual-networks-what/ba-p/4513778
    """
    before = networks.find_subnet(call.cloud, subnet_id)
    if before is not None:
        return bool(before[1]["properties"]["defaultOutboundAccess"])
    return call.api_version[:10] < _PRIVATE_SINCE


def require_fitting(network: Doc, space: list[str], subnets: list[Doc]) -> None:
    """Raises AzureError 400 for a subnet outside the network's ranges, or one that overlaps with another."""
    around = [ranges.parsed(one, network["id"]) for one in space]
    taken: list[Any] = []
    for subnet in subnets:
        for one in ranges.of_subnet(subnet):
            if not any(one.subnet_of(outer) for outer in around):
                raise _not_valid(network, subnet, "NetcfgSubnetRangeOutsideVnet", "is outside the IP address range of")
            if any(one.overlaps(other) for other in taken):
                overlaps = "overlaps with that of an existing subnet in"
                raise _not_valid(network, subnet, "NetcfgSubnetRangesOverlap", overlaps)
            taken.append(one)


def _not_valid(network: Doc, subnet: Doc, code: str, how: str) -> AzureError:
    return AzureError(
        400,
        code,
        f"Subnet '{subnet['name']}' is not valid because its IP address range {how} virtual network"
        f" '{network['name']}'.",
    )


def shown(call: Call, network: Doc, subnet: Doc) -> Doc:
    users = [one for one in uses.of(call, subnet["id"]) if "/ipconfigurations/" in one.lower()]
    return {
        **subnet,
        "etag": etag(network),
        "properties": {
            **subnet["properties"],
            **_POLICIES,
            "provisioningState": networks.state(call.cloud, network),
            "delegations": [],
            **({"ipConfigurations": [{"id": one} for one in users]} if users else {}),
        },
    }


def etag(doc: Doc) -> str:
    return f'W/"{doc["guid"]}"'


def require_unused(call: Call, subnet: Doc) -> None:
    """Raises AzureError 400 in the words of https://github.com/microsoft/nav-arm-templates/issues/161."""
    users = uses.of(call, subnet["id"])
    if users:
        raise AzureError(
            400,
            "InUseSubnetCannotBeDeleted",
            f"Subnet {subnet['name']} is in use by {users[0]} and cannot be deleted. In order to delete the subnet,"
            " delete all the resources within the subnet. See aka.ms/deletesubnet.",
        )
