"""Vaults as ARM shows them."""

from __future__ import annotations

from practice_cloud.operations import iso
from practice_cloud.store import Doc
from practice_cloud.vaults import model

_OPTIONAL = (
    "enableRbacAuthorization",
    "networkAcls",
    "enabledForDiskEncryption",
    "enabledForTemplateDeployment",
    "enablePurgeProtection",
)


def vault(doc: Doc, now: float) -> Doc:
    """Recorded: RegisteringDns comes with a URI that has no trailing slash, Succeeded with one that has; what
    was never said, such as whether roles decide, is left out."""
    ready = model.ready(doc, now)
    properties = {
        "sku": doc["sku"],
        "tenantId": doc["tenantId"],
        "accessPolicies": doc["accessPolicies"],
        "enabledForDeployment": doc["enabledForDeployment"],
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": doc["softDeleteRetentionInDays"],
        "vaultUri": model.host(doc) + ("/" if ready else ""),
        "provisioningState": model.provisioning_state(doc, now),
        "publicNetworkAccess": doc["publicNetworkAccess"],
        **{name: doc[name] for name in _OPTIONAL if doc.get(name) is not None},
    }
    return {
        "id": doc["id"],
        "name": doc["name"],
        "type": "Microsoft.KeyVault/vaults",
        "location": doc["location"],
        "tags": doc["tags"],
        "systemData": _system_data(doc),
        "properties": properties,
    }


def _system_data(doc: Doc) -> Doc:
    return {
        "createdBy": doc["createdBy"],
        "createdByType": doc["createdByType"],
        "createdAt": iso(doc["createdAt"], timespec="milliseconds"),
        "lastModifiedBy": doc["modifiedBy"],
        "lastModifiedByType": doc["modifiedByType"],
        "lastModifiedAt": iso(doc["modifiedAt"], timespec="milliseconds"),
    }


def deleted(doc: Doc) -> Doc:
    properties = {
        "vaultId": doc["id"],
        "location": doc["location"],
        "tags": doc["tags"],
        "deletionDate": iso(doc["deletedAt"], timespec="seconds"),
        "scheduledPurgeDate": iso(doc["scheduledPurgeAt"], timespec="seconds"),
    }
    if doc.get("enablePurgeProtection"):
        properties["purgeProtectionEnabled"] = True
    place = f"/subscriptions/{doc['sid']}/providers/Microsoft.KeyVault/locations/{doc['location']}"
    return {
        "id": f"{place}/deletedVaults/{doc['name']}",
        "name": doc["name"],
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": properties,
    }
