"""What takes back what each task made, and the checks that it is gone."""

from __future__ import annotations

from steps.key_vault_managed_identity.undo_grant import REOPENED_BY_GRANT, UNDO_GRANT, UNDONE_GRANT
from steps.key_vault_managed_identity.undo_secret import REOPENED_BY_SECRET, UNDO_SECRET, UNDONE_SECRET
from steps.key_vault_managed_identity.undo_vault import REOPENED_BY_VAULT, UNDO_VAULT, UNDONE_VAULT

__all__ = [
    "REOPENED_BY_GRANT",
    "REOPENED_BY_SECRET",
    "REOPENED_BY_VAULT",
    "UNDONE_GRANT",
    "UNDONE_SECRET",
    "UNDONE_VAULT",
    "UNDO_GRANT",
    "UNDO_SECRET",
    "UNDO_VAULT",
]
