"""A network for a machine, made as a portal makes one: each part by its own PUT, waited for."""

from __future__ import annotations

from typing import Any

from tests.practice.services.clients import POLL, Azure

PLACE: Any = {"location": "eastus"}
RDP_CLOSED: Any = {
    "name": "deny-rdp",
    "properties": {
        "protocol": "Tcp",
        "sourcePortRange": "*",
        "destinationPortRange": "3389",
        "sourceAddressPrefix": "Internet",
        "destinationAddressPrefix": "*",
        "access": "Deny",
        "priority": 1000,
        "direction": "Inbound",
    },
}


class MadeNetwork:
    """``azure``'s clients, and what they make: names end in ``tag``."""

    def __init__(self, azure: Azure, tag: str = "lab") -> None:
        self.azure, self.tag = azure, tag
        self.tags = {"lab": tag}
        self.place = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Network"

    def security_group(self) -> Any:
        body: Any = {**PLACE, "tags": self.tags, "properties": {"securityRules": [RDP_CLOSED]}}
        groups = self.azure.network.network_security_groups
        return groups.begin_create_or_update(self.azure.group, f"nsg-{self.tag}", body, polling_interval=POLL).result()

    def virtual_network(self, **subnet: Any) -> Any:
        properties = {"addressPrefix": "10.0.0.0/24", **subnet}
        body: Any = {
            **PLACE,
            "tags": self.tags,
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "machines", "properties": properties}],
            },
        }
        networks = self.azure.network.virtual_networks
        return networks.begin_create_or_update(
            self.azure.group, f"vnet-{self.tag}", body, polling_interval=POLL
        ).result()

    def public_address(self) -> Any:
        body: Any = {
            **PLACE,
            "tags": self.tags,
            "sku": {"name": "Standard"},
            "properties": {"publicIPAllocationMethod": "Static"},
        }
        addresses = self.azure.network.public_ip_addresses
        return addresses.begin_create_or_update(
            self.azure.group, f"ip-{self.tag}", body, polling_interval=POLL
        ).result()

    def interface(self, *, name: str = "", **configuration: Any) -> Any:
        """In the subnet that ``virtual_network`` makes; ``configuration`` changes what it asks for."""
        subnet = {"id": f"{self.place}/virtualNetworks/vnet-{self.tag}/subnets/machines"}
        properties = {"subnet": subnet, **configuration}
        body: Any = {
            **PLACE,
            "tags": self.tags,
            "properties": {"ipConfigurations": [{"name": "main", "properties": properties}]},
        }
        interfaces = self.azure.network.network_interfaces
        return interfaces.begin_create_or_update(
            self.azure.group, name or f"nic-{self.tag}", body, polling_interval=POLL
        ).result()

    def all(self, *, option: str = "Delete") -> Any:
        """The interface of a network with everything; ``option`` says what becomes of its address with the machine."""
        group = self.security_group()
        self.virtual_network(networkSecurityGroup={"id": group.id})
        address = self.public_address()
        return self.interface(publicIPAddress={"id": address.id, "properties": {"deleteOption": option}})
