"""The student's app, what it may do, and role assignments as scenarios give and take them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from practice_cloud import ids
from practice_cloud.rbac.builtin import definition_id
from practice_cloud.store import Doc
from practice_cloud.students import CONTRIBUTOR, USER_ACCESS_ADMINISTRATOR

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

RIGHT_ROLES = (CONTRIBUTOR, USER_ACCESS_ADMINISTRATOR)
"""What a student's app has at first."""


def caller(cloud: Cloud, student: Doc) -> str:
    """The object id of the student's app; it stays known while the registration is gone."""
    principals = cloud.store.list("principal", owner=student["subscription_id"])
    return next(str(doc["id"]) for doc in principals if doc["appId"] == student["client_id"])


def caller_has(cloud: Cloud, student: Doc, roles: tuple[str, ...]) -> None:
    """The student's app has just these roles at the subscription, and none anywhere below it."""
    sid, oid = student["subscription_id"], caller(cloud, student)
    take_roles(cloud, sid, oid)
    for role in roles:
        give_role(cloud, sid, role, oid, ids.subscription_id(sid))


def roles_at_subscription(cloud: Cloud, sid: str, oid: str) -> set[str]:
    """The ids of the roles that a principal has there."""
    docs = [doc["properties"] for doc in cloud.store.list("roleAssignment", owner=sid)]
    here = [one for one in docs if one["principalId"] == oid and one["scope"] == ids.subscription_id(sid)]
    return {str(one["roleDefinitionId"]).rsplit("/", 1)[-1] for one in here}


def give_role(cloud: Cloud, sid: str, role: str, oid: str, scope: str, *, effective_at: float = 0) -> None:
    """The same assignment has the same name every time."""
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scope}/{role}/{oid}".lower()))
    kind = (cloud.store.get("principal", oid) or {}).get("type")
    doc = {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
        "name": name,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "roleDefinitionId": definition_id(role, sid),
            "principalId": oid,
            "principalType": kind if kind in ("User", "Group") else "ServicePrincipal",
            "scope": scope,
        },
        "effectiveAt": effective_at,
    }
    cloud.store.put("roleAssignment", f"{scope.lower()}/{name}", doc, owner=sid)


def take_roles(cloud: Cloud, sid: str, oid: str) -> None:
    for doc in cloud.store.list("roleAssignment", owner=sid):
        if doc["properties"]["principalId"] == oid:
            cloud.store.delete("roleAssignment", f"{doc['properties']['scope'].lower()}/{doc['name']}")
