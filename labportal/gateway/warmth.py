"""What the first student of a worker would otherwise wait for: the SDKs' imports, and the reading of their models.

An SDK works out how to read a model when it first meets one, 40 ms for a virtual machine. So one of each kind the
labs look at is read here, of the least shape that touches the same parts.
"""

from __future__ import annotations

from azure.mgmt.compute.models import VirtualMachine
from azure.mgmt.keyvault.models import Secret, Vault

import labportal.gateway.sdk  # noqa: F401  the point is the import

_STATUS = {"code": "PowerState/running", "level": "Info", "displayStatus": "VM running"}
_MACHINE = {
    "id": "",
    "identity": {"type": "SystemAssigned", "principalId": "", "tenantId": ""},
    "properties": {
        "provisioningState": "Succeeded",
        "hardwareProfile": {"vmSize": "Standard_B2s"},
        "networkProfile": {"networkInterfaces": [{"id": "", "properties": {"primary": True}}]},
        "osProfile": {"computerName": "", "adminUsername": "", "windowsConfiguration": {"provisionVMAgent": True}},
        "storageProfile": {
            "imageReference": {"publisher": ""},
            "osDisk": {"osType": "Windows", "managedDisk": {"id": ""}},
            "dataDisks": [],
        },
        "instanceView": {
            "statuses": [_STATUS],
            "vmAgent": {"vmAgentVersion": "", "statuses": [_STATUS]},
            "disks": [{"name": "", "statuses": [_STATUS]}],
        },
    },
}
_POLICY = {"tenantId": "", "objectId": "", "permissions": {"secrets": [], "keys": [], "certificates": []}}
_VAULT = {"id": "", "properties": {"tenantId": "", "sku": {"family": "A"}, "accessPolicies": [_POLICY]}}


def read_one_of_each() -> None:
    VirtualMachine(_MACHINE)
    Vault(_VAULT)
    Secret({"id": "", "properties": {"attributes": {"enabled": True}}})
