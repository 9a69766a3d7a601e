"""All labs there are, by id."""

from __future__ import annotations

from steps.key_vault_managed_identity import LAB as KEY_VAULT_MANAGED_IDENTITY
from steps.kit.lab import Lab

LABS: dict[str, Lab] = {lab.id: lab for lab in (KEY_VAULT_MANAGED_IDENTITY,)}
