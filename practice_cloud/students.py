"""Practice students: a tenant, subscription, user, app, resource group and Windows VM of their own.

The documents that a student consists of, as kind/key: fields. Ids in keys are lower-case;
``sid`` is the subscription id, which is the owner of every one of them.

tenant/{tid}              id, displayName, defaultDomain, subscriptionId, otherSubscriptions?, userConsent?
domain/{domain}           tenantId
subscription/{sid}        id, tenantId, displayName, state ("Enabled")
user/{oid}                id, tenantId, userPrincipalName, displayName, passwordDigest, admin?, and what its
                          organization demands (``practice_cloud.entra.standing``)
signInName/{upn}          id (of the user)
app/{appId}               appId, id (of the registration), tenantId, servicePrincipalId, displayName,
                          passwords, principalPasswords (``practice_cloud.credentials``),
                          certificates?, federated? (the modules of these names)
deletedApp/{appId}        the same, of a registration that was deleted and can come back
principal/{oid}           id, tenantId, type ("User", "ServicePrincipal" or "ManagedIdentity"), displayName,
                          appId (a user has none: ""); an identity's appId is its client id, and it has
                          resourceId and explicit (true: user-assigned) besides
group/{sid}/{name}        the resource group as ARM answers it
vm/{full resource id}     id, name, location, tags, subscriptionId, tenantId, resourceGroup, vmId, vmSize, createdAt,
                          powerState ("running", "deallocated", ...), agent ("Ready" or "Not Ready"),
                          osType ("Windows"), imdsKey, wayOut? (``practice_cloud.arm.vms.way_out``),
                          identity: {type, principalId, tenantId, clientId} or None when there is none,
                          userIdentities: {resource id: {principalId, clientId}},
                          settling and goneAt (``practice_cloud.machines``)
userIdentity/{full resource id}  a user-assigned identity (``practice_cloud.identities``)
network/, disk/, schedule/{full resource id}  what is made with a machine (``practice_cloud.networks``, ``disks``,
                          ``schedules``); the one a student is given has none of it
capacity/{sid}            what stands against another machine (``practice_cloud.capacity``)
imds/{imdsKey}            vm (key of the VM document)
provider/{sid}/{name}     namespace, registrationState ("Registered" or "NotRegistered"),
                          registeredAt? (Registering until)
roleAssignment/{scope}/{guid}  the role assignment as ARM answers it: id, name, type,
                          properties {roleDefinitionId, principalId, principalType, scope, ...}
student/{sid}             what ``POST /students`` answered, but for the addresses of this process
studentKey/{key}          subscription_id
"""

from __future__ import annotations

import secrets
import string
from typing import Any

from practice_cloud import credentials
from practice_cloud.cloud import Cloud
from practice_cloud.principals import add_managed_identity, digest, new_id, new_password, new_secret
from practice_cloud.store import Doc, Store

LOCATION = "eastus"
REGISTERED = ("Microsoft.KeyVault", "Microsoft.Compute", "Microsoft.Network", "Microsoft.PolicyInsights")
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"


def student_for(cloud: Cloud, key: str | None) -> Doc:
    """The student made for ``key`` earlier, or a fresh one."""
    known = cloud.store.get("studentKey", key) if key else None
    student = cloud.store.get("student", known["subscription_id"]) if known else None
    if student is None:
        with cloud.store.transaction():
            student = _make(cloud, key or new_id())
    return _addressed(cloud, student)


def with_addresses(cloud: Cloud, subscription_id: str) -> Doc | None:
    """A student as the control plane answers it; None if there is none."""
    student = cloud.store.get("student", subscription_id.lower())
    return None if student is None else _addressed(cloud, student)


def renew_credential(cloud: Cloud, subscription_id: str) -> Doc | None:
    """The student with a new client secret, the only one from now on; None if there is no such student.

    A registration that was deleted comes back with it, as Entra's can for 30 days.
    """
    student = cloud.store.get("student", subscription_id.lower())
    if student is None:
        return None
    secret, owner = new_secret(), student["subscription_id"]
    app = cloud.store.get("app", student["client_id"]) or cloud.store.get("deletedApp", student["client_id"])
    assert app is not None  # noqa: S101 - a student is made together with it
    only = {"passwords": [credentials.made(secret, starts=cloud.clock.now().timestamp())], "principalPasswords": []}
    renewed = {**student, "client_secret": secret}
    with cloud.store.transaction():
        cloud.store.put("app", app["appId"], {**app, **only}, owner=owner)
        cloud.store.delete("deletedApp", app["appId"])
        cloud.store.put("student", subscription_id.lower(), renewed, owner=owner)
    return renewed


def _addressed(cloud: Cloud, student: Doc) -> Doc:
    """Ports may differ after a restart, and a VM made again has another identity: both are told as they are now."""
    told = {name: value for name, value in student.items() if name != "imds_key"}
    return {
        **told,
        "vm_principal_id": _vm_principal(cloud, student),
        "proxy": cloud.proxy_url,
        "ca_bundle": str(cloud.ca_file),
        "imds": f"{cloud.imds_base}/vm/{student['imds_key']}",
    }


def _vm_principal(cloud: Cloud, student: Doc) -> str:
    """The object id of the VM's own identity, "" while it has none."""
    found = cloud.store.get("imds", student["imds_key"])
    vm = cloud.store.get("vm", found["vm"]) if found else None
    return str(((vm or {}).get("identity") or {}).get("principalId", ""))


