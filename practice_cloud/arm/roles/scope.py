"""The scope in a path: a subscription, a group, a resource or a part of one such as a secret."""

from __future__ import annotations

from practice_cloud import identities, machines
from practice_cloud.arm import gate
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.vaults import model as vaults


def of(call: Call) -> str:
    """Without the slash at its end."""
    rest = str(call.request.path_params.get("rest", "")).strip("/")
    return f"/subscriptions/{call.sid}/{rest}".rstrip("/")


def there(call: Call) -> str:
    """The same, for what exists only.

    Raises AzureError 404 with ARM's own codes for a group or a resource that is not there
    (https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors).
    """
    scope = of(call)
    segments = scope.split("/")
    if len(segments) > 4 and segments[3].lower() == "resourcegroups":
        gate.group(call.cloud, call.sid, segments[4], changes=False)
    if len(segments) > 8 and not _exists(call, segments):
        kind, name = "/".join(segments[6:8]), segments[8]
        raise AzureError(
            404,
            "ResourceNotFound",
            f"The Resource '{kind}/{name}' under resource group '{segments[4]}' was not found. For more details please"
            " go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return scope


def _exists(call: Call, segments: list[str]) -> bool:
    kind = "/".join(segments[6:8]).lower()
    if kind == "microsoft.keyvault/vaults":
        return vaults.in_group(call.cloud, call.sid, segments[4], segments[8]) is not None
    if kind == "microsoft.compute/virtualmachines":
        return machines.find(call.cloud, "/".join(segments[:9])) is not None
    return identities.find(call.cloud, "/".join(segments[:9])) is not None
