"""Network security groups: https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups.

They are kept and shown, and keep nobody out: practice machines are reached by nobody anyhow. The rules that every group
has are from https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview.
"""

from __future__ import annotations

from typing import Any

from practice_cloud.arm.known import only
from practice_cloud.arm.network import uses
from practice_cloud.arm.network.kind import Kind
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_NEEDED = ("protocol", "access", "direction", "priority")
_SHOWN = frozenset({"defaultSecurityRules", "networkInterfaces", "subnets"})
_Default = tuple[str, int, str, str, str, str]
_DEFAULTS: tuple[_Default, ...] = (  # name, priority, access, direction, from, to
    ("AllowVnetInBound", 65000, "Allow", "Inbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Allow", "Inbound", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Deny", "Inbound", "*", "*"),
    ("AllowVnetOutBound", 65000, "Allow", "Outbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowInternetOutBound", 65001, "Allow", "Outbound", "*", "Internet"),
    ("DenyAllOutBound", 65500, "Deny", "Outbound", "*", "*"),
)


def _made(_: Call, doc: Doc, __: Doc | None) -> Doc:
    sent = {name: value for name, value in doc["properties"].items() if name not in _SHOWN}
    rules = [
        _rule(doc, one) for one in only("security group", sent, frozenset({"securityRules"})).get("securityRules", [])
    ]
    seen: dict[tuple[str, int], str] = {}
    for rule in rules:
        place = (str(rule["properties"]["direction"]).lower(), int(rule["properties"]["priority"]))
        if place in seen:
            raise AzureError(
                400,
                "SecurityRuleConflict",
                f"Security rule {rule['name']} conflicts with rule {seen[place]}. Rules cannot have the same Priority"
                " and Direction.",
            )
        seen[place] = rule["name"]
    return {"securityRules": rules}


def _rule(group: Doc, sent: Any) -> Doc:
    """A rule as it is kept. Raises AzureError 400 for one that lacks what it must have (the words are assumed)."""
    properties = sent.get("properties") if isinstance(sent, dict) else None
    if not isinstance(properties, dict) or not sent.get("name") or any(not properties.get(one) for one in _NEEDED):
        raise invalid_content(f"each security rule needs a name and {', '.join(_NEEDED)}")
    priority = properties["priority"]
    if not isinstance(priority, int) or not 100 <= priority <= 4096:
        raise AzureError(
            400,
            "SecurityRuleInvalidPriority",
            f"Security rule has invalid Priority. Value provided: {priority} Allowed range 100-4096.",
        )
    kept = {name: value for name, value in properties.items() if name != "provisioningState" and value is not None}
    return {"id": f"{group['id']}/securityRules/{sent['name']}", "name": sent["name"], "properties": kept}


def _shown(call: Call, doc: Doc) -> Doc:
    users = uses.of(call, doc["id"])
    subnets = [{"id": one} for one in users if "/subnets/" in one.lower()]
    interfaces = [{"id": one} for one in users if "/subnets/" not in one.lower()]
    return {
        "securityRules": [_with_state(one) for one in doc["properties"]["securityRules"]],
        "defaultSecurityRules": [_with_state(_default(doc, one)) for one in _DEFAULTS],
        **({"subnets": subnets} if subnets else {}),
        **({"networkInterfaces": interfaces} if interfaces else {}),
    }


def _with_state(rule: Doc) -> Doc:
    return {**rule, "properties": {**rule["properties"], "provisioningState": "Succeeded"}}


def _default(group: Doc, rule: _Default) -> Doc:
    name, priority, access, direction, source, target = rule
    ports = {"protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*"}
    places = {"sourceAddressPrefix": source, "destinationAddressPrefix": target}
    return {
        "id": f"{group['id']}/defaultSecurityRules/{name}",
        "name": name,
        "properties": {**ports, **places, "access": access, "priority": priority, "direction": direction},
    }


def _require_unused(call: Call, doc: Doc) -> None:
    """In the words of https://github.com/DataBiosphere/terra-workspace-manager/pull/502."""
    users = uses.of(call, doc["id"])
    if users:
        raise AzureError(
            400,
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {doc['id']} cannot be deleted because it is in use by the following resources:"
            f" {', '.join(users)}. In order to delete the Network security group, remove the association with the"
            " resource(s). To learn how to do this, see aka.ms/deletensg.",
        )


KIND = Kind("networkSecurityGroups", _made, _shown, _require_unused)
