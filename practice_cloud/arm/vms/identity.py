"""The identities of a machine: its own, turned on and off, and those that it is given.

Each time its own is turned on it is a new principal. Source for both kinds:
https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-configure-managed-identities
(REST tab): an entry ``{}`` gives an identity, ``null`` takes it away, and a PATCH leaves alone what it does not name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from practice_cloud import identities, machines
from practice_cloud.errors import AzureError
from practice_cloud.principals import add_managed_identity
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.arm.wire import Call
    from practice_cloud.cloud import Cloud

ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def changed(call: Call, doc: Doc, sent: Any, *, whole: bool) -> Doc:
    """The machine with the identities a request names: ``{"type", "userAssignedIdentities"?}``. ``whole``: a PUT.

    Raises AzureError 400 for no such type or identity, 403 for an identity the caller may not give.
    """
    kinds = _kinds(doc, sent)
    users = _users(call, doc, sent, whole=whole) if "userassigned" in kinds else {}
    if "userassigned" in kinds and not users:
        raise _invalid("The identity type UserAssigned needs at least one identity in userAssignedIdentities.")
    return {**_with_own(call.cloud, doc, wanted="systemassigned" in kinds), "userIdentities": users}


def _with_own(cloud: Cloud, doc: Doc, *, wanted: bool) -> Doc:
    if wanted and doc["identity"] is None:
        new = add_managed_identity(
            cloud.store,
            tenant_id=doc["tenantId"],
            subscription_id=doc["subscriptionId"],
            name=doc["name"],
            resource_id=doc["id"],
        )
        return {**doc, "identity": new}
    if doc["identity"] is not None and not wanted:
        machines.drop_principal(cloud, doc)
        return {**doc, "identity": None}
    return doc


def _users(call: Call, doc: Doc, sent: Any, *, whole: bool) -> Doc:
    """Those the machine has afterwards: ``{resource id: {principalId, clientId}}``."""
    named: Any = (sent or {}).get("userAssignedIdentities") or {}
    if not isinstance(named, dict):
        raise _invalid("userAssignedIdentities must be an object whose names are resource ids.")
    had = {resource_id.lower(): (resource_id, ids) for resource_id, ids in (doc.get("userIdentities") or {}).items()}
    kept = {} if whole else dict(had)
    for resource_id, value in named.items():
        key = resource_id.lower()
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = had.get(key) or (resource_id, _given(call, doc, resource_id))
    return dict(kept.values())


def _given(call: Call, vm: Doc, resource_id: str) -> Doc:
    identity = identities.find(call.cloud, resource_id)
    if identity is None or identity["subscriptionId"] != call.sid:
        raise AzureError(
            400,
            "FailedIdentityOperation",
            f"Identity operation for resource '{vm['id']}' failed with error 'Failed to perform resource identity"
            " operation. Status: 'BadRequest'. Response:"
            f' \'{{"error":{{"code":"BadRequest","message":"Resource \'{resource_id}\' was not found."}}}}\'.\'.',
        )
    if not call.may(ASSIGN, identity["id"]):
        raise AzureError(
            403,
            "LinkedAuthorizationFailed",
            f"The client with object id '{call.claims.oid}' has permission to perform action"
            f" 'Microsoft.Compute/virtualMachines/write' on scope '{vm['id']}'; however, it does not have permission to"
            f" perform action(s) '{ASSIGN}' on the linked scope(s) '{resource_id}' (respectively) or the linked"
            " scope(s) are invalid.",
        )
    return {"principalId": identity["principalId"], "clientId": identity["clientId"]}


def _kinds(doc: Doc, sent: Any) -> set[str]:
    """The kinds of identity that are asked for; those the machine has where identities come without a type."""
    named = sent.get("type") if isinstance(sent, dict) else None
    if named is None and isinstance(sent, dict) and sent.get("userAssignedIdentities"):
        return {"userassigned"} | ({"systemassigned"} if doc["identity"] else set())
    kinds = {kind.strip().lower() for kind in str(named or "None").split(",")}
    if sent is not None and (not isinstance(sent, dict) or not kinds <= {"systemassigned", "userassigned", "none"}):
        raise AzureError(
            400, "InvalidIdentityType", "The identity type must be SystemAssigned, UserAssigned, both, or None."
        )
    return kinds


def _invalid(message: str) -> AzureError:
    return AzureError(400, "InvalidParameter", message)
