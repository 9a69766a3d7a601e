"""What the first student of a worker would otherwise wait for: the SDKs' imports, the reading of their models, and
the garbage collector's walk through all of them.

An SDK works out how to read a model when it first meets one, 40 ms for a virtual machine. So one of each kind the
labs look at is read here, of the least shape that touches the same parts.

The SDKs are 100,000 objects that stay for good. Every full collection would look at each, and nothing else runs in the
process meanwhile: 80 ms, more on a busy machine. So they are set aside (``gc.freeze``).
"""

from __future__ import annotations

import gc

from azure.mgmt.compute.models import VirtualMachine
from azure.mgmt.keyvault.models import DeletedVault, Secret, Vault

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
_RULES = {"defaultAction": "Allow", "ipRules": [{"value": ""}], "virtualNetworkRules": [{"id": ""}]}
_PROPERTIES = {"tenantId": "", "sku": {"family": "A"}, "accessPolicies": [_POLICY], "networkAcls": _RULES}
_DATES = {"deletionDate": "2026-01-01T00:00:00Z", "scheduledPurgeDate": "2026-01-01T00:00:00Z"}


def read_one_of_each() -> None:
    VirtualMachine(_MACHINE)
    Vault({"id": "", "properties": _PROPERTIES})
    DeletedVault({"id": "", "properties": _DATES})
    Secret({"id": "", "properties": {"attributes": {"enabled": True}}})


def set_aside() -> None:
    """What is there by now is never looked at by the garbage collector again."""
    gc.collect()
    gc.freeze()
