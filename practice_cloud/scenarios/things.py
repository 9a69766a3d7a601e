"""Vaults, secrets, policies and roles as scenarios make them: right unless it is said how they are wrong."""

from __future__ import annotations

import secrets as random
import uuid
from typing import Any

from practice_cloud import disks, ids, machines, networks, schedules
from practice_cloud.rbac import scopes
from practice_cloud.scenarios import rights
from practice_cloud.scenarios.book import Refused
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc
from practice_cloud.vaults import keys, model, secrets, shelf

TEMPLATE = ("get", "list", "set", "delete", "recover", "backup", "restore")
"""What the portal's template Secret Management grants on secrets."""
_DELETED = ("deletedAt", "scheduledPurgeAt", "settling")
VAULTS = "Microsoft.KeyVault/vaults"
OTHER_REGION = "westeurope"


def new_vault(scene: Scene, name: str, **how: Any) -> Doc:
    """A vault that is ready and goes by policies, with one for the caller; ``how`` changes what it is, where it is
    and whose."""
    sid, group = how.get("sid", scene.sid), how.get("group", scene.group)
    author = {f"{verb}{what}": told for verb in ("created", "modified") for what, told in _author(scene).items()}
    doc: Doc = {
        "uid": uuid.uuid4().hex,
        "name": name,
        "id": ids.resource_id(sid, group, VAULTS, name),
        "sid": sid,
        "group": group,
        "location": scene.location,
        "tags": {},
        "tenantId": scene.tenant,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [policy(scene, scene.caller)],
        "enableRbacAuthorization": False,
        "softDeleteRetentionInDays": 90,
        "publicNetworkAccess": "Enabled",
        "enabledForDeployment": False,
        "readyAt": scene.now,
        "createdAt": scene.now,
        "modifiedAt": scene.now,
        **author,
        **how,
    }
    model.save(scene.cloud, doc)
    return doc


def _author(scene: Scene) -> Doc:
    return {"By": scene.student["client_id"], "ByType": "Application"}


def no_vault(scene: Scene, name: str = "") -> None:
    """Nobody holds the vault's name, not even a deleted vault. Raises Refused where another student does."""
    name = name or scene.vault_name
    doc = model.find(scene.cloud, name) or model.find_deleted(scene.cloud, name)
    if doc is None:
        return
    if doc["sid"] not in (scene.sid, stranger(scene)):
        raise Refused(f"The vault name {name} is another student's: send another vault, as in vault: kv-mine-1")
    scopes.forget(scene.cloud, doc["sid"], doc["id"])
    scene.cloud.store.delete("vault", name.lower())
    model.erase(scene.cloud, doc)


def stranger(scene: Scene) -> str:
    """The subscription of those who hold this student's names: nobody's, and not another student's."""
    return str(uuid.uuid5(uuid.UUID(scene.sid), "stranger"))


def vault(scene: Scene, *, rbac: bool = False, name: str = "") -> Doc:
    """The agreed vault as it should be. One that is in the way is replaced; one that is right keeps its secrets."""
    name = name or scene.vault_name
    need_group(scene)
    doc = model.in_group(scene.cloud, scene.sid, scene.group, name)
    if doc is None or doc["location"] != scene.location:
        no_vault(scene, name)
        return new_vault(scene, name, enableRbacAuthorization=rbac)
    gone = ("provisioningState", "formerPolicies", "networkAcls")
    kept = {key: value for key, value in doc.items() if key not in gone}
    ready = {"readyAt": min(doc["readyAt"], scene.now), "publicNetworkAccess": "Enabled"}
    kept = {**kept, **ready, "enableRbacAuthorization": rbac}
    model.save(scene.cloud, kept)
    return kept


def change(scene: Scene, doc: Doc, **values: Any) -> Doc:
    changed = {**doc, **values}
    model.save(scene.cloud, changed)
    return changed


def another_vault(scene: Scene, *, number: int = 2) -> Doc:
    """Another vault of the student's, called after the agreed one: the same for the same number."""
    name = f"{scene.vault_name[:22].rstrip('-')}-{number}"
    no_vault(scene, name)
    return new_vault(scene, name)


def delete_vault(scene: Scene, doc: Doc, *, listed_in: float = 0) -> None:
    """Softly; after some seconds it is found among the deleted ones."""
    model.delete(scene.cloud, doc)
    gone = scene.need("deletedVault", doc["name"].lower())
    scene.cloud.store.put(
        "deletedVault", doc["name"].lower(), {**gone, "listedAt": scene.now + listed_in}, owner=doc["sid"]
    )


