"""Whether there is room for one more machine: the size is one, to be had, and within the quota.

The codes and words are those that people report of Azure: https://github.com/Azure-Samples/azuresandbox/issues/70
(SkuNotAvailable), https://github.com/cloud-barista/cb-spider/issues/1558 (the quota).
"""

from __future__ import annotations

from practice_cloud import capacity, machines
from practice_cloud.arm.vms.sizes import FAMILIES, SIZES, Size, find
from practice_cloud.arm.wire import Call
from practice_cloud.cloud import Cloud
from practice_cloud.errors import AzureError


def require(call: Call, name: str, region: str, resource_id: str) -> None:
    """Raises AzureError 400 for no size, 409 for one that is not to be had or goes beyond the quota."""
    size = find(name)
    if size is None:
        raise AzureError(
            400,
            "InvalidParameter",
            f"The value {name} provided for the VM size is not valid. The valid sizes in the current region are:"
            f" {','.join(one.name for one in SIZES)}.",
        )
    now = capacity.of(call.cloud, call.sid)
    if capacity.named(now["restricted"], region, size.family):
        raise _not_available(f"size for resource '{resource_id}'", region, f" zones '' for subscription '{call.sid}'")
    if capacity.named(now["soldOut"], region, size.family):
        raise _not_available(
            f"VM size for resource 'Following SKUs have failed for Capacity Restrictions: {size.name}'", region, ""
        )
    for quota, told in ((capacity.CORES, "Total Regional Cores"), (size.family, f"{size.family} Cores")):
        _within(call, size, region, quota, told)


def _not_available(what: str, region: str, whose: str) -> AzureError:
    return AzureError(
        409,
        "SkuNotAvailable",
        f"The requested {what} is currently not available in location '{region}'{whose}. Please try another size or"
        " deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.",
    )


def _within(call: Call, size: Size, region: str, quota: str, told: str) -> None:
    most, used = capacity.limit(call.cloud, call.sid, region, quota), in_use(call.cloud, call.sid, region)[quota]
    if used + size.cores > most:
        raise AzureError(
            409,
            "OperationNotAllowed",
            f"Operation could not be completed as it results in exceeding approved {told} quota. Additional details -"
            f" Deployment Model: Resource Manager, Location: {region}, Current Limit: {most}, Current Usage: {used},"
            f" Additional Required: {size.cores}, (Minimum) New Limit Required: {used + size.cores}. Setup Alerts when"
            " Quota reaches threshold. Learn more at https://aka.ms/quotamonitoringalerting . Submit a request for"
            " Quota increase at https://aka.ms/ProdportalCRP/#blade/Microsoft_Azure_Capacity/UsageAndQuota.ReactView by"
            " specifying parameters listed in the 'Details' section for deployment to succeed.",
        )


def in_use(cloud: Cloud, sid: str, region: str) -> dict[str, int]:
    """vCPUs in a region by family, and "cores" of all; those of machines that are off count as well."""
    used = dict.fromkeys((capacity.CORES, *FAMILIES), 0)
    for vm in machines.in_subscription(cloud, sid):
        size = find(vm["vmSize"]) if vm["location"] == region else None
        if size is not None:
            used[capacity.CORES] += size.cores
            used[size.family] += size.cores
    return used
