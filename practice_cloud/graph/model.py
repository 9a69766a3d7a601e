"""A tenant's directory objects, as Graph shows them."""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass
from typing import Any

from practice_cloud import certificates, credentials
from practice_cloud.operations import iso
from practice_cloud.store import Doc, Store

Item = dict[str, Any]
_NO_SERVICES = ("User", "Group")


@dataclass(frozen=True, slots=True)
class Directory:
    """What one tenant holds."""

    store: Store
    tenant: Doc

    def users(self) -> list[Item]:
        return [_user(doc) for doc in self.store.list("user", owner=self.tenant["subscriptionId"])]

    def service_principals(self) -> list[Item]:
        principals = self.store.list("principal", owner=self.tenant["subscriptionId"])
        apps = {app["servicePrincipalId"]: app for app in self._apps()}
        return [_service_principal(doc, apps.get(doc["id"])) for doc in principals if doc["type"] not in _NO_SERVICES]

    def applications(self) -> list[Item]:
        return [_application(doc) for doc in self._apps()]

    def _apps(self) -> list[Doc]:
        return self.store.list("app", owner=self.tenant["subscriptionId"])

    def groups(self) -> list[Item]:
        return [group(doc) for doc in self.store.list("securityGroup", owner=self.tenant["subscriptionId"])]

    def organization(self) -> list[Item]:
        domain = {"name": self.tenant["defaultDomain"], "isDefault": True, "isInitial": True}
        told = {"id": self.tenant["id"], "displayName": self.tenant["displayName"], "verifiedDomains": [domain]}
        return [told]

    def objects(self) -> list[Item]:
        """Every object, with the type that tells them apart."""
        kinds = {
            "user": self.users(),
            "servicePrincipal": self.service_principals(),
            "application": self.applications(),
            "group": self.groups(),
        }
        return [{"@odata.type": f"#microsoft.graph.{kind}", **one} for kind, items in kinds.items() for one in items]


def _user(doc: Doc) -> Item:
    return {
        "id": doc["id"],
        "displayName": doc["displayName"],
        "userPrincipalName": doc["userPrincipalName"],
        "mail": None,
        "givenName": None,
        "surname": None,
        "jobTitle": None,
        "businessPhones": [],
    }


def _service_principal(doc: Doc, app: Doc | None) -> Item:
    """Recorded: a managed identity's other names are its resource and whether that is one of its own (isExplicit)."""
    resource = doc.get("resourceId")
    return {
        "id": doc["id"],
        "appId": doc["appId"],
        "displayName": doc["displayName"],
        "appDisplayName": doc["displayName"] if doc["type"] == "ServicePrincipal" else None,
        "servicePrincipalType": "ManagedIdentity" if doc["type"] == "ManagedIdentity" else "Application",
        "servicePrincipalNames": [doc["appId"]],
        "alternativeNames": [f"isExplicit={doc['explicit']}", resource] if resource else [],
        "accountEnabled": True,
        "appOwnerOrganizationId": doc.get("homeTenantId", doc["tenantId"]),
        "keyCredentials": [],
        "passwordCredentials": [credentials.shown(one) for one in credentials.of(app, "principalPasswords")]
        if app
        else [],
    }


def _application(doc: Doc) -> Item:
    return {
        "id": doc["id"],
        "appId": doc["appId"],
        "displayName": doc["displayName"],
        "identifierUris": [],
        "keyCredentials": [certificates.shown(one) for one in certificates.of(doc)],
        "passwordCredentials": [credentials.shown(one) for one in credentials.of(doc, "passwords")],
    }


def group(doc: Doc) -> Item:
    """As recorded, without what is always null in a security group."""
    created = iso(doc["createdAt"], timespec="seconds")
    return {
        "id": doc["id"],
        "deletedDateTime": None,
        "createdDateTime": created,
        "description": doc["description"],
        "displayName": doc["displayName"],
        "groupTypes": [],
        "isAssignableToRole": None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": doc["mailNickname"],
        "renewedDateTime": created,
        "securityEnabled": True,
        "securityIdentifier": _security_identifier(doc["id"]),
        "visibility": None,
    }


def _security_identifier(object_id: str) -> str:
    """The four words of an object id, as recorded: S-1-12-1-…"""
    words = struct.unpack("<4I", uuid.UUID(object_id).bytes_le)
    return "-".join(["S-1-12-1", *map(str, words)])
