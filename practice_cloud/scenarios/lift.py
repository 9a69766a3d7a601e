"""Lifting: an end to what a student's Azure suffers from and what is still to come. What the student made, or can mend
without help, stays as it is."""

from __future__ import annotations

from practice_cloud import capacity, credentials, groups, ids, machines, operations, revocation
from practice_cloud.scenarios import later, person, rights, things, vms
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc
from practice_cloud.students import OWNER
from practice_cloud.vaults import model, secrets, shelf


def lift(scene: Scene) -> list[str]:
    """What ended, in sentences; none where there was nothing to end."""
    parts = (_trouble, _credential, _person, _subscription, _rights, _resources, _strangers, _vaults, _secrets, _waits)
    return [sentence for part in parts for sentence in part(scene)]


def _trouble(scene: Scene) -> list[str]:
    told = []
    faults = scene.cloud.faults.lift(scene.sid)
    if faults:
        told.append(f"Faults lifted: {faults}.")
    if scene.cloud.store.delete("studentTimings", scene.sid):
        told.append("Changes and operations take what they always take.")
    if scene.cloud.store.delete("operationFate", scene.sid):
        told.append("Long operations end well again.")
    told += _operations(scene)
    told += [f"This will not come: {doc['says']}" for doc in later.drop(scene.cloud, scene.sid)]
    return told


def _operations(scene: Scene) -> list[str]:
    """Those that never end, and the command that nobody gave, are forgotten; the others end as they would."""
    told = []
    for doc in scene.cloud.store.list("operation", owner=scene.sid):
        running = operations.settled(scene.cloud, doc)["status"] == "InProgress"
        if running and ("fate" in doc or (doc["byClock"] and doc["kind"] == operations.RUN_COMMAND)):
            operations.forget(scene.cloud, doc)
            told.append(f"An operation on {doc['resource'].rpartition('/')[2]} is over.")
    return told


def _credential(scene: Scene) -> list[str]:
    revoked = revocation.lift(scene.cloud, scene.caller)
    client = scene.student["client_id"]
    app = scene.cloud.store.get("app", client) or scene.need("deletedApp", client)
    secret = scene.student["client_secret"]
    deleted = scene.cloud.store.delete("deletedApp", client)
    if not deleted and any(credentials.counts(one, scene.now) for one in credentials.matching(app, secret)):
        return ["The tokens of the student's app count again."] if revoked else []
    scene.put("app", app["appId"], {**app, "passwords": [credentials.made(secret, starts=scene.now)]})
    return ["The client secret of the student's app counts again."]


def _person(scene: Scene) -> list[str]:
    """What the organization demands or forbids; what was taken back stays so."""
    told: list[str] = []
    if revocation.lift(scene.cloud, scene.user):
        told.append("The tokens of the student in person count again.")
    account, tenant = scene.need("user", scene.user), scene.need("tenant", scene.tenant)
    free = {name: value for name, value in account.items() if name not in (*person.SUFFERS, "admin")}
    if free != account or "userConsent" in tenant:
        scene.put("user", scene.user, free)
        scene.put("tenant", scene.tenant, {name: value for name, value in tenant.items() if name != "userConsent"})
        told.append("The student's organization demands and forbids nothing.")
    if not rights.roles_at_subscription(scene.cloud, scene.sid, scene.user):
        rights.give_role(scene.cloud, scene.sid, OWNER, scene.user, ids.subscription_id(scene.sid))
        told.append("The student in person has their role again.")
    return told


def _subscription(scene: Scene) -> list[str]:
    told, subscription = [], scene.need("subscription", scene.sid)
    if subscription["state"] != "Enabled":
        scene.put("subscription", scene.sid, {**subscription, "state": "Enabled"})
        told.append("The subscription is Enabled.")
    if scene.cloud.store.delete("policyDenial", scene.sid):
        told.append("No policy forbids anything.")
    if scene.cloud.store.delete("policyAssignment", f"/subscriptions/{scene.sid}/sys.regionrestriction".lower()):
        told.append("Every region may be used again.")
    if capacity.lift(scene.cloud, scene.sid):
        told.append("Machines of every size are to be had again.")
    for doc in scene.cloud.store.list("provider", owner=scene.sid):
        if doc.get("registeredAt", 0) > scene.now:
            scene.put("provider", f"{scene.sid}/{doc['namespace'].lower()}", {**doc, "registeredAt": scene.now})
            told.append(f"{doc['namespace']} is registered.")
    return told


