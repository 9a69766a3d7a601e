"""Machines as scenarios make them: the student's own one as it should be, and others beside it."""

from __future__ import annotations

import secrets as random
from typing import Any

from practice_cloud import identities, ids, machines
from practice_cloud.principals import add_managed_identity, new_id
from practice_cloud.scenarios import things
from practice_cloud.scenarios.scene import COMPUTE, Scene
from practice_cloud.store import Doc

USER_IDENTITY = "id-lab"
RIGHT: Doc = {"powerState": "running", "agent": "Ready", "osType": "Windows", "wayOut": ""}


def vm(scene: Scene, **how: Any) -> Doc:
    """The student's VM as it should be: there, running Windows, its agent ready, its own identity on, and no other;
    ``how`` is what is not so."""
    things.need_group(scene)
    found = machines.find(scene.cloud, scene.vm_id)
    doc = found or made(scene, scene.student["vm"], key=scene.student["imds_key"])
    kept = {key: value for key, value in doc.items() if key not in ("settling", "goneAt")}
    kept = {**kept, **RIGHT, "identity": doc["identity"] or identity(scene, doc), "userIdentities": {}, **how}
    machines.save(scene.cloud, kept)
    return kept


def made(scene: Scene, name: str, *, group: str = "", key: str = "") -> Doc:
    """A new machine like the one a student has at first. ``key`` is its metadata service's; a new one without."""
    group = group or scene.group
    doc: Doc = {
        "id": ids.resource_id(scene.sid, group, COMPUTE, name),
        "name": name,
        "location": scene.location,
        "tags": {},
        "subscriptionId": scene.sid,
        "tenantId": scene.tenant,
        "resourceGroup": group,
        "vmId": new_id(),
        "vmSize": "Standard_B2s",
        "createdAt": scene.cloud.clock.now().isoformat(),
        **RIGHT,
        "userIdentities": {},
        "imdsKey": key or random.token_hex(16),
    }
    doc["identity"] = identity(scene, doc)
    machines.save(scene.cloud, doc)
    scene.put("imds", doc["imdsKey"], {"vm": doc["id"].lower()})
    return doc


def identity(scene: Scene, doc: Doc) -> Doc:
    """A new system-assigned identity for a machine: Azure never gives the old one back."""
    return add_managed_identity(
        scene.cloud.store,
        tenant_id=scene.tenant,
        subscription_id=scene.sid,
        name=doc["name"],
        resource_id=doc["id"],
    )


def another_vm(scene: Scene, *, name: str = "", group: str = "") -> Doc:
    """Another machine of the student's, called after their own."""
    name, group = name or f"{scene.student['vm']}-2", group or scene.group
    found = machines.find(scene.cloud, ids.resource_id(scene.sid, group, COMPUTE, name))
    return found or made(scene, name, group=group)


def no_vm(scene: Scene) -> None:
    found = machines.find(scene.cloud, scene.vm_id)
    if found is not None:
        machines.delete(scene.cloud, found)


def object_id(doc: Doc) -> str:
    """The object id of a machine's own identity."""
    return str(doc["identity"]["principalId"])


def identity_off(scene: Scene) -> None:
    """The student's VM has no identity of its own; the principal goes."""
    doc = vm(scene)
    machines.drop_principal(scene.cloud, doc)
    machines.save(scene.cloud, {**doc, "identity": None})


def recreated(scene: Scene) -> tuple[str, str]:
    """The student's VM, deleted and made again under its name: the object id it had, and the one it has."""
    former = object_id(vm(scene))
    no_vm(scene)
    return former, object_id(vm(scene))


def with_user_identity(scene: Scene) -> Doc:
    """A user-assigned identity in the student's group, given to the VM beside what that has."""
    resource_id = ids.resource_id(scene.sid, scene.group, identities.TYPE, USER_IDENTITY)
    user = identities.find(scene.cloud, resource_id) or identities.create(
        scene.cloud, resource_id, tenant=scene.tenant, location=scene.location, tags={}
    )
    doc = machines.find(scene.cloud, scene.vm_id) or vm(scene)
    given = {resource_id: {"principalId": user["principalId"], "clientId": user["clientId"]}}
    machines.save(scene.cloud, {**doc, "userIdentities": given})
    return user
