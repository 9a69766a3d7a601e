"""Preflight: a machine that is still to be made, and what may stand against it. What is there already stays."""

from __future__ import annotations

from practice_cloud import capacity
from practice_cloud.scenarios.book import Book
from practice_cloud.scenarios.scene import Scene

BOOK = Book("preflight: a machine to be made", task="preflight")
SMALL = "standardBSFamily"
ALLOWED = ("swedencentral", "francecentral", "westus3")
_LOCATIONS = "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c"


@BOOK.scenario("vm-size-restricted", "The usual small sizes are not offered to the subscription")
def restricted(scene: Scene) -> None:
    """In the student's region, the list of sizes shows those of the family B as NotAvailableForSubscription, and making
    a machine of one ends in 409 SkuNotAvailable. Other families and regions have room."""
    capacity.change(scene.cloud, scene.sid, restricted=[[scene.location, SMALL]])
    scene.suffer(f"The sizes of the family B are not available to the subscription in {scene.location}.")


@BOOK.scenario("vm-size-sold-out", "The usual small sizes are sold out, which no list tells")
def sold_out(scene: Scene) -> None:
    """In the student's region, making a machine of the family B ends in 409 SkuNotAvailable, Capacity Restrictions;
    the list of sizes shows nothing of it. Other families and regions have room."""
    capacity.change(scene.cloud, scene.sid, soldOut=[[scene.location, SMALL]])
    scene.suffer(f"Azure has no room for machines of the family B in {scene.location}.")


@BOOK.scenario("vm-region-sold-out", "No machine at all is to be had in the region")
def region_sold_out(scene: Scene) -> None:
    """In the student's region, making a machine of any size ends in 409 SkuNotAvailable. Other regions have room."""
    capacity.change(scene.cloud, scene.sid, soldOut=[[scene.location, ""]])
    scene.suffer(f"Azure has no room for machines in {scene.location}.")


@BOOK.scenario("vm-allocation-fails", "Machines get no place, which shows only once they are begun")
def allocation(scene: Scene) -> None:
    """In the student's region, making or starting a machine is begun, and its operation ends in AllocationFailed; the
    new machine is there, Failed and off, with its disk. Other regions have room."""
    capacity.change(scene.cloud, scene.sid, crowded=[[scene.location, ""]])
    scene.suffer(f"No machine gets a place in {scene.location}.")


@BOOK.scenario("vm-quota-used-up", "The region's quota of vCPUs is too small for another machine")
def quota(scene: Scene) -> None:
    """No vCPU is left in the student's region: 409 OperationNotAllowed, Total Regional Cores quota; the usages tell it
    beforehand. Other regions have room."""
    _limit(scene, capacity.CORES)
    scene.suffer(f"The quota of vCPUs in {scene.location} is used up.")


@BOOK.scenario("vm-family-quota-none", "The quota of the usual small sizes is too small for another machine")
def family_quota(scene: Scene) -> None:
    """No vCPU of the family B is allowed in the student's region, as for many who have a free offer: 409
    OperationNotAllowed, standardBSFamily Cores quota. Other families and regions have room."""
    _limit(scene, SMALL)
    scene.suffer(f"The quota of the family B in {scene.location} is none.")


@BOOK.scenario("regions-restricted", "Azure lets the subscription use a few regions only, and not the student's")
def regions(scene: Scene) -> None:
    """As in many subscriptions of students: the assignment sys.regionrestriction, which can be read, names three other
    regions. What is made or changed elsewhere ends in 403 RequestDisallowedByAzure; resource groups are spared."""
    place = f"/subscriptions/{scene.sid}"
    name, kind = "sys.regionrestriction", "Microsoft.Authorization/policyAssignments"
    properties = {
        "displayName": "Allowed resource deployment regions",
        "policyDefinitionId": _LOCATIONS,
        "scope": place,
        "notScopes": [],
        "enforcementMode": "Default",
        "parameters": {"listOfAllowedLocations": {"value": list(ALLOWED)}},
        "metadata": {},
    }
    doc = {"id": f"{place}/providers/{kind}/{name}", "name": name, "type": kind, "properties": properties}
    scene.put("policyAssignment", f"{place}/{name}".lower(), doc)
    scene.suffer(f"The subscription may use {', '.join(ALLOWED)} only.")


def _limit(scene: Scene, name: str) -> None:
    capacity.change(scene.cloud, scene.sid, limits={scene.location: {name: 0}})