def _rights(scene: Scene) -> list[str]:
    has = rights.roles_at_subscription(scene.cloud, scene.sid, scene.caller)
    if set(rights.RIGHT_ROLES) <= has:
        return []
    rights.caller_has(scene.cloud, scene.student, rights.RIGHT_ROLES)
    return ["The student's app has its roles again."]


def _resources(scene: Scene) -> list[str]:
    told: list[str] = []
    group = scene.cloud.store.get("group", f"{scene.sid}/{scene.group.lower()}")
    if group is None or "goneAt" in group:
        things.need_group(scene)
        told.append(f"The resource group {scene.group} is back.")
    vm = machines.find(scene.cloud, scene.vm_id)
    if vm is None:
        vms.vm(scene)
        return [*told, f"The VM {scene.student['vm']} is back, with a new identity."]
    right = {**vm, "osType": "Windows", "agent": "Ready"} | ({"wayOut": ""} if vm.get("wayOut") else {})
    if "settling" in vm:
        right |= {"powerState": right.pop("settling")["powerState"]}
    if right != vm:
        machines.save(scene.cloud, right)
        how = f"runs Windows, is {right['powerState']}, its agent is ready and its way out is free"
        told.append(f"The VM {scene.student['vm']} {how}.")
    return told


def _strangers(scene: Scene) -> list[str]:
    """Vaults of strangers, which hold names that the student agreed on."""
    told = []
    for kind in ("vault", "deletedVault"):
        for doc in scene.cloud.store.list(kind, owner=things.stranger(scene)):
            things.no_vault(scene, doc["name"])
            told.append(f"The name {doc['name']} is free.")
    return told


def _vaults(scene: Scene) -> list[str]:
    told = []
    for doc in model.in_subscription(scene.cloud, scene.sid):
        if doc["readyAt"] > scene.now:
            things.change(scene, doc, readyAt=scene.now)
            told.append(f"{doc['name']} is ready.")
    for doc in scene.cloud.store.list("deletedVault", owner=scene.sid):
        if "purgeAt" in doc:
            model.erase(scene.cloud, doc)
            told.append(f"{doc['name']} is purged.")
        elif doc.get("listedAt", 0) > scene.now:
            scene.put("deletedVault", doc["name"].lower(), {**doc, "listedAt": scene.now})
            told.append(f"{doc['name']} is deleted.")
    return told


def _secrets(scene: Scene) -> list[str]:
    """Secrets that are being deleted or recovered are so now."""
    told = []
    for vault in model.in_subscription(scene.cloud, scene.sid):
        for doc in scene.cloud.store.list("secret", owner=vault["uid"]):
            if shelf.doing(scene.cloud, doc):
                secrets.SHELF.save(scene.cloud, vault, {**doc, "settling": {**doc["settling"], "until": scene.now}})
                told.append(f"{doc['name']} is {'deleted' if shelf.deleted(doc) else 'recovered'}.")
    return told


def _waits(scene: Scene) -> list[str]:
    """Changes of access that are on their way arrive now."""
    waited: list[Doc] = []
    for doc in model.in_subscription(scene.cloud, scene.sid):
        if doc.get("formerPolicies", {}).get("until", 0) > scene.now:
            things.change(scene, {key: value for key, value in doc.items() if key != "formerPolicies"})
            waited.append(doc)
    for doc in scene.cloud.store.list("roleAssignment", owner=scene.sid):
        key = f"{doc['properties']['scope'].lower()}/{doc['name']}"
        if doc.get("revokedAt", 0) > scene.now:
            scene.cloud.store.delete("roleAssignment", key)
            waited.append(doc)
        elif doc.get("effectiveAt", 0) > scene.now:
            scene.put("roleAssignment", key, {**doc, "effectiveAt": scene.now})
            waited.append(doc)
    arrived = groups.arrive(scene.cloud, scene.sid)
    return ["Changes of access have arrived."] if waited or arrived else []
