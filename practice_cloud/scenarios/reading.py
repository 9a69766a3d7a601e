"""Task 4: reading the secret from the VM. All before it is done, and one thing is not as it should be."""

from __future__ import annotations

import secrets as random

from practice_cloud import operations
from practice_cloud.cloud import IMDS_HOST, Cloud
from practice_cloud.scenarios import later, policies, things, vms
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc
from practice_cloud.vaults import model, secrets, shelf

BOOK = Book("task 4: reading", task="read-secret")
_LASTS = Number(60, "the seconds until it is over")
_TOKEN = "/metadata/identity"  # noqa: S105 - a path


def ready(scene: Scene) -> Doc:
    """Tasks 1 to 3 are done, by a policy; the vault."""
    return policies.prepared(scene, things.policy(scene, vms.object_id(vms.vm(scene))))


@BOOK.scenario("read-ready", "Everything is ready for Task 4")
def right(scene: Scene) -> None:
    """Vault, secret, policy and VM are right: the VM can read the secret."""
    ready(scene)
    scene.did(f"{scene.student['vm']} can read {scene.secret_name} from {scene.vault_name}.")


@BOOK.scenario("read-vm-stopped", "The VM is off when it is to read")
def vm_stopped(scene: Scene) -> None:
    """Everything else is ready; the VM is deallocated, and Run Command answers 409 OperationNotAllowed."""
    ready(scene)
    vms.vm(scene, powerState="deallocated")
    scene.did(f"{scene.student['vm']} is deallocated.")


@BOOK.scenario(
    "read-agent-not-ready", "The VM's agent is not ready when it is to read", seconds=Number(None, "then it is ready")
)
def agent_not_ready(scene: Scene) -> None:
    """Everything else is ready; a Run Command ends in Failed, VMAgentStatusCommunicationError."""
    ready(scene)
    vms.vm(scene, agent="Not Ready")
    scene.suffer(f"The agent of {scene.student['vm']} is not ready.")
    seconds = scene.maybe("seconds")
    if seconds is not None:
        scene.later(seconds, "agent reports", f"The agent of {scene.student['vm']} is ready.", vm=scene.vm_id)


@BOOK.scenario("read-command-running", "Another command is running on the VM", seconds=_LASTS)
def command_running(scene: Scene) -> None:
    """Everything else is ready; a Run Command is under way, and another is refused with 409 Conflict until it ends."""
    ready(scene)
    seconds = scene.number("seconds")
    under_way = operations.in_progress(scene.cloud, scene.sid, operations.RUN_COMMAND, scene.vm_id)
    if under_way is not None:
        operations.forget(scene.cloud, under_way)
    operations.start(scene.cloud, scene.sid, operations.RUN_COMMAND, scene.vm_id, seconds=seconds)
    scene.suffer(f"Another command is running on {scene.student['vm']}.")


@BOOK.scenario("read-firewall", "The vault's firewall keeps the VM out")
def firewall(scene: Scene) -> None:
    """Everything else is ready; the firewall lets the student's own address in and the VM's not."""
    acls = {"bypass": "AzureServices", "defaultAction": "Deny", "virtualNetworkRules": []}
    things.change(scene, ready(scene), networkAcls={**acls, "ipRules": [{"value": "127.0.0.1/32"}]})
    scene.did(f"The firewall of {scene.vault_name} keeps {scene.student['vm']} out.")


@BOOK.scenario("read-policy-removed", "The VM's policy was removed after Task 3")
def policy_removed(scene: Scene) -> None:
    """Everything else is ready; the vault refuses the VM with 403 AccessDenied."""
    ready(scene)
    policies.prepared(scene)
    scene.did(f"The policy for {scene.student['vm']} was removed from {scene.vault_name}.")


@BOOK.scenario("read-vault-switched-to-roles", "The vault was switched to roles after Task 3")
def switched(scene: Scene) -> None:
    """The VM's policy is still there and counts no more: 403 ForbiddenByRbac."""
    things.change(scene, ready(scene), enableRbacAuthorization=True)
    scene.did(f"{scene.vault_name} goes by roles now.")


