"""People of one tenant in another: a guest has an account of its own there, with an object id of its own.

``user``/{object id} of a guest is as that of a student (``practice_cloud.students``) without a password, with
``homeOid`` and ``homeTenantId`` besides. ``guest``/{tenant id}/{object id at home} and ``guestOf``/{object id at
home}/{tenant id} are ``id, tenantId`` of the account.
Source: https://learn.microsoft.com/entra/external-id/user-properties
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.principals import new_id
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def account(cloud: Cloud, user: Doc, tenant_id: str) -> Doc | None:
    """The user's account in a tenant that is not theirs."""
    found = cloud.store.get("guest", f"{tenant_id}/{user['id']}")
    return cloud.store.get("user", found["id"]) if found else None


def invite(cloud: Cloud, tenant: Doc, user: Doc) -> Doc:
    """The account, made if need be: who is invited has accepted."""
    known = account(cloud, user, tenant["id"])
    if known is not None:
        return known
    oid, owner = new_id(), tenant["subscriptionId"]
    name = f"{user['userPrincipalName'].replace('@', '_')}#EXT#@{tenant['defaultDomain']}"
    made: Doc = {"id": oid, "tenantId": tenant["id"], "userPrincipalName": name, "displayName": user["displayName"]}
    made |= {"homeOid": user["id"], "homeTenantId": user["tenantId"], "admin": False}
    kept = {"id": oid, "tenantId": tenant["id"]}
    principal = {**kept, "type": "User", "displayName": user["displayName"], "appId": ""}
    with cloud.store.transaction():
        cloud.store.put("user", oid, made, owner=owner)
        cloud.store.put("principal", oid, principal, owner=owner)
        cloud.store.put("guest", f"{tenant['id']}/{user['id']}", kept, owner=owner)
        cloud.store.put("guestOf", f"{user['id']}/{tenant['id']}", kept, owner=owner)
    return made


def remove(cloud: Cloud, tenant: Doc, user: Doc) -> str | None:
    """The object id of the account that is gone; None where there was none."""
    known = account(cloud, user, tenant["id"])
    if known is None:
        return None
    with cloud.store.transaction():
        for kind, key in (
            ("user", known["id"]),
            ("principal", known["id"]),
            ("guest", f"{tenant['id']}/{user['id']}"),
            ("guestOf", f"{user['id']}/{tenant['id']}"),
        ):
            cloud.store.delete(kind, key)
    return str(known["id"])


def tenants_of(cloud: Cloud, tenant_id: str, oid: str) -> list[Doc]:
    """The tenants of whoever has this object id in this tenant: where they come from, then where they are guests. An
    application has one."""
    user = cloud.store.get("user", oid) or {}
    home, home_oid = user.get("homeTenantId", tenant_id), user.get("homeOid", oid)
    others = [one["tenantId"] for one in cloud.store.list("guestOf", prefix=f"{home_oid}/")]
    found = [cloud.store.get("tenant", one) for one in (home, *others)]
    return [one for one in found if one is not None]
