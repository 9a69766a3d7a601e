"""User-assigned identities as they are kept: ``userIdentity``/{resource id, lower}, owned by the subscription.

A document: ``id, name, location, tags, subscriptionId, tenantId, resourceGroup, principalId, clientId``. Its principal
goes with it; the machines that were given it still name it afterwards, as Azure's do.
Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-manage-user-assigned-managed-identities
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.principals import add_managed_identity
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"


def find(cloud: Cloud, resource_id: str) -> Doc | None:
    return cloud.store.get("userIdentity", resource_id.lower())


def in_subscription(cloud: Cloud, sid: str) -> list[Doc]:
    return cloud.store.list("userIdentity", owner=sid)


def in_group(cloud: Cloud, sid: str, group: str) -> list[Doc]:
    return [doc for doc in in_subscription(cloud, sid) if doc["resourceGroup"].lower() == group.lower()]


def create(cloud: Cloud, resource_id: str, *, tenant: str, location: str, tags: Doc) -> Doc:
    """A new identity with a principal of its own. Its place and name are those in the resource id."""
    _, _, sid, _, group, *_, name = resource_id.split("/")
    principal = add_managed_identity(
        cloud.store, tenant_id=tenant, subscription_id=sid, name=name, resource_id=resource_id, explicit=True
    )
    doc: Doc = {
        "id": resource_id,
        "name": name,
        "location": location,
        "tags": tags,
        "subscriptionId": sid,
        "tenantId": tenant,
        "resourceGroup": group,
        "principalId": principal["principalId"],
        "clientId": principal["clientId"],
    }
    save(cloud, doc)
    return doc


def save(cloud: Cloud, doc: Doc) -> None:
    cloud.store.put("userIdentity", doc["id"].lower(), doc, owner=doc["subscriptionId"])


def delete(cloud: Cloud, doc: Doc) -> None:
    cloud.store.delete("principal", doc["principalId"])
    cloud.store.delete("userIdentity", doc["id"].lower())
