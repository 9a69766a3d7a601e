"""Virtual networks: https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks.

A PUT that names no subnets leaves them as they are; one that leaves some out takes those away.
"""

from __future__ import annotations

from practice_cloud.arm.known import only
from practice_cloud.arm.network import ranges, subnets
from practice_cloud.arm.network.kind import Kind
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.store import Doc

_KNOWN = frozenset({"addressSpace", "subnets", "enableDdosProtection", "dhcpOptions", "privateEndpointVNetPolicies"})


def _made(call: Call, doc: Doc, before: Doc | None) -> Doc:
    sent = only("virtual network", doc["properties"], _KNOWN | {"virtualNetworkPeerings"})
    space = (sent.get("addressSpace") or {}).get("addressPrefixes")
    if not isinstance(space, list) or not space:
        raise invalid_content("'addressSpace.addressPrefixes', a list of ranges, is needed")
    for prefix in space:
        ranges.parsed(prefix, doc["id"])
    there = before["properties"]["subnets"] if before else []
    asked = [subnets.made(call, doc, one) for one in sent["subnets"]] if "subnets" in sent else there
    subnets.require_fitting(doc, [str(one) for one in space], asked)
    stay = {one["name"].lower() for one in asked}
    for gone in there:
        if gone["name"].lower() not in stay:
            subnets.require_unused(call, gone)
    return {**sent, "subnets": asked}


def _shown(call: Call, doc: Doc) -> Doc:
    return {
        "enableDdosProtection": False,
        "virtualNetworkPeerings": [],
        "subnets": [subnets.shown(call, doc, one) for one in doc["properties"]["subnets"]],
    }


def _require_unused(call: Call, doc: Doc) -> None:
    for one in doc["properties"]["subnets"]:
        subnets.require_unused(call, one)


KIND = Kind("virtualNetworks", _made, _shown, _require_unused)