@BOOK.scenario("read-secret-disabled", "The secret was disabled after Task 2")
def secret_disabled(scene: Scene) -> None:
    """The vault refuses its value with 403 SecretDisabled."""
    things.change_secret(scene, ready(scene), enabled=False)
    scene.did(f"{scene.secret_name} is disabled.")


@BOOK.scenario("read-secret-deleted", "The secret was deleted after Task 2")
def secret_deleted(scene: Scene) -> None:
    """The vault answers 404 SecretNotFound."""
    things.delete_secret(scene, ready(scene))
    scene.did(f"{scene.secret_name} is deleted, and can be recovered.")


@BOOK.scenario("read-older-version", "The secret has a newer version than the one that was read")
def older_version(scene: Scene) -> None:
    """The secret gets a new version now: who read it before has an older one than the current."""
    _new_version(scene.cloud, ready(scene), scene.secret_name)
    scene.did(f"{scene.secret_name} has a new version.")


@BOOK.scenario(
    "read-version-changes-later", "The secret gets a newer version in a while", seconds=Number(30, "until it does")
)
def version_changes(scene: Scene) -> None:
    """Everything is ready; once the seconds are over the secret has another version than the one read before."""
    ready(scene)
    scene.did(f"{scene.student['vm']} can read {scene.secret_name} from {scene.vault_name}.")
    says = f"{scene.secret_name} gets a new version."
    names = {"vault": scene.vault_name, "secret": scene.secret_name}
    scene.later(scene.number("seconds"), "new version", says, **names)


@later.step("new version")
def new_version(cloud: Cloud, doc: Doc) -> None:
    vault = model.find(cloud, doc["data"]["vault"])
    found = secrets.SHELF.any_state(cloud, vault, doc["data"]["secret"]) if vault else None
    if vault is not None and vault["sid"] == doc["sid"] and found is not None and not shelf.deleted(found):
        _new_version(cloud, vault, doc["data"]["secret"])


def _new_version(cloud: Cloud, vault: Doc, name: str) -> None:
    secrets.set_value(cloud, vault, name, {"value": random.token_urlsafe(12)})


@BOOK.scenario("read-wrong-audience", "The vault says the token is for another audience", seconds=_LASTS)
def wrong_audience(scene: Scene) -> None:
    """Everything is ready, and the vault answers 401 AKV10022 to every request."""
    ready(scene)
    message = "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com/."
    challenge = f'Bearer authorization="https://login.microsoftonline.com/{scene.tenant}"'
    scene.fault(
        host=r"\.vault\.azure\.net$",
        path="^/secrets",
        status=401,
        headers={"WWW-Authenticate": f'{challenge}, resource="https://vault.azure.net"'},
        body={"error": {"code": "Unauthorized", "message": message}},
        for_seconds=scene.number("seconds"),
    )
    scene.suffer("The vault refuses every token for its audience.")


def _metadata(scene: Scene, status: int, body: Doc) -> None:
    ready(scene)
    host = f"^{IMDS_HOST}$".replace(".", r"\.")
    scene.fault(host=host, path=_TOKEN, status=status, body=body, for_seconds=scene.number("seconds"))
    scene.suffer(f"The metadata service of {scene.student['vm']} answers {status}.")


@BOOK.scenario("imds-410", "The VM's metadata service is being updated", seconds=_LASTS)
def imds_gone(scene: Scene) -> None:
    """It answers 410, and is back within 70 seconds."""
    _metadata(scene, 410, {"error": "gone", "error_description": "The metadata service is being updated."})


@BOOK.scenario("imds-429", "The VM's metadata service is asked too often", seconds=_LASTS)
def imds_throttled(scene: Scene) -> None:
    """It answers 429, without Retry-After."""
    _metadata(scene, 429, {"error": "too_many_requests", "error_description": "Too many requests"})


@BOOK.scenario("imds-500", "The VM's metadata service fails", seconds=_LASTS)
def imds_fails(scene: Scene) -> None:
    """It answers 500: it could not get a token from the directory."""
    _metadata(scene, 500, {"error": "unknown", "error_description": "Failed to retrieve token from the directory."})
