"""Task 3 by roles (Azure RBAC)."""

from __future__ import annotations

from practice_cloud import ids
from practice_cloud.rbac import scopes
from practice_cloud.scenarios import policies, rights, things, vms
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc

BOOK = Book("task 3: roles", task="grant-access")
USER = "4633458b-17de-408a-b874-0445c86b69e6"
OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
READER = "21090545-7ca7-4776-b22c-e363652d74d2"


def prepared(scene: Scene) -> tuple[Doc, str]:
    """The vault goes by roles and has the secret, the caller is an Officer of it, and nobody else has a role there;
    the vault and the VM's object id."""
    oid = vms.object_id(vms.vm(scene))
    doc = things.change(scene, policies.prepared(scene, rbac=True), accessPolicies=[])
    rights.take_roles(scene.cloud, scene.sid, oid)
    scopes.forget(scene.cloud, scene.sid, doc["id"])
    things.assign(scene, OFFICER, scene.caller, doc["id"])
    return doc, oid


@BOOK.scenario("role-right", "Task 3 is done, by a role")
def right(scene: Scene) -> None:
    """The VM is a Key Vault Secrets User at the vault, which goes by roles."""
    doc, oid = prepared(scene)
    things.assign(scene, USER, oid, doc["id"])
    scene.did(f"{scene.student['vm']} is a Key Vault Secrets User at {scene.vault_name}.")


@BOOK.scenario("role-missing", "The VM has no role at the vault")
def missing(scene: Scene) -> None:
    """The vault goes by roles and the VM has none: 403 ForbiddenByRbac."""
    prepared(scene)
    scene.did(f"{scene.student['vm']} has no role at {scene.vault_name}.")


@BOOK.scenario("role-on-other-vault", "The VM has the role at another vault")
def on_other_vault(scene: Scene) -> None:
    """A second vault is in the group, and the VM is a Secrets User of that."""
    _, oid = prepared(scene)
    other = things.another_vault(scene)
    things.assign(scene, USER, oid, other["id"])
    scene.did(f"{scene.student['vm']} is a Key Vault Secrets User at {other['name']} instead of {scene.vault_name}.")


@BOOK.scenario("role-on-secret-only", "The VM has the role at the secret only")
def on_secret(scene: Scene) -> None:
    """It may read that one secret and no other: narrower than the vault, and enough for Task 4."""
    doc, oid = prepared(scene)
    things.assign(scene, USER, oid, f"{doc['id']}/secrets/{scene.secret_name}")
    scene.did(f"{scene.student['vm']} is a Key Vault Secrets User at the secret {scene.secret_name} only.")


@BOOK.scenario("role-on-other-secret", "The VM has the role at another secret")
def on_other_secret(scene: Scene) -> None:
    """It may read the secret another, and not the agreed one."""
    doc, oid = prepared(scene)
    things.secret(scene, doc, "another")
    things.assign(scene, USER, oid, f"{doc['id']}/secrets/another")
    scene.did(f"{scene.student['vm']} is a Key Vault Secrets User at the secret another only.")


@BOOK.scenario("role-inherited-from-group", "The VM's role is inherited from the resource group")
def from_group(scene: Scene) -> None:
    """It may read the secrets of every vault in the group: it works, and is wider than needed."""
    _, oid = prepared(scene)
    things.assign(scene, USER, oid, ids.group_id(scene.sid, scene.group))
    scene.did(f"{scene.student['vm']} is a Key Vault Secrets User at {scene.group}.")


@BOOK.scenario("role-inherited-from-subscription", "The VM's role is inherited from the subscription")
def from_subscription(scene: Scene) -> None:
    """It may read the secrets of every vault there is: it works, and is much wider than needed."""
    _, oid = prepared(scene)
    things.assign(scene, USER, oid, ids.subscription_id(scene.sid))
    scene.did(f"{scene.student['vm']} is a Key Vault Secrets User at the subscription.")


@BOOK.scenario("role-officer", "The VM is a Secrets Officer")
def officer(scene: Scene) -> None:
    """It may do anything with the vault's secrets, where reading is enough."""
    _role(scene, OFFICER, "Key Vault Secrets Officer")


