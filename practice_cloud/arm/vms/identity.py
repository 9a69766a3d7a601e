"""Turning a machine's own identity on and off. Each time it is turned on it is a new principal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from practice_cloud import machines
from practice_cloud.errors import AzureError
from practice_cloud.principals import add_managed_identity
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def changed(cloud: Cloud, doc: Doc, sent: Any, *, tenant: str) -> Doc:
    """The machine with the identity a request names: ``{"type": "SystemAssigned" or "None"}``.

    Raises AzureError 400 for no such type, 501 for user-assigned identities, which are not modelled.
    """
    kinds = _kinds(sent)
    if "userassigned" in kinds or (isinstance(sent, dict) and sent.get("userAssignedIdentities")):
        raise AzureError(
            501,
            "NotImplementedByPracticeCloud",
            "The practice cloud has no user-assigned identities; machines have their own, SystemAssigned.",
        )
    wanted, has = "systemassigned" in kinds, doc["identity"] is not None
    if wanted and not has:
        new = add_managed_identity(
            cloud.store, tenant_id=tenant, subscription_id=doc["subscriptionId"], name=doc["name"]
        )
        return {**doc, "identity": new}
    if has and not wanted:
        machines.drop_principal(cloud, doc)
        return {**doc, "identity": None}
    return doc


def _kinds(sent: Any) -> set[str]:
    named = sent.get("type") if isinstance(sent, dict) else None
    kinds = {kind.strip().lower() for kind in str(named or "None").split(",")}
    if sent is not None and (not isinstance(sent, dict) or not kinds <= {"systemassigned", "userassigned", "none"}):
        raise AzureError(
            400, "InvalidIdentityType", "The identity type must be SystemAssigned, UserAssigned, both, or None."
        )
    return kinds
