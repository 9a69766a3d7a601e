"""Virtual machines as ARM shows them."""

from __future__ import annotations

from typing import Any

from practice_cloud.store import Doc

_SYSTEMS = {
    "Windows": {
        "image": {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2"},
        "name": "Windows Server 2022 Datacenter",
        "version": "10.0.20348",
        "agent": "2.7.41491.1172",
        "settings": "windowsConfiguration",
    },
    "Linux": {
        "image": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server"},
        "name": "ubuntu",
        "version": "24.04",
        "agent": "2.14.0.1",
        "settings": "linuxConfiguration",
    },
}
_POWER = {"running": "VM running", "deallocated": "VM deallocated", "stopped": "VM stopped"}


def vm(doc: Doc, *, instance: bool) -> Doc:
    """``instance``: with the instance view, as ``$expand=instanceView`` asks."""
    system = _SYSTEMS[doc["osType"]]
    properties: Doc = {
        "vmId": doc["vmId"],
        "hardwareProfile": {"vmSize": doc["vmSize"]},
        "provisioningState": _provisioning(doc),
        "storageProfile": {
            "imageReference": {**_dict(system["image"]), "version": "latest", "exactVersion": system["version"]},
            "osDisk": {"osType": doc["osType"], "name": f"{doc['name']}_OsDisk_1", "createOption": "FromImage"},
            "dataDisks": [],
        },
        "osProfile": {
            "computerName": doc["name"][:15],
            "adminUsername": "azureuser",
            str(system["settings"]): {"provisionVMAgent": True},
            "allowExtensionOperations": True,
        },
        "networkProfile": {"networkInterfaces": [{"id": one} for one in doc.get("nics", [])]},
        "timeCreated": doc["createdAt"],
    }
    if instance:
        properties["instanceView"] = instance_view(doc)
    shown: Doc = {
        "id": doc["id"],
        "name": doc["name"],
        "type": "Microsoft.Compute/virtualMachines",
        "location": doc["location"],
        "tags": doc["tags"],
        "properties": properties,
    }
    if identity(doc):
        shown["identity"] = identity(doc)
    return shown


def _provisioning(doc: Doc) -> str:
    if "goneAt" in doc:
        return "Deleting"
    if doc["powerState"] == "creating":
        return "Creating"
    return "Updating" if "settling" in doc else "Succeeded"


def identity(doc: Doc) -> Doc | None:
    """The identity as ARM shows it, None where the machine has none."""
    kept, users = doc["identity"], doc.get("userIdentities") or {}
    if not kept and not users:
        return None
    kinds = (["SystemAssigned"] if kept else []) + (["UserAssigned"] if users else [])
    shown: Doc = {"type": ", ".join(kinds)}
    if kept:
        shown |= {"principalId": kept["principalId"], "tenantId": kept["tenantId"]}
    if users:
        shown["userAssignedIdentities"] = users
    return shown


def instance_view(doc: Doc) -> Doc:
    """A machine that is not running has no agent to report."""
    system, running = _SYSTEMS[doc["osType"]], doc["powerState"] == "running"
    power = doc["powerState"]
    shown: Doc = {
        "statuses": [
            _status("ProvisioningState/succeeded", "Provisioning succeeded", doc["createdAt"]),
            _status(f"PowerState/{power}", _POWER.get(power, f"VM {power}")),
        ],
        "hyperVGeneration": "V2",
        "disks": [
            {
                "name": f"{doc['name']}_OsDisk_1",
                "statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded")],
            }
        ],
    }
    if running:
        shown |= {"computerName": doc["name"][:15], "osName": system["name"], "osVersion": system["version"]}
        shown["vmAgent"] = _agent(doc, str(system["agent"]))
    return shown


def _agent(doc: Doc, version: str) -> Doc:
    if doc["agent"] == "Ready":
        status = _status("ProvisioningState/succeeded", "Ready")
        return {
            "vmAgentVersion": version,
            "statuses": [{**status, "message": "GuestAgent is running and processing the extensions."}],
        }
    status = {**_status("ProvisioningState/Unavailable", "Not Ready"), "level": "Warning"}
    return {
        "vmAgentVersion": "Unknown",
        "statuses": [{**status, "message": "VM status blob is found but not yet populated."}],
    }


def _status(code: str, display: str, time: str = "") -> Doc:
    shown: Doc = {"code": code, "level": "Info", "displayStatus": display}
    return {**shown, "time": time} if time else shown


def _dict(value: Any) -> dict[str, Any]:
    return dict(value)
