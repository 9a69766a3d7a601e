"""App registrations: made, found and kept, and their service principals in the tenants that let them in.

What an application registered through the control plane has besides what a student's own has
(``practice_cloud.students``): ``public`` (it can keep no secret), ``redirectUris``, ``multiTenant``, ``permissions``
(delegated ones, as addresses: ``https://management.azure.com/user_impersonation``); people must consent to those.
``servicePrincipal``/{tenant id}/{appId} is ``id``, its object id in a tenant that is not its own, and ``appId``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from practice_cloud import credentials
from practice_cloud.principals import new_id, new_secret
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

LOCAL = ("localhost", "127.0.0.1", "::1")
PERMISSIONS = ("https://management.azure.com/user_impersonation",)
"""What one asks for where nobody says otherwise."""


def find(cloud: Cloud, client_id: str) -> Doc | None:
    return cloud.store.get("app", client_id.lower())


def save(cloud: Cloud, app: Doc) -> None:
    """Under the owner of the tenant that it is registered in."""
    cloud.store.put("app", app["appId"], app, owner=_owner(cloud, app["tenantId"]))


def asks(app: Doc | None) -> bool:
    """Whether people are asked for their consent to it: not to Microsoft's, nor to the one that a student has made."""
    return app is not None and "permissions" in app


def register(
    cloud: Cloud,
    *,
    name: str,
    redirect_uris: list[str],
    public: bool = False,
    multi_tenant: bool = True,
    permissions: list[str] | None = None,
    tenant_id: str | None = None,
) -> tuple[Doc, str]:
    """A new application and its secret, "" for a public one. Its tenant is a new one, without a subscription, unless
    one is named."""
    with cloud.store.transaction():
        tenant_id = tenant_id or _new_tenant(cloud, name)
        secret = "" if public else new_secret()
        app: Doc = {
            "appId": new_id(),
            "id": new_id(),
            "tenantId": tenant_id,
            "servicePrincipalId": new_id(),
            "displayName": name,
            "passwords": [credentials.made(secret, starts=cloud.clock.now().timestamp())] if secret else [],
            "principalPasswords": [],
            "public": public,
            "redirectUris": redirect_uris,
            "multiTenant": multi_tenant,
            "permissions": list(PERMISSIONS) if permissions is None else permissions,
        }
        save(cloud, app)
        _put_principal(cloud, app, tenant_id, app["servicePrincipalId"])
    return app, secret


def _new_tenant(cloud: Cloud, name: str) -> str:
    """A tenant whose owner, as a student's is their subscription, is an id that no subscription has."""
    tenant_id, owner = new_id(), new_id()
    domain = f"portal{tenant_id[:8]}.onmicrosoft.com"
    tenant = {"id": tenant_id, "displayName": name, "defaultDomain": domain, "subscriptionId": owner}
    cloud.store.put("tenant", tenant_id, tenant, owner=owner)
    cloud.store.put("domain", domain, {"tenantId": tenant_id}, owner=owner)
    return tenant_id


def principal_in(cloud: Cloud, app: Doc, tenant_id: str) -> str | None:
    """The object id of its service principal in a tenant; None where nobody has let it in."""
    if app["tenantId"] == tenant_id:
        return str(app["servicePrincipalId"])
    found = cloud.store.get("servicePrincipal", f"{tenant_id}/{app['appId']}")
    return str(found["id"]) if found else None


def let_in(cloud: Cloud, app: Doc, tenant_id: str) -> str:
    """The same, made if need be: what the first consent in a tenant does."""
    known = principal_in(cloud, app, tenant_id)
    if known is not None:
        return known
    made = new_id()
    cloud.store.put(
        "servicePrincipal",
        f"{tenant_id}/{app['appId']}",
        {"id": made, "appId": app["appId"]},
        owner=_owner(cloud, tenant_id),
    )
    _put_principal(cloud, app, tenant_id, made)
    return made


def turn_out(cloud: Cloud, app: Doc, tenant_id: str) -> bool:
    """Its service principal is deleted, as under *Enterprise applications*. Whether there was one to delete."""
    known = cloud.store.get("servicePrincipal", f"{tenant_id}/{app['appId']}")
    if known is None:
        return False
    cloud.store.delete("principal", known["id"])
    return cloud.store.delete("servicePrincipal", f"{tenant_id}/{app['appId']}")


def _put_principal(cloud: Cloud, app: Doc, tenant_id: str, principal_id: str) -> None:
    principal = {"id": principal_id, "tenantId": tenant_id, "type": "ServicePrincipal", "appId": app["appId"]}
    principal |= {"displayName": app["displayName"], "homeTenantId": app["tenantId"]}
    cloud.store.put("principal", principal_id, principal, owner=_owner(cloud, tenant_id))


def _owner(cloud: Cloud, tenant_id: str) -> str:
    tenant = cloud.store.get("tenant", tenant_id)
    return str(tenant["subscriptionId"]) if tenant else ""


def registrable(address: object) -> bool:
    """https, or http on the machine itself: https://learn.microsoft.com/entra/identity-platform/reply-url."""
    parts = urlsplit(str(address))
    if parts.fragment or parts.username or "*" in str(address) or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def replies_to(app: Doc | None, address: str) -> bool:
    """Whether codes may go there. Of an address on the machine itself the port counts for nothing; Microsoft's own
    programs, and a student's app that registers none, are answered on any such address."""
    parts = urlsplit(address)
    if parts.fragment or parts.username:
        return False
    local = parts.scheme == "http" and parts.hostname in LOCAL
    if app is None or "redirectUris" not in app:
        return local
    return any(known == address or (local and _same_but_port(known, address)) for known in app["redirectUris"])


def _same_but_port(known: str, address: str) -> bool:
    one, other = urlsplit(known), urlsplit(address)
    same = (one.scheme, one.hostname, one.query) == (other.scheme, other.hostname, other.query)
    return same and (one.path or "/") == (other.path or "/")
