"""Making a machine: ``PUT`` of one that is not there, as after ``az vm delete``.

Shapes from https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update. A practice machine has its
own disk and network, so what is sent of either is taken and not looked up; passwords are read by nobody and kept
nowhere.
"""

from __future__ import annotations

import secrets
from typing import Any

from practice_cloud import ids
from practice_cloud.arm.tags import tags
from practice_cloud.arm.vms import identity
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.principals import new_id
from practice_cloud.store import Doc

TYPE = "Microsoft.Compute/virtualMachines"


def new(call: Call, body: Doc) -> Doc:
    """The new machine, still Creating and not yet kept.

    Raises AzureError 400 for what a machine must have and this one has not.
    """
    name, sent = call.param("name"), _properties(body)
    location = ids.location_name(str(body.get("location") or ""))
    if location not in ids.LOCATION_NAMES:
        raise AzureError(400, "LocationRequired", "The location property is required for this definition.")
    doc: Doc = {
        "id": ids.resource_id(call.sid, call.group["name"], TYPE, name),
        "name": name,
        "location": location,
        "tags": tags(body),
        "subscriptionId": call.sid,
        "tenantId": call.subscription["tenantId"],
        "resourceGroup": call.group["name"],
        "vmId": new_id(),
        "vmSize": _size(sent),
        "createdAt": call.cloud.clock.now().isoformat(),
        "powerState": "creating",
        "agent": "Ready",
        "osType": _system(sent),
        "identity": None,
        "userIdentities": {},
        "imdsKey": _imds_key(call, name),
        "nics": _nics(sent),
    }
    return identity.changed(call, doc, body.get("identity"), whole=True)


def _properties(body: Doc) -> Doc:
    sent = body.get("properties")
    for part in ("hardwareProfile", "storageProfile"):
        if not isinstance(sent, dict) or not isinstance(sent.get(part), dict):
            raise AzureError(400, "InvalidParameter", f"Required parameter '{part}' is missing (null).")
    return dict(sent or {})


def _size(sent: Doc) -> str:
    size = sent["hardwareProfile"].get("vmSize")
    if not isinstance(size, str) or not size:
        raise AzureError(400, "InvalidParameter", "Required parameter 'vmSize' is missing (null).")
    return size


def _system(sent: Doc) -> str:
    """Windows or Linux, by what the request says of it, wherever it says so."""
    storage: Any = sent["storageProfile"]
    system, disk = sent.get("osProfile") or {}, storage.get("osDisk") or {}
    image = " ".join(str(value) for value in (storage.get("imageReference") or {}).values())
    if "windowsConfiguration" in system or "windows" in f"{disk.get('osType')} {image}".lower():
        return "Windows"
    return "Linux"


def _nics(sent: Doc) -> list[str]:
    """The ids of its network interfaces, shown as they were sent."""
    found: Any = (sent.get("networkProfile") or {}).get("networkInterfaces") or []
    return [str(one["id"]) for one in found if isinstance(one, dict) and one.get("id")]


def _imds_key(call: Call, name: str) -> str:
    """The student's own machine, made again, has its metadata service where it was."""
    student = call.cloud.store.get("student", call.sid) or {}
    again = (student.get("vm", "").lower(), student.get("resource_group", "").lower())
    return student["imds_key"] if again == (name.lower(), call.group["name"].lower()) else secrets.token_hex(16)