def secret(scene: Scene, holder: Doc, name: str = "") -> Doc:
    """The secret as it should be: there, enabled, without dates. What it holds stays."""
    name = name or scene.secret_name
    doc = secrets.SHELF.any_state(scene.cloud, holder, name)
    if doc is None:
        return secrets.set_value(scene.cloud, holder, name, {"value": random.token_urlsafe(12)})
    kept = {key: value for key, value in doc.items() if key not in _DELETED}
    kept["versions"][-1] |= {"enabled": True, "nbf": None, "exp": None}
    secrets.SHELF.save(scene.cloud, holder, kept)
    return kept


def change_secret(scene: Scene, holder: Doc, **attributes: Any) -> None:
    """The current version of the secret, with other attributes."""
    doc = secret(scene, holder)
    doc["versions"][-1] |= attributes
    secrets.SHELF.save(scene.cloud, holder, doc)


def delete_secret(scene: Scene, holder: Doc, *, seconds: float = 0) -> None:
    """Softly; it takes some seconds until it is among the deleted ones."""
    doc = secret(scene, holder)
    settling = {"doing": "deleting", "until": scene.now + seconds}
    until = int(scene.now) + holder["softDeleteRetentionInDays"] * model.DAY
    gone = {**doc, "deletedAt": int(scene.now), "scheduledPurgeAt": until, "settling": settling}
    secrets.SHELF.save(scene.cloud, holder, gone)


def key(scene: Scene, holder: Doc, name: str = "") -> Doc:
    """A key of the agreed secret's name."""
    name = name or scene.secret_name
    doc = keys.SHELF.any_state(scene.cloud, holder, name)
    if doc is not None and shelf.there(scene.cloud, doc):
        return doc
    if doc is not None:
        keys.SHELF.purge(scene.cloud, holder, name)
    return keys.add(scene.cloud, holder, name, keys.make(keys.wanted({"kty": "EC"}, premium=False)), {})


def no_secrets(scene: Scene, holder: Doc) -> None:
    """Nothing is in the vault, and nothing deleted is left in it."""
    for doc in scene.cloud.store.list("secret", owner=holder["uid"]):
        secrets.SHELF.purge(scene.cloud, holder, doc["name"])


def policy(scene: Scene, oid: str, *, granted: tuple[str, ...] = TEMPLATE, **others: tuple[str, ...]) -> Doc:
    """``others`` are permissions on keys and certificates."""
    permissions = {"secrets": list(granted), **{kind: list(names) for kind, names in others.items()}}
    return {"tenantId": scene.tenant, "objectId": oid, "permissions": permissions}


def assign(scene: Scene, role: str, oid: str, scope: str, *, in_seconds: float = 0) -> None:
    """A role assignment, which counts after some seconds."""
    rights.give_role(scene.cloud, scene.sid, role, oid, scope, effective_at=scene.now + in_seconds)


def group(scene: Scene, name: str = "") -> Doc:
    """A resource group as it should be; it is not saved."""
    name = name or scene.group
    return {
        "id": ids.group_id(scene.sid, name),
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": scene.location,
        "tags": {},
        "properties": {"provisioningState": "Succeeded"},
    }


def save_group(scene: Scene, doc: Doc) -> None:
    scene.put("group", f"{scene.sid}/{doc['name'].lower()}", doc)


def need_group(scene: Scene) -> None:
    """The student's group, as it should be."""
    found = scene.cloud.store.get("group", f"{scene.sid}/{scene.group.lower()}")
    if found is None or "goneAt" in found:
        save_group(scene, group(scene))


def empty_group(scene: Scene) -> None:
    """What was in the group goes: vaults softly, machines for good."""
    for doc in model.in_subscription(scene.cloud, scene.sid):
        if doc["group"].lower() == scene.group.lower():
            delete_vault(scene, doc)
    for machine in machines.in_group(scene.cloud, scene.sid, scene.group):
        machines.delete(scene.cloud, machine)
    networks.empty(scene.cloud, scene.sid, ids.group_id(scene.sid, scene.group))
    disks.empty(scene.cloud, scene.sid, ids.group_id(scene.sid, scene.group))
    schedules.empty(scene.cloud, scene.sid, ids.group_id(scene.sid, scene.group))
    scopes.forget(scene.cloud, scene.sid, ids.group_id(scene.sid, scene.group))
