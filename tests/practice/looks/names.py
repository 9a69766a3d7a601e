from __future__ import annotations

from tests.practice.looks.seen import Look, Seen, refusal


def free(seen: Seen) -> None:
    assert seen.name_is() == "free"
    assert seen.deleted_vault().status_code == 404


def taken(seen: Seen) -> None:
    assert seen.name_is() == "AlreadyExists"
    assert seen.all_vaults() == {}
    assert seen.deleted_vault().status_code == 404
    assert refusal(seen.create_vault()) == (409, "VaultAlreadyExists")


def taken_by_stranger(seen: Seen) -> None:
    taken(seen)
    assert refusal(seen.app_reads()) == (401, "Unauthorized")


def other_subscription(seen: Seen) -> None:
    taken(seen)
    assert refusal(seen.app_reads()) == (403, "AccessDenied")


def deleted(seen: Seen) -> None:
    assert seen.vault_answer().status_code == 404
    assert seen.name_is() == "AlreadyExists"
    assert seen.deleted_vault().json()["properties"]["vaultId"] == seen.vault_path()
    assert refusal(seen.create_vault()) == (409, "ConflictError")


def deleted_elsewhere(seen: Seen) -> None:
    assert seen.deleted_vault().status_code == 404
    assert "/rg-other/" in seen.deleted_vault("westeurope").json()["properties"]["vaultId"]


def purge(seen: Seen) -> int:
    place = f"{seen.person.scope}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/{seen.vault}"
    return seen.arm("POST", f"{place}/purge").status_code


def protected(seen: Seen) -> None:
    assert seen.deleted_vault().json()["properties"]["purgeProtectionEnabled"] is True
    assert purge(seen) >= 400


def being_deleted(seen: Seen) -> None:
    assert seen.vault_answer().status_code == 404
    assert seen.deleted_vault().status_code == 404
    assert seen.name_is() == "AlreadyExists"
    seen.inside.pass_time(61)
    assert seen.deleted_vault().status_code == 200


def being_purged(seen: Seen) -> None:
    assert seen.name_is() == "AlreadyExists"
    seen.inside.pass_time(61)
    assert seen.name_is() == "free"


LOOKS: dict[str, Look] = {
    "vault-name-free": free,
    "vault-name-taken": taken_by_stranger,
    "vault-in-other-subscription": other_subscription,
    "vault-name-held-by-stranger": taken,
    "vault-deleted": deleted,
    "vault-deleted-elsewhere": deleted_elsewhere,
    "vault-deleted-protected": protected,
    "vault-being-deleted": being_deleted,
    "vault-being-purged": being_purged,
}
