"""Task 2: the secret."""

from __future__ import annotations

from practice_cloud.scenarios import things
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc
from practice_cloud.vaults.model import DAY

BOOK = Book("task 2: the secret", task="create-secret")


@BOOK.scenario("secret-right", "Task 2 is done")
def right(scene: Scene) -> None:
    """The vault is right, and the secret is in it: enabled, without dates."""
    things.secret(scene, _vault(scene))
    scene.did(f"{scene.vault_name} has the secret {scene.secret_name}.")


@BOOK.scenario("secret-missing", "The vault has no secret")
def missing(scene: Scene) -> None:
    """The vault is right and empty; nothing deleted is left in it either."""
    things.no_secrets(scene, _vault(scene))
    scene.did(f"{scene.vault_name} has no secret.")


@BOOK.scenario("secret-other-name", "The secret has another name")
def other_name(scene: Scene) -> None:
    """The vault has one secret, and that is called otherwise than agreed."""
    doc = _vault(scene)
    things.no_secrets(scene, doc)
    other = f"{scene.secret_name[:120]}-two"
    things.secret(scene, doc, other)
    scene.did(f"{scene.vault_name} has {other} instead of {scene.secret_name}.")


@BOOK.scenario("secret-disabled", "The secret is disabled")
def disabled(scene: Scene) -> None:
    """Its value is refused: 403, SecretDisabled."""
    things.change_secret(scene, _vault(scene), enabled=False)
    scene.did(f"{scene.secret_name} is disabled.")


@BOOK.scenario("secret-not-active", "The secret is not active yet")
def not_active(scene: Scene) -> None:
    """Its activation date is tomorrow."""
    things.change_secret(scene, _vault(scene), nbf=int(scene.now) + DAY)
    scene.did(f"{scene.secret_name} is not active before tomorrow.")


@BOOK.scenario("secret-expired", "The secret has expired")
def expired(scene: Scene) -> None:
    """Its expiration date was yesterday."""
    things.change_secret(scene, _vault(scene), exp=int(scene.now) - DAY)
    scene.did(f"{scene.secret_name} expired yesterday.")


@BOOK.scenario("secret-deleted", "The secret was deleted and can be recovered")
def deleted(scene: Scene) -> None:
    """It is among the vault's deleted secrets; making it again ends in 409 ObjectIsDeletedButRecoverable."""
    things.delete_secret(scene, _vault(scene))
    scene.did(f"{scene.secret_name} is deleted, and can be recovered.")


@BOOK.scenario(
    "secret-being-deleted", "The secret is being deleted", seconds=Number(60, "the seconds until it is deleted")
)
def being_deleted(scene: Scene) -> None:
    """It is no longer there, and not among the deleted ones yet: 409 ObjectIsBeingDeleted to who makes it again."""
    things.delete_secret(scene, _vault(scene), seconds=scene.number("seconds"))
    scene.suffer(f"{scene.secret_name} is being deleted.")


@BOOK.scenario("secret-in-other-vault", "The secret is in another vault")
def other_vault(scene: Scene) -> None:
    """The agreed vault is empty; a second vault of the group has the secret."""
    things.no_secrets(scene, _vault(scene))
    other = things.another_vault(scene)
    things.secret(scene, other)
    scene.did(f"{scene.secret_name} is in {other['name']} instead of {scene.vault_name}.")


@BOOK.scenario("key-instead-of-secret", "A key was made instead of the secret")
def key_instead(scene: Scene) -> None:
    """Keys, Generate/Import instead of Secrets, Generate/Import: the key has the agreed name, and the VM cannot read
    it as a secret: 404."""
    doc = _vault(scene)
    things.no_secrets(scene, doc)
    things.key(scene, doc)
    scene.did(f"{scene.vault_name} has the key {scene.secret_name}, and no secret.")


@BOOK.scenario("secret-caller-without-rights", "The caller has no rights on the vault's data")
def without_rights(scene: Scene) -> None:
    """The secret is there, and no policy is for the student's app: the vault answers 403, ARM shows the secret."""
    doc = _vault(scene)
    things.secret(scene, doc)
    things.change(scene, doc, accessPolicies=[things.policy(scene, scene.user)])
    scene.did(f"No policy of {scene.vault_name} is for the student's app.")


def _vault(scene: Scene) -> Doc:
    """The right vault, in which the caller may do what the template lets."""
    doc = things.vault(scene)
    others = [policy for policy in doc["accessPolicies"] if policy["objectId"] != scene.caller]
    return things.change(scene, doc, accessPolicies=[things.policy(scene, scene.caller), *others])
