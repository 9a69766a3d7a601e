"""Security groups of a directory, and who is in them.

``securityGroup``/{id}, owned by the subscription: ``id, tenantId, displayName, mailNickname, description, createdAt``;
its ``principal`` is of the type "Group". ``groupMember``/{member}/{group}: ``member, group, effectiveAt``: from when on
the member's tokens say it.

A token names the groups that its owner was in when it was given out, and the services go by that, not by the directory.
A managed identity's is kept by Azure for about a day, so that a change of its groups takes hours to count
(https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations).
Practice VMs are given a fresh token each time, and so learn of a change at once, but where a scenario has it otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from practice_cloud.principals import new_id
from practice_cloud.store import Doc

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud


def create(cloud: Cloud, tenant: Doc, *, name: str, nickname: str, description: str | None) -> Doc:
    group: Doc = {
        "id": new_id(),
        "tenantId": tenant["id"],
        "displayName": name,
        "mailNickname": nickname,
        "description": description,
        "createdAt": cloud.clock.now().timestamp(),
    }
    principal = {"id": group["id"], "tenantId": tenant["id"], "type": "Group", "displayName": name, "appId": ""}
    with cloud.store.transaction():
        cloud.store.put("securityGroup", group["id"], group, owner=tenant["subscriptionId"])
        cloud.store.put("principal", group["id"], principal, owner=tenant["subscriptionId"])
    return group


def delete(cloud: Cloud, sid: str, group_id: str) -> None:
    """The group, and who was in it; what it was given stays, and is of no use to anybody."""
    with cloud.store.transaction():
        for doc in _memberships(cloud, sid):
            if group_id in (doc["group"], doc["member"]):
                cloud.store.delete("groupMember", _key(doc["member"], doc["group"]))
        cloud.store.delete("securityGroup", group_id)
        cloud.store.delete("principal", group_id)


def add(cloud: Cloud, sid: str, group_id: str, member: str, *, effective_at: float = 0) -> bool:
    """Whether it was not in the group before."""
    if cloud.store.get("groupMember", _key(member, group_id)) is not None:
        return False
    doc = {"member": member, "group": group_id, "effectiveAt": effective_at}
    cloud.store.put("groupMember", _key(member, group_id), doc, owner=sid)
    return True


def remove(cloud: Cloud, group_id: str, member: str) -> bool:
    """Whether it was in the group."""
    return cloud.store.delete("groupMember", _key(member, group_id))


def members(cloud: Cloud, sid: str, group_id: str) -> list[str]:
    """The object ids of those who are in the group themselves."""
    return [str(doc["member"]) for doc in _memberships(cloud, sid) if doc["group"] == group_id]


def of(cloud: Cloud, member: str, *, through: bool = True, said: bool = False) -> list[str]:
    """The groups that a principal is in, ``through`` others too; ``said``: those that its tokens name by now."""
    now = cloud.clock.now().timestamp()
    found: list[str] = []
    ahead = [member]
    while ahead:
        for doc in cloud.store.list("groupMember", prefix=f"{ahead.pop(0)}/"):
            if doc["group"] not in found and not (said and doc["effectiveAt"] > now):
                found.append(doc["group"])
                ahead += [doc["group"]] if through else []
    return found


def claim(cloud: Cloud, oid: str) -> dict[str, Any]:
    """What a token says of its owner's groups: nothing where there are none."""
    found = of(cloud, oid, said=True)
    return {"groups": found} if found else {}


def arrive(cloud: Cloud, sid: str) -> bool:
    """Every membership is in the tokens from now on; whether any was not yet."""
    late = [doc for doc in _memberships(cloud, sid) if doc["effectiveAt"] > cloud.clock.now().timestamp()]
    for doc in late:
        cloud.store.put("groupMember", _key(doc["member"], doc["group"]), {**doc, "effectiveAt": 0.0}, owner=sid)
    return bool(late)


def _memberships(cloud: Cloud, sid: str) -> list[Doc]:
    return cloud.store.list("groupMember", owner=sid)


def _key(member: str, group: str) -> str:
    return f"{member}/{group}"
