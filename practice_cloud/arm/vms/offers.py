"""What machines there may be: sizes with what stands against them, and how much of the quota is used.

Shapes from https://learn.microsoft.com/rest/api/compute/resource-skus/list,
https://learn.microsoft.com/rest/api/compute/virtual-machine-sizes/list and
https://learn.microsoft.com/rest/api/compute/usage/list.
"""

from __future__ import annotations

import re

from starlette.responses import JSONResponse, Response

from practice_cloud import capacity, ids, machines
from practice_cloud.arm.paging import page
from practice_cloud.arm.vms import room
from practice_cloud.arm.vms.sizes import FAMILIES, SIZES, Size
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_FILTER = re.compile(r"\s*location\s+eq\s+'([^']*)'\s*", re.IGNORECASE)
_GIB = 1024
_DISKS = ("Standard_LRS", "StandardSSD_LRS", "Premium_LRS")


async def skus(call: Call) -> Response:
    """Sizes and kinds of disks, with the restrictions of this subscription. ``$filter`` is by location and by nothing
    else, as Azure's. Raises AzureError 400 for another."""
    text = call.request.query_params.get("$filter", "")
    found = _FILTER.fullmatch(text)
    if text and found is None:
        raise AzureError(400, "InvalidParameter", "The $filter must be: location eq 'REGION'.")
    wanted = ids.location_name(found[1]) if found else ""
    places = [one.name for one in ids.LOCATIONS if wanted in ("", one.name)]
    shown = [_sku(call, size, place) for place in places for size in SIZES]
    return page(call, shown + [_disk(name, place) for place in places for name in _DISKS])


def _sku(call: Call, size: Size, place: str) -> Doc:
    restricted = capacity.named(capacity.of(call.cloud, call.sid)["restricted"], place, size.family)
    return {
        "resourceType": "virtualMachines",
        "name": size.name,
        "tier": "Standard",
        "size": size.name.removeprefix("Standard_"),
        "family": size.family,
        "locations": [place],
        "locationInfo": [{"location": place, "zones": ["1", "2", "3"], "zoneDetails": []}],
        "capabilities": [{"name": name, "value": value} for name, value in _capabilities(size).items()],
        "restrictions": [_restriction(place)] if restricted else [],
    }


def _capabilities(size: Size) -> dict[str, str]:
    return {
        "MaxResourceVolumeMB": str(size.temporary * _GIB),
        "OSVhdSizeMB": "1047552",
        "vCPUs": str(size.cores),
        "MemoryPreservingMaintenanceSupported": "True",
        "HyperVGenerations": "V1,V2",
        "MemoryGB": f"{size.memory:g}",
        "MaxDataDiskCount": str(size.disks),
        "CpuArchitectureType": "x64",
        "PremiumIO": "True",
        "VMDeploymentTypes": "IaaS",
        "vCPUsAvailable": str(size.cores),
    }


def _restriction(place: str) -> Doc:
    return {
        "type": "Location",
        "values": [place],
        "restrictionInfo": {"locations": [place]},
        "reasonCode": "NotAvailableForSubscription",
    }


def _disk(name: str, place: str) -> Doc:
    return {
        "resourceType": "disks",
        "name": name,
        "tier": name.partition("_")[0],
        "locations": [place],
        "locationInfo": [{"location": place, "zones": [], "zoneDetails": []}],
        "capabilities": [],
        "restrictions": [],
    }


async def sizes(call: Call) -> Response:
    """The sizes of a region, whatever stands against them: that is told by ``skus`` only."""
    _region(call)
    return JSONResponse(
        {
            "value": [
                {
                    "name": size.name,
                    "numberOfCores": size.cores,
                    "osDiskSizeInMB": 1047552,
                    "resourceDiskSizeInMB": size.temporary * _GIB,
                    "memoryInMB": int(size.memory * _GIB),
                    "maxDataDiskCount": size.disks,
                }
                for size in SIZES
            ]
        }
    )


async def usages(call: Call) -> Response:
    """vCPUs used and allowed, in all and by family, and machines."""
    region = _region(call)
    used = room.in_use(call.cloud, call.sid, region)
    here = [one for one in machines.in_subscription(call.cloud, call.sid) if one["location"] == region]
    rows = [
        _usage(name, told, used[name], capacity.limit(call.cloud, call.sid, region, name))
        for name, told in ((capacity.CORES, "Total Regional vCPUs"), *FAMILIES.items())
    ]
    return page(call, [*rows, _usage("virtualMachines", "Virtual Machines", len(here), 25_000)])


def _usage(name: str, told: str, used: int, most: int) -> Doc:
    return {
        "limit": most,
        "unit": "Count",
        "currentValue": used,
        "name": {"value": name, "localizedValue": told},
    }


def _region(call: Call) -> str:
    """Raises AzureError 400 for none."""
    region = ids.location_name(call.param("location"))
    if region not in ids.LOCATION_NAMES:
        raise AzureError(
            400,
            "NoRegisteredProviderFound",
            f"No registered resource provider found for location '{call.param('location')}' and API version"
            f" '{call.api_version}' for type 'locations'.",
        )
    return region
