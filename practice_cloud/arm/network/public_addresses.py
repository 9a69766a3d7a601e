"""Public addresses: https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses.

Practice machines' requests come from one public address, which is the address of every one here. The SKU Basic is what
a request gets that names none, and Azure makes no more of those: https://github.com/skypilot-org/skypilot/issues/7977.
"""

from __future__ import annotations

from practice_cloud.arm.known import only
from practice_cloud.arm.network import uses
from practice_cloud.arm.network.kind import Kind
from practice_cloud.arm.wire import Call
from practice_cloud.cloud import VM_ADDRESS
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc

_KNOWN = frozenset({"publicIPAllocationMethod", "publicIPAddressVersion", "idleTimeoutInMinutes", "deleteOption"})
_SHOWN = frozenset({"ipAddress", "ipConfiguration", "ipTags", "ddosSettings"})


def _made(_: Call, doc: Doc, __: Doc | None) -> Doc:
    sent = {name: value for name, value in doc["properties"].items() if name not in _SHOWN}
    kept = only("public address", sent, _KNOWN)
    if kept.get("publicIPAddressVersion", "IPv4") != "IPv4":
        raise AzureError(
            501, "NotImplementedByPracticeCloud", "The practice cloud does not implement public IPv6 addresses."
        )
    if str((doc.get("sku") or {}).get("name") or "Basic").lower() == "basic":
        raise AzureError(
            400,
            "IPv4BasicSkuPublicIpCountLimitReached",
            "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
        )
    if kept.get("publicIPAllocationMethod", "Dynamic") != "Static":
        raise AzureError(
            400,
            "StandardSkuPublicIPAddressesMustBeStatic",
            f"Standard sku publicIp {doc['id']} must have AllocationMethod set to Static.",
        )
    return {"publicIPAddressVersion": "IPv4", "idleTimeoutInMinutes": 4, **kept}


def _shown(call: Call, doc: Doc) -> Doc:
    """``deleteOption`` is taken and not shown, as https://github.com/Azure/azure-rest-api-specs/issues/25475 has it."""
    users = uses.of(call, doc["id"])
    return {
        "deleteOption": None,
        "ipAddress": VM_ADDRESS,
        "ipTags": [],
        **({"ipConfiguration": {"id": users[0]}} if users else {}),
    }


def _require_unused(call: Call, doc: Doc) -> None:
    """In the words of https://github.com/oap-project/cloudtik/issues/158."""
    users = uses.of(call, doc["id"])
    if users:
        raise AzureError(
            400,
            "PublicIPAddressCannotBeDeleted",
            f"Public IP address {doc['id']} can not be deleted since it is still allocated to resource {users[0]}. In"
            " order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how"
            " to do this, see aka.ms/deletepublicip.",
        )


KIND = Kind("publicIPAddresses", _made, _shown, _require_unused)
