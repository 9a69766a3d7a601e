"""Task 3 by way of a security group."""

from __future__ import annotations

from practice_cloud import groups
from practice_cloud.scenarios import policies, roles, things, vms
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene

BOOK = Book("task 3: security groups", task="grant-access")
NAME = "lab-machines"


def group(scene: Scene, *members: str, effective_at: float = 0) -> str:
    """A group with just these members, the same each time; its object id."""
    there = [
        doc["id"] for doc in scene.cloud.store.list("securityGroup", owner=scene.sid) if doc["displayName"] == NAME
    ]
    group_id = there[0] if there else _new(scene)
    for member in groups.members(scene.cloud, scene.sid, group_id):
        groups.remove(scene.cloud, group_id, member)
    for member in members:
        groups.add(scene.cloud, scene.sid, group_id, member, effective_at=effective_at)
    return str(group_id)


def _new(scene: Scene) -> str:
    tenant = scene.need("tenant", scene.tenant)
    return str(groups.create(scene.cloud, tenant, name=NAME, nickname=NAME, description=None)["id"])


@BOOK.scenario("policy-for-group", "The policy is for a group that the VM is in")
def policy(scene: Scene) -> None:
    """It works: the VM's token names the group. The policy names another object id than the VM's, and is for everybody
    in the group."""
    policies.prepared(scene, things.policy(scene, group(scene, vms.object_id(vms.vm(scene)))))
    scene.did(f"The policy of {scene.vault_name} is for the group {NAME}, and {scene.student['vm']} is in it.")


@BOOK.scenario("policy-for-group-without-vm", "The policy is for a group that the VM is not in")
def without_vm(scene: Scene) -> None:
    """The group is there and nobody is in it: 403, AccessDenied."""
    vms.vm(scene)
    policies.prepared(scene, things.policy(scene, group(scene)))
    scene.did(f"The policy of {scene.vault_name} is for the group {NAME}, and nobody is in it.")


@BOOK.scenario(
    "policy-for-group-not-in-token-yet",
    "The policy is for a group that the VM's tokens do not name yet",
    seconds=Number(60, "the seconds until they do; Azure keeps a machine's token for about a day"),
)
def not_in_token(scene: Scene) -> None:
    """The VM was put into the group after its token was made: 403, AccessDenied, until there is a new one."""
    member = vms.object_id(vms.vm(scene))
    inside = group(scene, member, effective_at=scene.now + scene.number("seconds"))
    policies.prepared(scene, things.policy(scene, inside))
    scene.suffer(f"{scene.student['vm']} is in the group {NAME}, and its tokens do not say so yet.")


@BOOK.scenario("role-for-group", "The role is for a group that the VM is in")
def role(scene: Scene) -> None:
    """The vault goes by roles, and the group is a Key Vault Secrets User of it: it works."""
    doc, oid = roles.prepared(scene)
    things.assign(scene, roles.USER, group(scene, oid), doc["id"])
    scene.did(
        f"The group {NAME}, which {scene.student['vm']} is in, is a Key Vault Secrets User at {scene.vault_name}."
    )
