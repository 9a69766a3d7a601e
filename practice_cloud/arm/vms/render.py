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
            "imageReference": {
                **_dict(system["image"]),
                "version": "latest",
                **doc.get("image", {}),
                "exactVersion": system["version"],
            },
            "osDisk": _os_disk(doc),
            "dataDisks": [],
        },
        "osProfile": {
            "computerName": _system(doc)["computerName"],
            "adminUsername": _system(doc)["adminUsername"],
            str(system["settings"]): {"provisionVMAgent": True, **_system(doc)["configuration"]},
            "allowExtensionOperations": True,
        },
        "networkProfile": {
            "networkInterfaces": [
                {"id": one, "properties": {"primary": number == 0, "deleteOption": _option(doc, one)}}
                for number, one in enumerate(doc.get("nics", []))
            ]
        },
        **doc.get("echoed", {}),
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


def _system(doc: Doc) -> Doc:
    """What is told of the system; a machine that was not made by a request has what all of those have."""
    return {
        "computerName": doc["name"][:15],
        "adminUsername": "azureuser",
        "configuration": {},
        **doc.get("system", {}),
    }


def _os_disk(doc: Doc) -> Doc:
    shown = {"osType": doc["osType"], "name": f"{doc['name']}_OsDisk_1", "createOption": "FromImage"}
    kept = doc.get("osDisk")
    if kept is None:
        return shown
    return {
        **shown,
        "name": kept["name"],
        "caching": kept["caching"],
        "deleteOption": _option(doc, kept["id"]),
        "diskSizeGB": kept["sizeGB"],
        "managedDisk": {"id": kept["id"], "storageAccountType": kept["sku"]},
    }


def _option(doc: Doc, part: str) -> str:
    return "Delete" if part in doc.get("goesWith", []) else "Detach"


def _provisioning(doc: Doc) -> str:
    if "goneAt" in doc:
        return "Deleting"
    if "failed" in doc and "settling" not in doc:
        return "Failed"
    if doc["powerState"] in ("creating", "booting"):
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
    """A machine that is not running has no agent to report; one that is being made has no power state at first."""
    system, running = _SYSTEMS[doc["osType"]], doc["powerState"] == "running"
    shown: Doc = {
        "statuses": _statuses(doc),
        "hyperVGeneration": "V2",
        "disks": [
            {
                "name": _os_disk(doc)["name"],
                "statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded")],
            }
        ],
    }
    if running:
        shown |= {
            "computerName": _system(doc)["computerName"],
            "osName": system["name"],
            "osVersion": system["version"],
        }
        shown["vmAgent"] = _agent(doc, str(system["agent"]))
    return shown


def _statuses(doc: Doc) -> list[Doc]:
    power = doc["powerState"]
    if power == "creating":
        return [_status("ProvisioningState/creating", "Creating")]
    if power == "booting":
        starting = _status("ProvisioningState/creating/OSProvisioningInprogress", "OS Provisioning In progress")
        return [starting, _status("PowerState/running", _POWER["running"])]
    return [_provisioned(doc), _status(f"PowerState/{power}", _POWER.get(power, f"VM {power}"))]


def _provisioned(doc: Doc) -> Doc:
    state = _provisioning(doc)
    if state == "Failed":
        shown = _status(f"ProvisioningState/failed/{doc['failed']['code']}", "Provisioning failed")
        return {**shown, "level": "Error", "message": doc["failed"]["message"]}
    if state == "Succeeded":
        return _status("ProvisioningState/succeeded", "Provisioning succeeded", doc["createdAt"])
    return _status(f"ProvisioningState/{state.lower()}", state)


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
