"""Network interfaces: https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces.

Each configuration has an address in a subnet, and may have a public one; what is taken is refused in the words of
https://github.com/MicrosoftLearning/AZ-100-MicrosoftAzureInfrastructureDeployment/issues/15 and
https://github.com/F5Networks/terraform-azure-bigip-module/issues/63.
"""

from __future__ import annotations

from typing import Any

from practice_cloud.arm.known import only
from practice_cloud.arm.network import ranges, references, uses
from practice_cloud.arm.network.kind import Kind
from practice_cloud.arm.wire import Call, invalid_content
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_KNOWN = frozenset(
    {"ipConfigurations", "networkSecurityGroup", "enableAcceleratedNetworking", "enableIPForwarding", "nicType"}
)
_SHOWN = frozenset(
    {"virtualMachine", "macAddress", "primary", "hostedWorkloads", "dnsSettings", "vnetEncryptionSupported"}
)
_CONFIGURATION = frozenset(
    {"privateIPAddress", "privateIPAllocationMethod", "privateIPAddressVersion", "subnet", "publicIPAddress", "primary"}
)


def _made(call: Call, doc: Doc, before: Doc | None) -> Doc:
    sent = {name: value for name, value in doc["properties"].items() if name not in _SHOWN}
    kept = only("network interface", sent, _KNOWN)
    asked = kept.get("ipConfigurations")
    if not isinstance(asked, list) or not asked:
        raise invalid_content("'ipConfigurations', a list of at least one, is needed")
    had = {one["name"].lower(): one for one in before["properties"]["ipConfigurations"]} if before else {}
    kept["ipConfigurations"] = []
    for number, one in enumerate(asked):
        kept["ipConfigurations"].append(
            _configuration(call, doc, one, had, kept["ipConfigurations"], first=number == 0)
        )
    if kept.get("networkSecurityGroup"):
        found = references.resource(call, doc, kept["networkSecurityGroup"], "networkSecurityGroups")
        kept["networkSecurityGroup"] = {"id": found["id"]}
    return kept


def _configuration(call: Call, doc: Doc, sent: Any, had: dict[str, Doc], beside: list[Doc], *, first: bool) -> Doc:
    if not isinstance(sent, dict) or not sent.get("name"):
        raise invalid_content("each of 'ipConfigurations' needs a name")
    asked = only("network interface's configuration", sent.get("properties") or {}, _CONFIGURATION)
    own = f"{doc['id']}/ipConfigurations/{sent['name']}"
    _, subnet = references.subnet(call, doc, asked.get("subnet"))
    public = _public(call, doc, own, asked.get("publicIPAddress"))
    before = had.get(str(sent["name"]).lower())
    properties = {
        "privateIPAllocationMethod": "Dynamic",
        "privateIPAddressVersion": "IPv4",
        "primary": first,
        **asked,
        "subnet": {"id": subnet["id"]},
        "privateIPAddress": _address(call, doc, own, subnet, {**asked, "before": before, "beside": beside}),
        **({"publicIPAddress": public} if public else {}),
    }
    return {"id": own, "name": sent["name"], "properties": properties}


def _public(call: Call, doc: Doc, own: str, reference: Any) -> Doc | None:
    """``{id, properties?: {deleteOption}}``: with Delete it goes with the machine."""
    if not reference:
        return None
    found = references.resource(call, doc, reference, "publicIPAddresses")
    users = [one for one in uses.of(call, found["id"]) if one.lower() != own.lower()]
    if users:
        raise AzureError(
            400,
            "PublicIPAddressInUse",
            f"Resource {own} is referencing public IP address {found['id']} that is already allocated to resource"
            f" {users[0]}.",
        )
    option = (reference.get("properties") or {}).get("deleteOption") or found["properties"].get("deleteOption")
    return {"id": found["id"], **({"properties": {"deleteOption": option}} if option else {})}


def _address(call: Call, doc: Doc, own: str, subnet: Doc, asked: Doc) -> str:
    taken = ranges.taken(call, subnet, but=doc["id"])
    taken |= {one["properties"]["privateIPAddress"]: one["id"] for one in asked["beside"]}
    wanted = asked.get("privateIPAddress") if asked.get("privateIPAllocationMethod") == "Static" else None
    if wanted is None:
        before = asked["before"]
        same = before is not None and before["properties"]["subnet"]["id"] == subnet["id"]
        return str(before["properties"]["privateIPAddress"]) if same and before else ranges.free(subnet, set(taken))
    if wanted in taken:
        raise AzureError(
            400,
            "PrivateIPAddressIsAllocated",
            f"IP configuration {own} is using the private IP address {wanted} which is already allocated to resource"
            f" {taken[wanted]}.",
        )
    if not ranges.within(subnet, wanted):
        raise AzureError(
            400,
            "PrivateIPAddressNotInSubnet",
            f"Private static IP address {wanted} does not belong to the range of subnet prefix(es) of {subnet['id']}.",
        )
    return str(wanted)


def _shown(call: Call, doc: Doc) -> Doc:
    vm = uses.machine(call, doc["id"])
    of_machine = {"virtualMachine": {"id": vm["id"]}, "primary": True, "macAddress": _mac(doc)} if vm else {}
    state = {"provisioningState": "Succeeded"}
    return {
        "enableAcceleratedNetworking": doc["properties"].get("enableAcceleratedNetworking", False),
        "enableIPForwarding": doc["properties"].get("enableIPForwarding", False),
        "nicType": "Standard",
        "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
        "ipConfigurations": [
            {**one, "properties": {**one["properties"], **state}} for one in doc["properties"]["ipConfigurations"]
        ],
        **of_machine,
    }


def _mac(doc: Doc) -> str:
    digits = f"000D3A{doc['guid'].replace('-', '')[:6]}".upper()
    return "-".join(digits[at : at + 2] for at in range(0, 12, 2))


def _require_unused(call: Call, doc: Doc) -> None:
    """In the words of https://github.com/hashicorp/terraform-provider-azurerm/issues/8105."""
    vm = uses.machine(call, doc["id"])
    if vm:
        raise AzureError(
            400,
            "NicInUse",
            f"Network Interface {doc['id']} is used by existing resource {vm['id']}. In order to delete the network"
            " interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
        )


KIND = Kind("networkInterfaces", _made, _shown, _require_unused)
