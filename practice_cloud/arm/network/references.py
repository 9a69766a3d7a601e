"""What a resource of a network refers to: it must be there, in the same region, ready, and the caller's to use.

The codes and words are those that people report of Azure, as in
https://github.com/MicrosoftDocs/azure-docs/issues/81734 (InvalidResourceReference); what an action "join" is:
https://learn.microsoft.com/azure/role-based-access-control/permissions/networking.
"""

from __future__ import annotations

from typing import Any

from practice_cloud import networks
from practice_cloud.arm.wire import Call
from practice_cloud.errors import AzureError
from practice_cloud.ids import NETWORK
from practice_cloud.store import Doc


def subnet(call: Call, user: Doc, reference: Any) -> tuple[Doc, Doc]:
    """The virtual network and the subnet that ``reference``, ``{"id"}``, names."""
    used = _id(reference)
    found = networks.find_subnet(call.cloud, used)
    if found is None or found[0]["location"] != user["location"]:
        raise _missing(used, user)
    _usable(call, user, found[0], used, "virtualNetworks/subnets/join/action")
    return found


def resource(call: Call, user: Doc, reference: Any, kind: str) -> Doc:
    """The resource of that kind that ``reference`` names."""
    used = _id(reference)
    found = networks.find(call.cloud, used)
    if found is None or found["location"] != user["location"] or found["type"] != f"{NETWORK}/{kind}":
        raise _missing(used, user)
    _usable(call, user, found, used, f"{kind}/join/action")
    return found


def _id(reference: Any) -> str:
    used = reference.get("id") if isinstance(reference, dict) else None
    if not isinstance(used, str) or not used.lower().startswith("/subscriptions/"):
        raise AzureError(
            400,
            "LinkedInvalidPropertyId",
            f"Property id '{used or ''}' is invalid. Expect fully qualified resource Id that start with"
            " '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.",
        )
    return used


def _missing(used: str, user: Doc) -> AzureError:
    return AzureError(
        400,
        "InvalidResourceReference",
        f"Resource {used} referenced by resource {user['id']} was not found. Please make sure that the referenced"
        " resource exists, and that both resources are in the same region.",
    )


def _usable(call: Call, user: Doc, found: Doc, used: str, join: str) -> None:
    action = f"{NETWORK}/{join}"
    if not call.may(action, used):
        raise AzureError(
            403,
            "LinkedAuthorizationFailed",
            f"The client with object id '{call.claims.oid}' has permission to perform action '{user['type']}/write' on"
            f" scope '{user['id']}'; however, it does not have permission to perform action(s) '{action}' on the linked"
            f" scope(s) '{used}' (respectively) or the linked scope(s) are invalid.",
        )
    state = networks.state(call.cloud, found)
    if state != "Succeeded":
        raise AzureError(
            409,
            "ReferencedResourceNotProvisioned",
            f"Cannot proceed with operation because resource {found['id']} used by resource {user['id']} is not in"
            f" Succeeded state. Resource is in {state} state.",
        )
