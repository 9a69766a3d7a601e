"""The parts of a machine that is made: the disk it gets, and the network interfaces it takes.

Shapes from https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update. A request that names no
interface makes a machine that reaches what practice machines reach; Azure would want one.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from practice_cloud import disks, ids, networks
from practice_cloud.arm.known import only
from practice_cloud.arm.network import uses
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_DISK = frozenset({"osType", "name", "createOption", "caching", "managedDisk", "diskSizeGB", "deleteOption"})
_SIZES = {"Windows": 127, "Linux": 30}
_JOIN = "Microsoft.Network/networkInterfaces/join/action"


def disk(vm: Doc, storage: Doc) -> tuple[Doc, bool]:
    """The disk that a machine is made with, not yet kept, and whether it goes with it."""
    sent = only("machine's osDisk", storage.get("osDisk") or {}, _DISK)
    name = str(sent.get("name") or f"{vm['name']}_OsDisk_1_{secrets.token_hex(16)}")
    doc: Doc = {
        "id": ids.resource_id(vm["subscriptionId"], vm["resourceGroup"], disks.TYPE, name),
        "name": name,
        "location": vm["location"],
        "tags": vm["tags"],
        "guid": str(uuid.uuid4()),
        "osType": vm["osType"],
        "sizeGB": int(sent.get("diskSizeGB") or _SIZES[vm["osType"]]),
        "sku": str((sent.get("managedDisk") or {}).get("storageAccountType") or "Premium_LRS"),
        "caching": str(sent.get("caching") or "ReadWrite"),
        "createdAt": vm["createdAt"],
        "managedBy": vm["id"],
    }
    return doc, _goes(sent.get("deleteOption"))


def require_free(call: Call, doc: Doc) -> None:
    """Raises AzureError 409 where a disk has the name already."""
    if disks.find(call.cloud, doc["id"]) is not None:
        raise AzureError(
            409,
            "ConflictingUserInput",
            f"Disk '{doc['name']}' already exists in resource group {doc['id'].split('/')[4]}. Only CreateOption.Attach"
            " is supported.",
        )


def interfaces(call: Call, vm: Doc, profile: Any) -> tuple[list[str], list[str]]:
    """The ids of the interfaces, and of those that go with the machine.

    Raises AzureError 404 for one that is not there, 400 for one of another machine or region, 403 for one the caller
    may not use, 409 for one that is not ready.
    """
    sent = only("machine's networkProfile", profile or {}, frozenset({"networkInterfaces"}))
    found: list[tuple[str, bool]] = []
    for one in sent.get("networkInterfaces", []):
        option = (one.get("properties") or {}).get("deleteOption")
        found.append((_interface(call, vm, str(one.get("id", ""))), _goes(option)))
    return [one for one, _ in found], [one for one, goes in found if goes]


def _interface(call: Call, vm: Doc, resource_id: str) -> str:
    doc = networks.find(call.cloud, resource_id)
    if doc is None or not doc["type"].endswith("/networkInterfaces"):  # the code is assumed
        raise AzureError(404, "NotFound", f"Resource {resource_id} not found.")
    other = uses.machine(call, doc["id"])
    if other is not None:
        raise AzureError(400, "NicInUse", f"Network Interface {doc['id']} is used by existing resource {other['id']}.")
    if doc["location"] != vm["location"]:
        raise AzureError(
            400,
            "InvalidParameter",
            f"Network interface {doc['id']} is in location {doc['location']}, and the VM in {vm['location']}.",
        )
    if not call.may(_JOIN, doc["id"]):
        raise AzureError(
            403,
            "LinkedAuthorizationFailed",
            f"The client with object id '{call.claims.oid}' has permission to perform action"
            f" 'Microsoft.Compute/virtualMachines/write' on scope '{vm['id']}'; however, it does not have permission to"
            f" perform action(s) '{_JOIN}' on the linked scope(s) '{doc['id']}' (respectively) or the linked scope(s)"
            " are invalid.",
        )
    if networks.state(call.cloud, doc) != "Succeeded":
        raise AzureError(
            409,
            "ReferencedResourceNotProvisioned",
            f"Cannot proceed with operation because resource {doc['id']} used by resource {vm['id']} is not in"
            " Succeeded state.",
        )
    return str(doc["id"])


def _goes(option: Any) -> bool:
    return str(option or "Detach").lower() == "delete"
