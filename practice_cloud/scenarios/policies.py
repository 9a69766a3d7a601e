"""Task 3 by access policies."""

from __future__ import annotations

from practice_cloud.principals import new_id
from practice_cloud.scenarios import things, vms
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc

BOOK = Book("task 3: access policies", task="grant-access")


def prepared(scene: Scene, *policies: Doc, rbac: bool = False) -> Doc:
    """Tasks 1 and 2 are done, and the vault has just these policies beside the caller's."""
    doc = things.vault(scene, rbac=rbac)
    things.secret(scene, doc)
    mine = things.policy(scene, scene.caller)
    return things.change(scene, doc, accessPolicies=[mine, *policies])


@BOOK.scenario("policy-right", "Task 3 is done, by an access policy")
def right(scene: Scene) -> None:
    """Vault, secret and VM are right, and a policy gives the VM what the template Secret Management gives."""
    prepared(scene, things.policy(scene, vms.object_id(vms.vm(scene))))
    scene.did(f"A policy of {scene.vault_name} is for {scene.student['vm']}, as Task 3 asks for.")


@BOOK.scenario("policy-missing", "The vault has no access policy at all")
def missing(scene: Scene) -> None:
    """Not even the caller has one."""
    vms.vm(scene)
    things.change(scene, prepared(scene), accessPolicies=[])
    scene.did(f"{scene.vault_name} has no access policy.")


@BOOK.scenario("policy-for-student", "The policy is for the student in person")
def for_student(scene: Scene) -> None:
    """The VM has none; the student's own user has, as when one clicks one's own name in the list."""
    vms.vm(scene)
    things.change(scene, prepared(scene), accessPolicies=[things.policy(scene, scene.user)])
    scene.did(f"The only policy of {scene.vault_name} is for the student in person.")


@BOOK.scenario("policy-for-caller", "The only policy is for the caller")
def for_caller(scene: Scene) -> None:
    """The VM has none; the student's app has the one it made the vault with."""
    vms.vm(scene)
    prepared(scene)
    scene.did(f"The only policy of {scene.vault_name} is for the student's app.")


@BOOK.scenario("policy-for-other-vm", "The policy is for another VM")
def for_other_vm(scene: Scene) -> None:
    """A second VM is in the group, and the policy is for its identity."""
    vms.vm(scene)
    other = vms.another_vm(scene)
    prepared(scene, things.policy(scene, vms.object_id(other)))
    scene.did(f"The policy of {scene.vault_name} is for {other['name']}.")


@BOOK.scenario("policy-for-application-id", "The policy is for the VM's application id")
def for_application_id(scene: Scene) -> None:
    """The policy names the identity's client id where its object id belongs: nobody has that object id."""
    client_id = vms.vm(scene)["identity"]["clientId"]
    prepared(scene, things.policy(scene, client_id))
    scene.did(f"The policy of {scene.vault_name} is for the application id of {scene.student['vm']}.")


@BOOK.scenario("policy-for-former-identity", "The policy is for the identity the VM had before it was recreated")
def for_former_identity(scene: Scene) -> None:
    """The VM was deleted and made again under its name, and has a new object id; the policy names the old one."""
    former, _ = vms.recreated(scene)
    prepared(scene, things.policy(scene, former))
    scene.did(f"{scene.student['vm']} was recreated; the policy is for the identity it had.")


@BOOK.scenario("policy-for-nobody", "The policy is for an object id that nobody has")
def for_nobody(scene: Scene) -> None:
    """As after a slip in copying: the directory knows no such principal."""
    vms.vm(scene)
    prepared(scene, things.policy(scene, new_id()))
    scene.did(f"The policy of {scene.vault_name} is for an object id that the directory does not know.")


@BOOK.scenario("policy-for-user-identity", "The policy is for a user-assigned identity of the VM")
def for_user_identity(scene: Scene) -> None:
    """The VM has both kinds of identity; without a choice its tokens are for its own one, which has no policy."""
    vms.vm(scene)
    user = vms.with_user_identity(scene)
    prepared(scene, things.policy(scene, user["principalId"]))
    scene.did(f"The policy is for the user-assigned identity {vms.USER_IDENTITY} of {scene.student['vm']}.")


@BOOK.scenario("policy-on-behalf-of-application", "The policy counts on behalf of an application only")
def on_behalf(scene: Scene) -> None:
    """Its object id is the VM's, but it names an application too: it is not for the VM by itself."""
    authorised = {"applicationId": scene.student["client_id"]}
    prepared(scene, {**things.policy(scene, vms.object_id(vms.vm(scene))), **authorised})
    scene.did("The VM's policy counts only together with the student's app.")


@BOOK.scenario("policy-without-get", "The VM's policy leaves out Get")
def without_get(scene: Scene) -> None:
    """It has all of the template but Get on secrets."""
    others = tuple(name for name in things.TEMPLATE if name != "get")
    _granted(scene, "everything but Get", granted=others)


