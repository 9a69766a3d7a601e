"""Preflight: the vault's name is taken, or held by a deleted vault."""

from __future__ import annotations

from practice_cloud.principals import new_id
from practice_cloud.scenarios import things
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene
from practice_cloud.store import Doc
from practice_cloud.vaults import model

BOOK = Book("preflight: vault name", task="preflight")


@BOOK.scenario("vault-name-free", "The vault name is free")
def free(scene: Scene) -> None:
    """No vault has the name, not even a deleted one."""
    things.need_group(scene)
    things.no_vault(scene)
    scene.did(f"The name {scene.vault_name} is free.")


@BOOK.scenario("vault-name-taken", "A stranger has a vault of the name")
def taken(scene: Scene) -> None:
    """It is in a subscription of another directory: the name is AlreadyExists, and nothing of it can be seen."""
    _strangers(scene, tenantId=new_id())
    scene.suffer(f"Somebody in another directory has a vault {scene.vault_name}.")


@BOOK.scenario("vault-in-other-subscription", "The vault is in another subscription of the same directory")
def other_subscription(scene: Scene) -> None:
    """The name is AlreadyExists; the vault cannot be seen from the agreed subscription, yet it answers to tokens of
    the directory."""
    _strangers(scene)
    scene.suffer(f"{scene.vault_name} is in another subscription of the student's directory.")


@BOOK.scenario("vault-name-held-by-stranger", "A stranger's deleted vault holds the name")
def held_by_stranger(scene: Scene) -> None:
    """The name is AlreadyExists, and the deleted vault can neither be seen nor purged."""
    things.delete_vault(scene, _strangers(scene, tenantId=new_id()))
    scene.suffer(f"A deleted vault of somebody in another directory holds the name {scene.vault_name}.")


def _strangers(scene: Scene, **how: str) -> Doc:
    """A vault that lifting takes away: the student could not."""
    things.need_group(scene)
    things.no_vault(scene)
    where = {"sid": things.stranger(scene), "group": "rg-elsewhere"}
    return things.new_vault(scene, scene.vault_name, accessPolicies=[], **where, **how)


def _deleted(scene: Scene, *, listed_in: float = 0, **how: object) -> None:
    things.need_group(scene)
    things.no_vault(scene)
    doc = things.new_vault(scene, scene.vault_name, **how)
    things.secret(scene, doc)
    things.delete_vault(scene, doc, listed_in=listed_in)


@BOOK.scenario("vault-deleted", "The vault was deleted and holds its name")
def deleted(scene: Scene) -> None:
    """It can be recovered or purged; until then, making a vault of the name ends in 409 ConflictError."""
    _deleted(scene)
    scene.did(f"{scene.vault_name} is deleted, and can be recovered or purged.")


@BOOK.scenario("vault-deleted-elsewhere", "A vault deleted in another region holds the name")
def deleted_elsewhere(scene: Scene) -> None:
    """It is not among the deleted vaults of the agreed region, but of westeurope, and was in the group rg-other."""
    things.save_group(scene, things.group(scene, "rg-other"))
    _deleted(scene, location=things.OTHER_REGION, group="rg-other")
    scene.did(f"{scene.vault_name} is deleted in {things.OTHER_REGION}, and holds its name.")


@BOOK.scenario("vault-deleted-protected", "A deleted vault with purge protection holds the name")
def deleted_protected(scene: Scene) -> None:
    """It can be recovered, and not purged before its 90 days are over."""
    _deleted(scene, enablePurgeProtection=True)
    scene.did(f"{scene.vault_name} is deleted and protected against purging.")


@BOOK.scenario(
    "vault-being-deleted",
    "The vault is being deleted",
    seconds=Number(60, "the seconds until it is found among the deleted ones"),
)
def being_deleted(scene: Scene) -> None:
    """It is no longer there, and not among the deleted ones yet: the name is held by nothing that can be seen."""
    _deleted(scene, listed_in=scene.number("seconds"))
    scene.suffer(f"{scene.vault_name} is being deleted.")


@BOOK.scenario(
    "vault-being-purged",
    "The deleted vault is being purged",
    seconds=Number(60, "the seconds until the purge is over"),
)
def being_purged(scene: Scene) -> None:
    """It still holds its name, and can no longer be recovered; once the seconds are over the name is free."""
    _deleted(scene)
    doc = model.find_deleted(scene.cloud, scene.vault_name)
    assert doc is not None  # noqa: S101 - it was made just now
    model.purge(scene.cloud, doc, at=scene.now + scene.number("seconds"))
    scene.suffer(f"{scene.vault_name} is being purged.")
