"""What becomes of a machine's disk, interfaces and public addresses when it is deleted.

Those with the deleteOption Delete go with it, and the others stay, free for another: Detach is what one gets that says
nothing. An address goes with its interface. Source: https://learn.microsoft.com/azure/virtual-machines/delete
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud import disks, networks
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def part(cloud: Cloud, vm: Doc, at: float) -> None:
    """``vm`` is gone from ``at`` on, in seconds since 1970; ``goesWith`` in its document are the ids of what goes too.

    They are told at once: nobody looks at a machine that is gone, to see its parts go.
    """
    going = {one.lower() for one in vm.get("goesWith", [])}
    disk = disks.find(cloud, str(vm.get("osDisk", {}).get("id", "")))
    if disk is not None:
        when = "goneAt" if disk["id"].lower() in going else "freeAt"
        disks.save(cloud, {**disk, when: at})
    for nic in vm.get("nics", []):
        found = networks.find(cloud, nic)
        if found is not None and nic.lower() in going:
            _addresses(cloud, found, at)
            networks.save(cloud, {**found, "goneAt": at})


def _addresses(cloud: Cloud, interface: Doc, at: float) -> None:
    for configuration in interface["properties"]["ipConfigurations"]:
        reference = configuration["properties"].get("publicIPAddress") or {}
        option = str((reference.get("properties") or {}).get("deleteOption", "")).lower()
        address = networks.find(cloud, reference["id"]) if option == "delete" else None
        if address is not None:
            networks.save(cloud, {**address, "goneAt": at})
