"""Looks at what stands against a machine that is to be made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.practice.looks.seen import Look, Seen, refusal

SMALL, OTHER = "Standard_B2s", "Standard_D2s_v5"


def make(seen: Seen, size: str, region: str = "eastus") -> tuple[int, str]:
    """The status, and the code of a refusal."""
    image = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022-datacenter-g2"}
    body = {
        "location": region,
        "properties": {"hardwareProfile": {"vmSize": size}, "storageProfile": {"imageReference": image}},
    }
    name = f"vm-{size.lower().replace('_', '-')}-{region}"
    answer = seen.arm("PUT", f"{seen.person.place}/Microsoft.Compute/virtualMachines/{name}", json=body)
    return refusal(answer) if answer.status_code >= 400 else (answer.status_code, "")


def compute(seen: Seen, path: str) -> Iterator[Any]:
    answer = seen.arm("GET", f"{seen.person.scope}/providers/Microsoft.Compute/{path}")
    assert answer.status_code == 200, answer.text
    yield from answer.json()["value"]


def restrictions(seen: Seen, region: str = "eastus") -> dict[str, list[str]]:
    """Of each size, why it is not to be had."""
    return {
        one["name"]: [why["reasonCode"] for why in one["restrictions"]]
        for one in compute(seen, f"skus?$filter=location eq '{region}'")
        if one["resourceType"] == "virtualMachines"
    }


def limits(seen: Seen, region: str = "eastus") -> dict[str, int]:
    return {one["name"]["value"]: one["limit"] for one in compute(seen, f"locations/{region}/usages")}


def restricted(seen: Seen) -> None:
    assert restrictions(seen)[SMALL] == ["NotAvailableForSubscription"]
    assert restrictions(seen)[OTHER] == restrictions(seen, "westeurope")[SMALL] == []
    assert make(seen, SMALL) == (409, "SkuNotAvailable")
    assert make(seen, OTHER) == make(seen, SMALL, "westeurope") == (201, "")


def sold_out(seen: Seen) -> None:
    assert restrictions(seen)[SMALL] == []
    assert make(seen, SMALL) == (409, "SkuNotAvailable")
    assert make(seen, OTHER) == make(seen, SMALL, "westeurope") == (201, "")


def region_sold_out(seen: Seen) -> None:
    assert make(seen, SMALL) == make(seen, OTHER) == (409, "SkuNotAvailable")
    assert make(seen, OTHER, "westeurope") == (201, "")


def quota(seen: Seen) -> None:
    assert limits(seen)["cores"] == 0
    assert make(seen, SMALL) == make(seen, OTHER) == (409, "OperationNotAllowed")
    assert make(seen, SMALL, "westeurope") == (201, "")


def family_quota(seen: Seen) -> None:
    assert (limits(seen)["standardBSFamily"], limits(seen)["cores"]) == (0, 10)
    assert make(seen, SMALL) == (409, "OperationNotAllowed")
    assert make(seen, OTHER) == make(seen, SMALL, "westeurope") == (201, "")


def allocation(seen: Seen) -> None:
    assert make(seen, SMALL) == (201, "")
    path = f"{seen.person.place}/Microsoft.Compute/virtualMachines/vm-standard-b2s-eastus"
    shown = seen.arm("GET", f"{path}?$expand=instanceView").json()["properties"]
    assert shown["provisioningState"] == "Failed"
    codes = [one["code"] for one in shown["instanceView"]["statuses"]]
    assert codes == ["ProvisioningState/failed/AllocationFailed", "PowerState/deallocated"]
    assert seen.outcome(seen.arm("POST", f"{path}/start"))["error"]["code"] == "AllocationFailed"
    assert make(seen, SMALL, "westeurope") == (201, "")
    seen.arm("DELETE", path)


def regions(seen: Seen) -> None:
    place = f"{seen.person.scope}/providers/Microsoft.Authorization/policyAssignments/sys.regionrestriction"
    allowed = seen.arm("GET", place).json()["properties"]["parameters"]["listOfAllowedLocations"]["value"]
    assert "eastus" not in allowed
    assert make(seen, SMALL) == (403, "RequestDisallowedByAzure")
    assert refusal(seen.create_vault()) == (403, "RequestDisallowedByAzure")
    assert make(seen, SMALL, allowed[0]) == (201, "")
    assert seen.arm("PUT", f"{seen.person.scope}/resourceGroups/rg-new", json={"location": "eastus"}).status_code == 201


LOOKS: dict[str, Look] = {
    "vm-size-restricted": restricted,
    "vm-size-sold-out": sold_out,
    "vm-region-sold-out": region_sold_out,
    "vm-allocation-fails": allocation,
    "vm-quota-used-up": quota,
    "vm-family-quota-none": family_quota,
    "regions-restricted": regions,
}
