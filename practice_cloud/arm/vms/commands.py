"""The ready-made commands of Run Command: ``az vm run-command list`` and ``show`` by location.

Ids, labels and descriptions from https://github.com/Azure/azure-rest-api-specs (Microsoft.Compute,
runCommandExamples). The practice cloud runs one of them, RunPowerShellScript.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from practice_cloud.arm.paging import page
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_SCHEMA = "http://schema.management.azure.com/schemas/2016-11-17/runcommands.json"
_CUSTOM = "script should be defined in script property. Optional parameters can be set in parameters property."
_COMMANDS: tuple[tuple[str, str, str, str], ...] = (
    ("EnableRemotePS", "Windows", "Enable remote PowerShell", "Configure the machine to enable remote PowerShell."),
    (
        "IPConfig",
        "Windows",
        "List IP configuration",
        "Shows detailed information for the IP address, subnet mask and default gateway for each adapter bound to"
        " TCP/IP.",
    ),
    ("RunPowerShellScript", "Windows", "Executes a PowerShell script", f"Custom multiline PowerShell {_CUSTOM}"),
    ("RunShellScript", "Linux", "Executes a Linux shell script", f"Custom multiline shell {_CUSTOM}"),
    ("ifconfig", "Linux", "List network configuration", "Get the configuration of all network interfaces."),
    (
        "EnableAdminAccount",
        "Windows",
        "Enable administrator account",
        "Checks if the local Administrator account is disabled, and if so enables it.",
    ),
    (
        "ResetAccountPassword",
        "Windows",
        "Reset built-in Administrator account password",
        "Reset built-in Administrator account password.",
    ),
    (
        "RDPSettings",
        "Windows",
        "Verify RDP Listener Settings",
        "Checks registry settings and domain policy settings. Suggests policy actions if machine is part of a domain"
        " or modifies the settings to default values.",
    ),
    (
        "SetRDPPort",
        "Windows",
        "Set Remote Desktop port",
        "Sets the default or user specified port number for Remote Desktop connections. Enables firewall rule for"
        " inbound access to the port.",
    ),
    (
        "ResetRDPCert",
        "Windows",
        "Restore RDP Authentication mode to defaults",
        "Removes the SSL certificate tied to the RDP listener and restores the RDP listerner security to default. Use"
        " this script if you see any issues with the certificate.",
    ),
)
_SAMPLE = {
    "RunPowerShellScript": (
        "param(",
        "    [string]$arg1,",
        "    [string]$arg2",
        ")",
        "Write-Host This is a sample script with parameters $arg1 $arg2",
    ),
    "RunShellScript": ("#!/bin/sh", "echo This is a sample script with parameters $arg1 $arg2"),
}


async def list_(call: Call) -> Response:
    return page(call, [_short(*one) for one in _COMMANDS])


async def show(call: Call) -> Response:
    """With its sample script where it is one that takes scripts; the scripts of the others are not told here."""
    command = find(call.param("command"))
    script = _SAMPLE.get(command["id"])
    if script is None:
        raise AzureError(
            501, "NotImplementedByPracticeCloud", f"The practice cloud does not know the script of {command['id']}."
        )
    parameters = [{"name": f"arg{n}", "type": "string", "defaultValue": f"value{n}"} for n in (1, 2)]
    return JSONResponse({**command, "script": list(script), "parameters": parameters})


def find(command_id: str) -> Doc:
    """Raises AzureError 404 in the words that people report of Azure
    (https://github.com/Azure/azure-powershell/issues/7331)."""
    for one in _COMMANDS:
        if one[0].lower() == command_id.lower():
            return _short(*one)
    raise AzureError(404, "NotFound", "The entity was not found in this Azure location.")


def _short(command_id: str, system: str, label: str, description: str) -> Doc:
    return {"$schema": _SCHEMA, "id": command_id, "osType": system, "label": label, "description": description}
