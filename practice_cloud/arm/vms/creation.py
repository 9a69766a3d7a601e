"""Making a machine: ``PUT`` of one that is not there, with a disk and the interfaces that the request names.

Shapes from https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update. The document of such a
machine has besides what those that students are given have: ``image``, ``system`` (``system.kept``), ``osDisk: {id,
name, caching, sizeGB, sku}``, ``nics`` (resource ids), ``goesWith`` (the ids of those of its parts that are deleted
with it) and ``echoed`` (properties that are shown as they were sent).
"""

from __future__ import annotations

import secrets
from typing import Any

from practice_cloud import disks, ids, machines
from practice_cloud.arm.known import only
from practice_cloud.arm.tags import tags
from practice_cloud.arm.vms import identity, parts, room, system
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.principals import new_id
from practice_cloud.store import Doc

TYPE = "Microsoft.Compute/virtualMachines"
_ECHOED = frozenset({"securityProfile", "diagnosticsProfile", "licenseType"})
_KNOWN = _ECHOED | {"hardwareProfile", "storageProfile", "osProfile", "networkProfile"}


def new(call: Call, body: Doc) -> tuple[Doc, Doc]:
    """The new machine, still Creating, and its disk; neither is kept yet.

    Raises AzureError 400 for what a machine must have and this one has not, 409 where there is no room for it, 501 for
    what is not implemented.
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
        "image": dict(sent["storageProfile"].get("imageReference") or {}),
        "echoed": {key: value for key, value in sent.items() if key in _ECHOED},
    }
    doc["system"] = system.kept(sent.get("osProfile"), name, doc["osType"])
    room.require(call, doc["vmSize"], location, doc["id"])
    doc, disk = _with_parts(call, doc, sent)
    return identity.changed(call, doc, body.get("identity"), whole=True), disk


def _with_parts(call: Call, doc: Doc, sent: Doc) -> tuple[Doc, Doc]:
    disk, goes = parts.disk(doc, sent["storageProfile"])
    parts.require_free(call, disk)
    nics, going = parts.interfaces(call, doc, sent.get("networkProfile"))
    shown = {name: disk[name] for name in ("id", "name", "caching", "sizeGB", "sku")}
    return {**doc, "nics": nics, "osDisk": shown, "goesWith": going + ([disk["id"]] if goes else [])}, disk


def keep(call: Call, doc: Doc, disk: Doc) -> float:
    """The machine begins to be, and its disk with it; the seconds until it runs."""
    disks.save(call.cloud, disk)
    return machines.create(call.cloud, doc)


def _properties(body: Doc) -> Doc:
    sent: Doc = body.get("properties") or {}
    for part in ("hardwareProfile", "storageProfile"):
        if not isinstance(sent.get(part), dict):
            raise AzureError(400, "InvalidParameter", f"Required parameter '{part}' is missing (null).")
    only(
        "machine's storageProfile",
        sent["storageProfile"],
        frozenset({"imageReference", "osDisk", "diskControllerType"}),
    )
    return only("machine", sent, _KNOWN)


def _size(sent: Doc) -> str:
    size = sent["hardwareProfile"].get("vmSize")
    if not isinstance(size, str) or not size:
        raise AzureError(400, "InvalidParameter", "Required parameter 'vmSize' is missing (null).")
    return size


def _system(sent: Doc) -> str:
    """Windows or Linux, by what the request says of it, wherever it says so."""
    storage: Any = sent["storageProfile"]
    profile, disk = sent.get("osProfile") or {}, storage.get("osDisk") or {}
    image = " ".join(str(value) for value in (storage.get("imageReference") or {}).values())
    if "windowsConfiguration" in profile or "windows" in f"{disk.get('osType')} {image}".lower():
        return "Windows"
    return "Linux"


def _imds_key(call: Call, name: str) -> str:
    """The student's own machine, made again, has its metadata service where it was."""
    student = call.cloud.store.get("student", call.sid) or {}
    again = (student.get("vm", "").lower(), student.get("resource_group", "").lower())
    return student["imds_key"] if again == (name.lower(), call.group["name"].lower()) else secrets.token_hex(16)