def _make(cloud: Cloud, key: str) -> Doc:
    store, tenant_id, subscription_id, tag = cloud.store, new_id(), new_id(), _free_tag(cloud.store)
    owned = _Owned(store, subscription_id)
    user, password = _add_user(owned, tenant_id, tag)
    app, client_secret = _add_app(owned, tenant_id, tag, cloud.clock.now().timestamp())
    _add_subscription(owned, tenant_id, tag)
    group = _add_group(owned, f"rg-lab-{tag}")
    vm = _add_vm(owned, tenant_id, group["name"], f"vm-lab-{tag}", cloud.clock.now().isoformat())
    _assign(owned, OWNER, user["id"], "User")
    for role in (CONTRIBUTOR, USER_ACCESS_ADMINISTRATOR):
        _assign(owned, role, app["servicePrincipalId"], "ServicePrincipal")
    student = {
        "key": key,
        "tenant_id": tenant_id,
        "subscription_id": subscription_id,
        "client_id": app["appId"],
        "client_secret": client_secret,
        "user": user["userPrincipalName"],
        "password": password,
        "resource_group": group["name"],
        "location": LOCATION,
        "vm": vm["name"],
        "vm_principal_id": vm["identity"]["principalId"],
        "imds_key": vm["imdsKey"],
    }
    owned.put("student", subscription_id, student)
    owned.put("studentKey", key, {"subscription_id": subscription_id})
    return student


class _Owned:
    """The store, seen by one subscription."""

    def __init__(self, store: Store, subscription_id: str) -> None:
        self.store = store
        self.subscription_id = subscription_id

    def put(self, kind: str, key: str, doc: Doc) -> None:
        self.store.put(kind, key, doc, owner=self.subscription_id)


def _free_tag(store: Store) -> str:
    """Six characters that no other student's names end with."""
    while True:
        tag = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(6))
        if store.get("domain", _domain(tag)) is None:
            return tag


def _domain(tag: str) -> str:
    return f"practice{tag}.onmicrosoft.com"


def _add_subscription(owned: _Owned, tenant_id: str, tag: str) -> None:
    sid = owned.subscription_id
    tenant = {"displayName": f"Practice {tag}", "defaultDomain": _domain(tag), "subscriptionId": sid}
    owned.put("tenant", tenant_id, {"id": tenant_id, **tenant})
    owned.put("domain", _domain(tag), {"tenantId": tenant_id})
    subscription = {"id": sid, "tenantId": tenant_id, "displayName": f"Practice subscription {tag}"}
    owned.put("subscription", sid, {**subscription, "state": "Enabled"})
    for namespace in REGISTERED:
        registration = {"namespace": namespace, "registrationState": "Registered"}
        owned.put("provider", f"{sid}/{namespace.lower()}", registration)


def _add_user(owned: _Owned, tenant_id: str, tag: str) -> tuple[Doc, str]:
    password, name = new_password(), f"student@{_domain(tag)}"
    user = {"id": new_id(), "tenantId": tenant_id, "displayName": f"Student {tag}", "userPrincipalName": name}
    owned.put("user", user["id"], {**user, "passwordDigest": digest(password)})
    owned.put("signInName", name, {"id": user["id"]})
    _add_principal(owned, user["id"], tenant_id, "User", user["displayName"])
    return user, password


def _add_app(owned: _Owned, tenant_id: str, tag: str, now: float) -> tuple[Doc, str]:
    secret = new_secret()
    app: Doc = {
        "appId": new_id(),
        "id": new_id(),
        "tenantId": tenant_id,
        "servicePrincipalId": new_id(),
        "displayName": f"app-lab-{tag}",
        "passwords": [credentials.made(secret, starts=now)],
        "principalPasswords": [],
    }
    owned.put("app", app["appId"], app)
    _add_principal(
        owned, app["servicePrincipalId"], tenant_id, "ServicePrincipal", app["displayName"], app_id=app["appId"]
    )
    return app, secret


def _add_principal(
    owned: _Owned, object_id: str, tenant_id: str, kind: str, display_name: str, *, app_id: str = ""
) -> None:
    principal = {"id": object_id, "tenantId": tenant_id, "type": kind, "displayName": display_name, "appId": app_id}
    owned.put("principal", object_id, principal)


def _add_group(owned: _Owned, name: str) -> Doc:
    group: dict[str, Any] = {
        "id": f"/subscriptions/{owned.subscription_id}/resourceGroups/{name}",
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": LOCATION,
        "tags": {},
        "properties": {"provisioningState": "Succeeded"},
    }
    owned.put("group", f"{owned.subscription_id}/{name.lower()}", group)
    return group


def _add_vm(owned: _Owned, tenant_id: str, group: str, name: str, created_at: str) -> Doc:
    sid = owned.subscription_id
    vm_id = f"/subscriptions/{sid}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"
    identity = add_managed_identity(owned.store, tenant_id=tenant_id, subscription_id=sid, name=name, resource_id=vm_id)
    vm: dict[str, Any] = {
        "id": vm_id,
        "name": name,
        "location": LOCATION,
        "tags": {},
        "subscriptionId": sid,
        "tenantId": tenant_id,
        "resourceGroup": group,
        "vmId": new_id(),
        "vmSize": "Standard_B2s",
        "createdAt": created_at,
        "powerState": "running",
        "agent": "Ready",
        "osType": "Windows",
        "identity": identity,
        "userIdentities": {},
        "imdsKey": secrets.token_hex(16),
    }
    owned.put("vm", vm["id"].lower(), vm)
    owned.put("imds", vm["imdsKey"], {"vm": vm["id"].lower()})
    return vm


def _assign(owned: _Owned, role: str, principal_id: str, principal_type: str) -> None:
    scope, name = f"/subscriptions/{owned.subscription_id}", new_id()
    assignment = {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
        "name": name,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "roleDefinitionId": f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}",
            "principalId": principal_id,
            "principalType": principal_type,
            "scope": scope,
        },
    }
    owned.put("roleAssignment", f"{scope.lower()}/{name}", assignment)
