"""Vaults as they are kept.

``vault``/{name lower} holds one that is there, ``deletedVault``/{name lower} one in its retention:
a name is global, and is taken in both. A document: ``uid, name, id, sid, group, location, tags, tenantId,
sku, accessPolicies, enableRbacAuthorization (true, false or null), softDeleteRetentionInDays,
enablePurgeProtection?, networkAcls?, publicNetworkAccess, enabledFor…, createdBy, createdByType,
createdAt, modifiedAt, readyAt``, ``provisioningState?`` where that is neither RegisteringDns nor Succeeded ("Failed",
"Deleting"), and ``formerPolicies {accessPolicies, rbac, until}`` while a change of access has not
arrived at the data plane. Deleted ones add ``deletedAt, scheduledPurgeAt``, ``listedAt`` (from when on they are found
among the deleted: until then the name is held by nobody who can be seen) and ``purgeAt`` once a purge is under way.
What is in a vault belongs to its ``uid``: a new vault of an old name never sees it. Times are
seconds since 1970.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from practice_cloud.rbac import scopes
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

DAY = 86400
NEVER = 4102444800.0
"""The year 2100."""


KEPT = ("secret", "key")
"""The kinds of what is in a vault (``practice_cloud.vaults.shelf``)."""
_NOT_BACK = ("deletedAt", "scheduledPurgeAt", "listedAt", "purgeAt", "provisioningState")


def find(cloud: Cloud, name: str) -> Doc | None:
    """The vault of that name, whoever's it is."""
    return cloud.store.get("vault", name.lower())


def in_group(cloud: Cloud, sid: str, group: str, name: str) -> Doc | None:
    doc = find(cloud, name)
    return doc if doc and doc["sid"] == sid and doc["group"].lower() == group.lower() else None


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    return cloud.store.list("vault", owner=sid)


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("vault", doc["name"].lower(), doc, owner=doc["sid"])


def find_deleted(cloud: Cloud, name: str) -> Doc | None:
    """The deleted vault of that name; one whose purge or retention has ended is forgotten here."""
    doc = cloud.store.get("deletedVault", name.lower())
    if doc is None:
        return None
    if cloud.clock.now().timestamp() >= min(doc.get("purgeAt", float("inf")), doc["scheduledPurgeAt"]):
        erase(cloud, doc)
        return None
    return doc


def listed_deleted(cloud: Cloud, name: str) -> Doc | None:
    """The deleted vault of that name, once it is found among the deleted ones."""
    doc = find_deleted(cloud, name)
    return None if doc is None or doc.get("listedAt", 0.0) > cloud.clock.now().timestamp() else doc


def deleted_in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    found = (listed_deleted(cloud, doc["name"]) for doc in cloud.store.list("deletedVault", owner=sid))
    return [doc for doc in found if doc is not None]


def delete(cloud: Cloud, doc: Doc) -> None:
    """Soft-delete: the vault leaves, its name and its secrets stay until the purge."""
    now = cloud.clock.now().timestamp()
    purge, listed = now + doc["softDeleteRetentionInDays"] * DAY, now + cloud.timings_of(doc["sid"]).vault_delete
    with cloud.store.transaction():
        cloud.store.delete("vault", doc["name"].lower())
        scopes.forget(cloud, doc["sid"], doc["id"])
        _save_deleted(cloud, {**doc, "deletedAt": now, "scheduledPurgeAt": purge, "listedAt": listed})


def recover(cloud: Cloud, doc: Doc) -> Doc:
    """Bring a deleted vault back as it was. It is usable again after the time a creation takes."""
    back = {key: value for key, value in doc.items() if key not in _NOT_BACK}
    back["readyAt"] = cloud.clock.now().timestamp() + cloud.timings_of(doc["sid"]).vault_create
    with cloud.store.transaction():
        cloud.store.delete("deletedVault", doc["name"].lower())
        save(cloud, back)
    return back


def purge(cloud: Cloud, doc: Doc, *, at: float | None = None) -> float:
    """Begin a purge; the seconds until the vault, its secrets and the hold on its name are gone (``at``: then).

    One that is under way already is not begun again.
    """
    now = cloud.clock.now().timestamp()
    planned = now + cloud.timings_of(doc["sid"]).vault_purge if at is None else at
    at = float(doc.get("purgeAt", planned))
    _save_deleted(cloud, {**doc, "purgeAt": at})
    return at - now


def erase(cloud: Cloud, doc: Doc) -> None:
    with cloud.store.transaction():
        cloud.store.delete("deletedVault", doc["name"].lower())
        for kind in KEPT:
            for one in cloud.store.list(kind, owner=doc["uid"]):
                cloud.store.delete(kind, f"{doc['uid']}/{one['name'].lower()}")


def _save_deleted(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("deletedVault", doc["name"].lower(), doc, owner=doc["sid"])


def with_access(cloud: Cloud, doc: Doc, policies: list[Doc], rbac: bool | None) -> Doc:
    """The vault with another kind of access, which its data plane learns of after ``policy_propagation``."""
    now = cloud.clock.now().timestamp()
    changed: dict[str, Any] = {**doc, "accessPolicies": policies, "enableRbacAuthorization": rbac}
    if policies == doc["accessPolicies"] and rbac == doc["enableRbacAuthorization"]:
        return changed
    known, known_rbac = access_in_force(doc, now)
    delay = cloud.timings_of(doc["sid"]).policy_propagation
    changed["formerPolicies"] = {"accessPolicies": known, "rbac": known_rbac, "until": now + delay}
    return changed


def access_in_force(doc: Doc, now: float) -> tuple[list[Doc], bool]:
    """The access policies the data plane goes by at ``now``, and whether it goes by roles instead."""
    former = doc.get("formerPolicies")
    if former and now < former["until"]:
        return former["accessPolicies"], bool(former["rbac"])
    return doc["accessPolicies"], bool(doc["enableRbacAuthorization"])


def ready(doc: Doc, now: float) -> bool:
    """Whether the vault's name is known to the world: Azure says RegisteringDns until then."""
    return bool(now >= doc["readyAt"]) and "provisioningState" not in doc


def provisioning_state(doc: Doc, now: float) -> str:
    return str(doc.get("provisioningState") or ("Succeeded" if ready(doc, now) else "RegisteringDns"))


def fate(operation_fate: str) -> Doc:
    """What a creation adds to the vault that does not go well (``practice_cloud.operations.FATES``)."""
    fates: dict[str, Doc] = {"fails": {"provisioningState": "Failed"}, "hangs": {"readyAt": NEVER}}
    return fates.get(operation_fate, {})


def host(doc: Doc) -> str:
    return f"https://{doc['name'].lower()}.vault.azure.net"
