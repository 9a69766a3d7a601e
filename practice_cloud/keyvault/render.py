"""Secrets as the data plane shows them, and what all that is in a vault has in common."""

from __future__ import annotations

from practice_cloud.keyvault import versions
from practice_cloud.store import Doc
from practice_cloud.vaults import shelf
from practice_cloud.vaults.model import host

_FULL_RETENTION = 90


def bundle(vault: Doc, doc: Doc, version: Doc, api_version: str, *, value: bool) -> Doc:
    """A version of a secret, with its value only where ``value`` says so."""
    shown: Doc = {"value": version["value"]} if value else {}
    identity = f"{host(vault)}/secrets/{doc['name']}/{version['id']}"
    return {**shown, **_described(vault, version, api_version, identity)}


def item(vault: Doc, doc: Doc, api_version: str) -> Doc:
    """A secret in a list: described by its current version, named without one."""
    return _described(vault, shelf.current(doc), api_version, f"{host(vault)}/secrets/{doc['name']}")


def deletion(vault: Doc, doc: Doc, path: str) -> Doc:
    return {
        "recoveryId": f"{host(vault)}/deleted{path}/{doc['name']}",
        "deletedDate": doc["deletedAt"],
        "scheduledPurgeDate": doc["scheduledPurgeAt"],
    }


def _described(vault: Doc, version: Doc, api_version: str, identity: str) -> Doc:
    shown: Doc = {"id": identity, "attributes": attributes(vault, version, api_version)}
    for name in ("contentType", "tags"):
        if version.get(name) is not None:
            shown[name] = version[name]
    return shown


def attributes(vault: Doc, version: Doc, api_version: str) -> Doc:
    shown = {
        name: version[name] for name in ("enabled", "nbf", "exp", "created", "updated") if version.get(name) is not None
    }
    shown["recoveryLevel"] = recovery_level(vault)
    if api_version not in versions.BEFORE_RECOVERABLE_DAYS:
        shown["recoverableDays"] = vault["softDeleteRetentionInDays"]
    return shown


def recovery_level(vault: Doc) -> str:
    """Source: the secrets REST reference, ``DeletionRecoveryLevel``."""
    level = "Recoverable" if vault["softDeleteRetentionInDays"] == _FULL_RETENTION else "CustomizedRecoverable"
    return level if vault.get("enablePurgeProtection") else f"{level}+Purgeable"
