"""The paths of Microsoft.Compute."""

from __future__ import annotations

from practice_cloud.arm.vms import commands, disks, handlers, images, offers, run_command
from practice_cloud.arm.wire import Handler, Operation
from practice_cloud.ids import COMPUTE

VERSIONS = ("2015-06-15", "2026-12-31")
_GROUP_VMS = "/subscriptions/{sid}/resourceGroups/{rg}/providers/Microsoft.Compute/virtualMachines"
_VM = _GROUP_VMS + "/{name}"
_SUB = "/subscriptions/{sid}/providers/Microsoft.Compute"
_GROUP_DISKS = "/subscriptions/{sid}/resourceGroups/{rg}/providers/Microsoft.Compute/disks"
_DISK = _GROUP_DISKS + "/{name}"
_COMMANDS = _SUB + "/locations/{location}/runCommands"
_IMAGE = _SUB + "/locations/{location}/publishers/{publisher}/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions"
_IMAGES = "locations/publishers/artifacttypes/offers/skus/versions/read"


def _operation(method: str, path: str, action: str, handler: Handler, *, listing: bool = False) -> Operation:
    return Operation(method, path, f"{COMPUTE}/{action}", handler, VERSIONS, listing=listing, provider=COMPUTE)


OPERATIONS: tuple[Operation, ...] = (
    _operation("GET", _VM, "virtualMachines/read", handlers.get),
    _operation("PATCH", _VM, "virtualMachines/write", handlers.patch),
    _operation("PUT", _VM, "virtualMachines/write", handlers.put),
    _operation("DELETE", _VM, "virtualMachines/delete", handlers.delete),
    _operation("GET", f"{_VM}/instanceView", "virtualMachines/instanceView/read", handlers.instance_view),
    _operation("GET", _GROUP_VMS, "virtualMachines/read", handlers.list_in_group, listing=True),
    _operation("GET", f"{_SUB}/virtualMachines", "virtualMachines/read", handlers.list_in_subscription, listing=True),
    _operation("POST", f"{_VM}/start", "virtualMachines/start/action", handlers.start),
    _operation("POST", f"{_VM}/restart", "virtualMachines/restart/action", handlers.restart),
    _operation("POST", f"{_VM}/deallocate", "virtualMachines/deallocate/action", handlers.deallocate),
    _operation("POST", f"{_VM}/powerOff", "virtualMachines/powerOff/action", handlers.power_off),
    _operation("POST", f"{_VM}/runCommand", "virtualMachines/runCommand/action", run_command.invoke),
    _operation("GET", _DISK, "disks/read", disks.get),
    _operation("PATCH", _DISK, "disks/write", disks.patch),
    _operation("DELETE", _DISK, "disks/delete", disks.delete),
    _operation("GET", _GROUP_DISKS, "disks/read", disks.list_in_group, listing=True),
    _operation("GET", f"{_SUB}/disks", "disks/read", disks.list_in_subscription, listing=True),
    _operation("GET", f"{_SUB}/skus", "skus/read", offers.skus),
    _operation("GET", _SUB + "/locations/{location}/vmSizes", "locations/vmSizes/read", offers.sizes),
    _operation("GET", _SUB + "/locations/{location}/usages", "locations/usages/read", offers.usages),
    _operation("GET", _COMMANDS, "locations/runCommands/read", commands.list_),
    _operation("GET", _COMMANDS + "/{command}", "locations/runCommands/read", commands.show),
    _operation("GET", _IMAGE, _IMAGES, images.versions),
    _operation("GET", _IMAGE + "/{version}", _IMAGES, images.show),
    _operation(
        "GET",
        _SUB + "/locations/{location}/operations/{operation}",
        "locations/operations/read",
        handlers.operation,
        listing=True,
    ),
)