@BOOK.scenario("role-administrator", "The VM is an Administrator of the vault")
def administrator(scene: Scene) -> None:
    """It may do anything with secrets, keys and certificates, where reading secrets is enough."""
    _role(scene, ADMINISTRATOR, "Key Vault Administrator")


@BOOK.scenario("role-owner", "The VM is an Owner of the vault")
def owner(scene: Scene) -> None:
    """It may change and delete the vault, and still reads no secret: Owner has no data actions."""
    _role(scene, OWNER, "Owner")


@BOOK.scenario("role-contributor", "The VM is a Key Vault Contributor")
def contributor(scene: Scene) -> None:
    """It may manage the vault, and reads no secret: the role has no data actions."""
    _role(scene, CONTRIBUTOR, "Key Vault Contributor")


@BOOK.scenario("role-reader", "The VM is a Key Vault Reader")
def reader(scene: Scene) -> None:
    """It sees the secrets' names, and no value: the role has readMetadata, not getSecret."""
    _role(scene, READER, "Key Vault Reader")


def _role(scene: Scene, role: str, name: str) -> None:
    doc, oid = prepared(scene)
    things.assign(scene, role, oid, doc["id"])
    scene.did(f"{scene.student['vm']} is {name} at {scene.vault_name}.")


@BOOK.scenario("role-for-student", "The role is for the student in person")
def for_student(scene: Scene) -> None:
    """The VM has none; the student's own user is a Secrets User."""
    doc, _ = prepared(scene)
    things.assign(scene, USER, scene.user, doc["id"])
    scene.did(f"The student in person is a Key Vault Secrets User at {scene.vault_name}, the VM is not.")


@BOOK.scenario("role-for-other-vm", "The role is for another VM")
def for_other_vm(scene: Scene) -> None:
    """A second VM is in the group, and has the role."""
    doc, _ = prepared(scene)
    other = vms.another_vm(scene)
    things.assign(scene, USER, vms.object_id(other), doc["id"])
    scene.did(f"{other['name']} is a Key Vault Secrets User at {scene.vault_name}, {scene.student['vm']} is not.")


@BOOK.scenario("role-for-user-identity", "The role is for a user-assigned identity of the VM")
def for_user_identity(scene: Scene) -> None:
    """The VM has both kinds of identity; without a choice its tokens are for its own one, which has no role."""
    doc, _ = prepared(scene)
    things.assign(scene, USER, vms.with_user_identity(scene)["principalId"], doc["id"])
    scene.did(f"The role is for the user-assigned identity {vms.USER_IDENTITY} of {scene.student['vm']}.")


@BOOK.scenario("role-for-former-identity", "The role is for the identity the VM had before it was recreated")
def for_former_identity(scene: Scene) -> None:
    """The assignment names a principal that the directory no longer knows; the VM's new one has no role."""
    doc, former = prepared(scene)
    things.assign(scene, USER, former, doc["id"])
    vms.recreated(scene)
    scene.did(f"{scene.student['vm']} was recreated; the role is for the identity it had.")


@BOOK.scenario("role-in-policy-vault", "The VM has a role at a vault that goes by policies")
def in_policy_vault(scene: Scene) -> None:
    """The role is right and has no effect: the vault asks for a policy, 403 AccessDenied."""
    doc, oid = prepared(scene)
    things.assign(scene, USER, oid, doc["id"])
    policies.prepared(scene)
    scene.did(f"{scene.vault_name} goes by policies, so that the VM's role has no effect.")


@BOOK.scenario(
    "role-not-effective-yet",
    "The role is granted but not yet effective",
    seconds=Number(60, "the seconds until the role takes effect"),
)
def not_effective(scene: Scene) -> None:
    """ARM shows the assignment; the vault answers 403 ForbiddenByRbac until the seconds are over."""
    doc, oid = prepared(scene)
    things.assign(scene, USER, oid, doc["id"], in_seconds=scene.number("seconds"))
    scene.suffer(f"The VM's role at {scene.vault_name} has not taken effect yet.")
