"""A machine as a portal makes one: with an interface of a network of its own, and what is left when it goes."""

from __future__ import annotations

from typing import Any

from tests.practice.services.clients import POLL, Azure
from tests.practice.services.made_network import MadeNetwork

VERSION = "api-version=2024-11-01"
PASSWORD = "Only-for-practice-16"
IMAGE = {
    "publisher": "MicrosoftWindowsServer",
    "offer": "WindowsServer",
    "sku": "2022-datacenter-azure-edition",
    "version": "latest",
}


def machine(interface: str = "", *, option: str = "Delete", **changed: Any) -> Any:
    """The request for a machine with that interface; ``changed`` are properties that are different."""
    nics = {"networkInterfaces": [{"id": interface, "properties": {"primary": True, "deleteOption": option}}]}
    disk = {
        "createOption": "FromImage",
        "deleteOption": option,
        "diskSizeGB": 127,
        "managedDisk": {"storageAccountType": "StandardSSD_LRS"},
    }
    system = {
        "computerName": "lab",
        "adminUsername": "labowner",
        "adminPassword": PASSWORD,
        "windowsConfiguration": {"provisionVMAgent": True, "enableAutomaticUpdates": True},
    }
    properties = {
        "hardwareProfile": {"vmSize": "Standard_B2s"},
        "storageProfile": {"imageReference": IMAGE, "osDisk": disk},
        "osProfile": system,
        **({"networkProfile": nics} if interface else {}),
        **changed,
    }
    return {
        "location": "eastus",
        "tags": {"lab": "16"},
        "identity": {"type": "SystemAssigned"},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def make(azure: Azure, name: str = "vm-made", **how: Any) -> Any:
    """With ``interface`` as ``machine`` has it; one of a network that is made first where there is none."""
    interface = how.pop("interface", None) or MadeNetwork(azure, name).all(option=how.get("option", "Delete")).id
    machines = azure.compute.virtual_machines
    body = machine(interface, **how)
    return machines.begin_create_or_update(azure.group, name, body, polling_interval=POLL).result()


def left(azure: Azure, tag: str = "") -> set[str]:
    """The kinds of what is there besides the student's own machine."""
    found = azure.resources.resources.list(filter=f"tagName eq 'lab'{tag}")
    return {str(one.type).rpartition("/")[2] for one in found}


def remove(azure: Azure, name: str = "vm-made") -> None:
    azure.compute.virtual_machines.begin_delete(azure.group, name, polling_interval=POLL).result()


def prints(azure: Azure, script: str) -> str:
    """What a script writes on the made machine, errors too."""
    command: Any = {"commandId": "RunPowerShellScript", "script": [script]}
    poller = azure.compute.virtual_machines.begin_run_command(azure.group, "vm-made", command, polling_interval=POLL)
    result: Any = poller.result()
    return str(result.value[0].message + result.value[1].message)
