"""What a create, an update or a patch may say about a vault, checked and put into its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from practice_cloud.arm.vaults import network
from practice_cloud.arm.vaults.permissions import invalid, policies
from practice_cloud.errors import AzureError
from practice_cloud.store import Doc
from practice_cloud.vaults import model

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

RBAC_DEFAULT_SINCE = "2026-02-01"
DEFAULT_RETENTION = 90
_FLAGS = ("enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment")


def initial(cloud: Cloud, base: Doc, sent: Doc, api_version: str) -> Doc:
    """A new vault's document: ``base`` (uid, name, id, …, tenantId) and the properties sent. Raises AzureError 400.

    RBAC is the default since api-version 2026-02-01; before, saying nothing stays null.
    """
    unsaid = True if api_version[:10] >= RBAC_DEFAULT_SINCE else None
    rbac = sent.get("enableRbacAuthorization")
    doc: Doc = {
        **base,
        "accessPolicies": [],
        "enableRbacAuthorization": unsaid if rbac is None else _flag(sent, "enableRbacAuthorization"),
        "softDeleteRetentionInDays": _retention(sent.get("softDeleteRetentionInDays", DEFAULT_RETENTION)),
        "publicNetworkAccess": "Enabled",
        "enabledForDeployment": False,
    }
    if sent.get("accessPolicies") is None and not doc["enableRbacAuthorization"]:
        raise invalid("accessPolicies")
    doc["accessPolicies"] = policies(sent.get("accessPolicies") or [], base["tenantId"])
    return _settings(doc, sent, required=True)


def changed(cloud: Cloud, doc: Doc, sent: Doc, *, whole: bool) -> Doc:
    """The vault after an update. ``whole``: a PUT, which must name what a creation must. Raises AzureError 400."""
    retention = sent.get("softDeleteRetentionInDays")
    if retention is not None and _retention(retention) != doc["softDeleteRetentionInDays"]:
        raise AzureError(
            400,
            "BadRequest",
            'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
        )
    rbac = doc["enableRbacAuthorization"]
    if sent.get("enableRbacAuthorization") is not None:
        rbac = _flag(sent, "enableRbacAuthorization")
    if whole and sent.get("accessPolicies") is None and not rbac:
        raise invalid("accessPolicies")
    granted = doc["accessPolicies"]
    if sent.get("accessPolicies") is not None:
        granted = policies(sent["accessPolicies"], doc["tenantId"])
    return _settings(model.with_access(cloud, doc, granted, rbac), sent, required=whole)


def _settings(doc: Doc, sent: Doc, *, required: bool) -> Doc:
    if required or sent.get("tenantId") is not None:
        _tenant(doc, sent)
    if required or sent.get("sku") is not None:
        doc["sku"] = _sku(sent.get("sku"))
    for name in _FLAGS:
        if sent.get(name) is not None:
            doc[name] = _flag(sent, name)
    if sent.get("enableSoftDelete") is not None and not _flag(sent, "enableSoftDelete"):
        raise AzureError(
            400, "BadRequest", 'The property "enableSoftDelete" cannot be set to false: soft delete is always on.'
        )
    if sent.get("enablePurgeProtection") is not None:
        doc["enablePurgeProtection"] = _purge_protection(sent)
    if sent.get("networkAcls") is not None:
        doc["networkAcls"] = network.rules(sent["networkAcls"])
    if sent.get("publicNetworkAccess") is not None:
        doc["publicNetworkAccess"] = _public_access(sent["publicNetworkAccess"])
    return doc


def _tenant(doc: Doc, sent: Doc) -> None:
    if str(sent.get("tenantId", "")).lower() != doc["tenantId"].lower():
        raise invalid("tenantId")


def _sku(sent: Any) -> Doc:
    if not isinstance(sent, dict) or str(sent.get("name", "")).lower() not in ("standard", "premium"):
        raise invalid("sku")
    if str(sent.get("family", "")).upper() != "A":
        raise invalid("sku.family")
    return {"family": "A", "name": str(sent["name"]).lower()}


def _flag(sent: Doc, name: str) -> bool:
    if not isinstance(sent[name], bool):
        raise invalid(name)
    return bool(sent[name])


def _retention(days: Any) -> int:
    if isinstance(days, bool) or not isinstance(days, int) or not 7 <= days <= 90:
        raise invalid("softDeleteRetentionInDays")
    return days


def _purge_protection(sent: Doc) -> bool:
    if not _flag(sent, "enablePurgeProtection"):
        raise AzureError(
            400,
            "BadRequest",
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is'
            " an irreversible action.",
        )
    return True


def _public_access(sent: Any) -> str:
    for known in ("Enabled", "Disabled"):
        if str(sent).lower() == known.lower():
            return known
    raise invalid("publicNetworkAccess")
