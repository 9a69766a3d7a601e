"""Vault names: their rule, and who has them already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice_cloud.errors import AzureError
from practice_cloud.vaults import model, rules

if TYPE_CHECKING:
    from practice_cloud.cloud import Cloud

valid = rules.vault_name_allowed


def invalid_text(name: str) -> str:
    return f"The vault name '{name}' is invalid. {rules.VAULT_NAME_RULE}"


def taken(cloud: Cloud, name: str) -> bool:
    return model.find(cloud, name) is not None or model.find_deleted(cloud, name) is not None


def taken_text(name: str) -> str:
    return (
        f"The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is"
        " already taken. If you are sure that the vault name was not taken then it is possible that a vault with the"
        " same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a"
        " recoverable state then the vault will need to be purged before reusing the name."
    )


def require_free(cloud: Cloud, name: str, sid: str) -> None:
    """Raises AzureError: 400 for a name against the rule, 409 for one that is taken."""
    if not valid(name):
        raise AzureError(400, "VaultNameNotValid", invalid_text(name))
    deleted = model.find_deleted(cloud, name)
    if deleted is not None and deleted["sid"] == sid:
        raise AzureError(
            409,
            "ConflictError",
            "A vault with the same name already exists in deleted state. You need to either recover or purge existing"
            " key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft"
            " delete.",
        )
    if taken(cloud, name):
        raise AzureError(409, "VaultAlreadyExists", taken_text(name))
