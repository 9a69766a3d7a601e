"""Task 1: the key vault."""

from __future__ import annotations

from practice_cloud.scenarios import things
from practice_cloud.scenarios.book import Book, Number
from practice_cloud.scenarios.scene import Scene

BOOK = Book("task 1: the vault", task="create-vault")
ELSEWHERE = "198.51.100.7/32"
STUDENTS = "127.0.0.1/32"


@BOOK.scenario("vault-right", "Task 1 is done")
def right(scene: Scene) -> None:
    """The vault is there and ready, in the agreed group and region, by access policies, open to all networks."""
    things.vault(scene)
    scene.did(f"{scene.vault_name} is there, as Task 1 asks for.")


@BOOK.scenario("vault-missing", "The vault is missing")
def missing(scene: Scene) -> None:
    """The group has no vault, and the name is free."""
    things.need_group(scene)
    things.no_vault(scene)
    scene.did(f"There is no vault {scene.vault_name}.")


@BOOK.scenario("vault-in-other-group", "The vault is in another resource group")
def other_group(scene: Scene) -> None:
    """A vault of the agreed name is there, but in the group rg-other."""
    things.need_group(scene)
    things.no_vault(scene)
    things.save_group(scene, things.group(scene, "rg-other"))
    things.new_vault(scene, scene.vault_name, group="rg-other")
    scene.did(f"{scene.vault_name} is in rg-other instead of {scene.group}.")


@BOOK.scenario("vault-in-other-region", "The vault is in another region")
def other_region(scene: Scene) -> None:
    """The vault is in the agreed group, but in westeurope."""
    things.need_group(scene)
    things.no_vault(scene)
    things.new_vault(scene, scene.vault_name, location=things.OTHER_REGION)
    scene.did(f"{scene.vault_name} is in {things.OTHER_REGION} instead of {scene.location}.")


@BOOK.scenario("vault-rbac-mode", "The vault goes by roles instead of access policies")
def rbac_mode(scene: Scene) -> None:
    """What a new vault does today unless it is told otherwise: access policies have no effect."""
    things.vault(scene, rbac=True)
    scene.did(f"{scene.vault_name} goes by roles (Azure RBAC).")


@BOOK.scenario("vault-other-name", "A vault is there, but under another name")
def other_name(scene: Scene) -> None:
    """The group has one vault, right in all but its name; the agreed name is free."""
    _others(scene, 1)


@BOOK.scenario("vault-several", "There are several vaults, none of the agreed name")
def several(scene: Scene) -> None:
    """The group has two vaults of other names: either could be meant."""
    _others(scene, 2)


@BOOK.scenario("vault-two", "There is a second vault beside the agreed one")
def two(scene: Scene) -> None:
    """Both are right; only the name tells which one is meant."""
    things.vault(scene)
    scene.did(f"{scene.group} has {scene.vault_name} and {things.another_vault(scene)['name']}.")


def _others(scene: Scene, count: int) -> None:
    things.need_group(scene)
    things.no_vault(scene)
    names = [things.another_vault(scene, number=number)["name"] for number in range(2, 2 + count)]
    scene.did(f"{scene.group} has {' and '.join(names)} instead of {scene.vault_name}.")


@BOOK.scenario(
    "vault-provisioning", "The vault is still being set up", seconds=Number(60, "the seconds until it is ready")
)
def provisioning(scene: Scene) -> None:
    """Its state is RegisteringDns and its name does not resolve, until the seconds are over."""
    doc = things.vault(scene)
    things.change(scene, doc, readyAt=scene.now + scene.number("seconds"))
    scene.suffer(f"{scene.vault_name} is still being set up.")


@BOOK.scenario("vault-failed", "Setting the vault up has failed")
def failed(scene: Scene) -> None:
    """Its state is Failed, its name does not resolve, and it stays so until it is deleted."""
    things.change(scene, things.vault(scene), provisioningState="Failed")
    scene.did(f"{scene.vault_name} has failed to be set up.")


@BOOK.scenario("vault-firewall", "The vault's firewall keeps everybody out")
def firewall(scene: Scene) -> None:
    """Public access is on, the default action is Deny, and no rule lets anybody in: 403 ForbiddenByFirewall."""
    _network(scene)
    scene.did(f"The firewall of {scene.vault_name} lets nobody in.")


@BOOK.scenario("vault-ip-rule-other", "The vault's firewall lets in an address that is nobody's")
def other_ip_rule(scene: Scene) -> None:
    """The default action is Deny, and the only rule is for 198.51.100.7: neither student nor VM gets in."""
    _network(scene, ELSEWHERE)
    scene.did(f"The firewall of {scene.vault_name} lets {ELSEWHERE} in only.")


@BOOK.scenario("vault-ip-rule-only", "The vault's firewall lets the student in, not the VM")
def ip_rule(scene: Scene) -> None:
    """The default action is Deny and the only rule is for the address that the student's own requests come from."""
    _network(scene, STUDENTS)
    scene.did(f"The firewall of {scene.vault_name} lets the student's address in only.")


def _network(scene: Scene, *addresses: str) -> None:
    rules = [{"value": address} for address in addresses]
    acls = {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": rules, "virtualNetworkRules": []}
    things.change(scene, things.vault(scene), networkAcls=acls)


@BOOK.scenario("vault-public-access-off", "The vault's public network access is off")
def no_public_access(scene: Scene) -> None:
    """publicNetworkAccess is Disabled, whatever the firewall says: only a private endpoint reaches the vault, and
    there is none. 403 ForbiddenByConnection for everybody."""
    things.change(scene, things.vault(scene), publicNetworkAccess="Disabled")
    scene.did(f"{scene.vault_name} cannot be reached from public networks.")


@BOOK.scenario("vault-purge-protected", "The vault is right, with purge protection")
def purge_protected(scene: Scene) -> None:
    """Nothing is wrong with it, but cleaning up cannot purge it: its name is held for 90 days."""
    things.change(scene, things.vault(scene), enablePurgeProtection=True)
    scene.did(f"{scene.vault_name} has purge protection.")