@BOOK.scenario("policy-list-only", "The VM's policy lets it list secrets, and not get them")
def list_only(scene: Scene) -> None:
    """Listing shows names, and no values."""
    _granted(scene, "List only", granted=("list",))


@BOOK.scenario("policy-keys-only", "The VM's policy is for keys only")
def keys_only(scene: Scene) -> None:
    """It has Get and List on keys, and nothing on secrets."""
    _granted(scene, "keys only", granted=(), keys=("get", "list"))


@BOOK.scenario("policy-certificates-only", "The VM's policy is for certificates only")
def certificates_only(scene: Scene) -> None:
    """It has Get and List on certificates, and nothing on secrets."""
    _granted(scene, "certificates only", granted=(), certificates=("get", "list"))


@BOOK.scenario("policy-get-only", "The VM's policy lets it get secrets, and nothing else")
def get_only(scene: Scene) -> None:
    """Less than the template, and all that Task 4 needs."""
    _granted(scene, "Get only", granted=("get",))


@BOOK.scenario("policy-more-than-template", "The VM's policy has more than the template")
def more(scene: Scene) -> None:
    """All of Secret Management, and Get and List on keys and certificates besides."""
    _granted(scene, "keys and certificates besides", keys=("get", "list"), certificates=("get", "list"))


@BOOK.scenario("policy-with-purge", "The VM's policy has Purge too")
def with_purge(scene: Scene) -> None:
    """All of Secret Management, and Purge, which the template leaves out."""
    _granted(scene, "Purge besides", granted=(*things.TEMPLATE, "purge"))


@BOOK.scenario("policy-all", "The VM's policy says all")
def everything(scene: Scene) -> None:
    """The permission all on secrets, keys and certificates."""
    _granted(scene, "all", granted=("all",), keys=("all",), certificates=("all",))


def _granted(scene: Scene, what: str, **permissions: tuple[str, ...]) -> None:
    prepared(scene, things.policy(scene, vms.object_id(vms.vm(scene)), **permissions))
    scene.did(f"The policy for {scene.student['vm']} in {scene.vault_name}: {what}.")


@BOOK.scenario("policy-identity-off", "The VM's identity was switched off after the grant")
def identity_off(scene: Scene) -> None:
    """The policy is for the identity the VM had; now it has none."""
    former = vms.object_id(vms.vm(scene))
    prepared(scene, things.policy(scene, former))
    vms.identity_off(scene)
    scene.did(f"The identity of {scene.student['vm']} is off; the policy is for the one it had.")


@BOOK.scenario("policy-identity-renewed", "The VM's identity was switched off and on after the grant")
def identity_renewed(scene: Scene) -> None:
    """The VM is the same, its object id is new; the policy names the old one."""
    former = vms.object_id(vms.vm(scene))
    vms.identity_off(scene)
    vms.vm(scene)
    prepared(scene, things.policy(scene, former))
    scene.did(f"The identity of {scene.student['vm']} is a new one; the policy is for the one it had.")


@BOOK.scenario("policy-in-rbac-vault", "The VM has a policy in a vault that goes by roles")
def in_rbac_vault(scene: Scene) -> None:
    """The policy is right and has no effect: the vault asks for a role, 403 ForbiddenByRbac."""
    prepared(scene, things.policy(scene, vms.object_id(vms.vm(scene))), rbac=True)
    scene.did(f"{scene.vault_name} goes by roles, so that the VM's policy has no effect.")


@BOOK.scenario(
    "policy-removed-still-effective",
    "The policy was removed and is still effective",
    seconds=Number(60, "the seconds until the removal takes effect"),
)
def still_effective(scene: Scene) -> None:
    """ARM no longer shows the policy; the vault goes on letting the VM in until the seconds are over."""
    before = prepared(scene, things.policy(scene, vms.object_id(vms.vm(scene))))
    after = prepared(scene)
    _on_its_way(scene, before, after)
    scene.suffer(f"The removal of the VM's policy in {scene.vault_name} has not taken effect yet.")


@BOOK.scenario(
    "policy-not-effective-yet",
    "The policy is granted but not yet effective",
    seconds=Number(60, "the seconds until the policy takes effect"),
)
def not_effective(scene: Scene) -> None:
    """ARM shows the policy; the vault does not know of it and answers 403 until the seconds are over."""
    before = prepared(scene)
    after = prepared(scene, things.policy(scene, vms.object_id(vms.vm(scene))))
    _on_its_way(scene, before, after)
    scene.suffer(f"The VM's policy in {scene.vault_name} has not taken effect yet.")


def _on_its_way(scene: Scene, before: Doc, after: Doc) -> None:
    """The vault goes by the policies it had before until the seconds are over."""
    until = scene.now + scene.number("seconds")
    known = {"accessPolicies": before["accessPolicies"], "rbac": False, "until": until}
    things.change(scene, after, formerPolicies=known)
