"""Resource ids and names. Azure keeps the case a name was first written in, and never minds it afterwards."""

from __future__ import annotations

import re
import uuid
from typing import NamedTuple

KEY_VAULT = "Microsoft.KeyVault"
COMPUTE = "Microsoft.Compute"
AUTHORIZATION = "Microsoft.Authorization"
MANAGED_IDENTITY = "Microsoft.ManagedIdentity"
NETWORK = "Microsoft.Network"
DEV_TEST_LAB = "Microsoft.DevTestLab"
POLICY_INSIGHTS = "Microsoft.PolicyInsights"


class Location(NamedTuple):
    name: str
    display_name: str


LOCATIONS: tuple[Location, ...] = (
    Location("eastus", "East US"),
    Location("eastus2", "East US 2"),
    Location("westus2", "West US 2"),
    Location("westus3", "West US 3"),
    Location("centralus", "Central US"),
    Location("northeurope", "North Europe"),
    Location("westeurope", "West Europe"),
    Location("uksouth", "UK South"),
    Location("francecentral", "France Central"),
    Location("germanywestcentral", "Germany West Central"),
    Location("swedencentral", "Sweden Central"),
    Location("switzerlandnorth", "Switzerland North"),
    Location("southeastasia", "Southeast Asia"),
    Location("japaneast", "Japan East"),
    Location("australiaeast", "Australia East"),
)
LOCATION_NAMES = frozenset(location.name for location in LOCATIONS)


def location_name(text: str) -> str:
    """ "East US" and "eastus" are one location."""
    return text.replace(" ", "").lower()


def subscription_id(sid: str) -> str:
    return f"/subscriptions/{sid}"


def group_id(sid: str, group: str) -> str:
    return f"/subscriptions/{sid}/resourceGroups/{group}"


def resource_id(sid: str, group: str, resource_type: str, name: str) -> str:
    """``resource_type`` as "Microsoft.KeyVault/vaults"."""
    return f"{group_id(sid, group)}/providers/{resource_type}/{name}"


def subscription_of(scope: str) -> str:
    """The subscription id in a scope, lowered; "" if it names none."""
    found = re.match(r"/subscriptions/([^/]+)", scope, re.IGNORECASE)
    return found.group(1).lower() if found else ""


def is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return len(text) == 36


def covers(scope: str, target: str) -> bool:
    """Whether an assignment at ``scope`` counts at ``target``: there, or anywhere above it."""
    above, below = scope.rstrip("/").lower(), target.rstrip("/").lower()
    return below == above or below.startswith(f"{above}/")
