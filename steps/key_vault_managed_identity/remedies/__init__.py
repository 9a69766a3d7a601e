"""What the portal can mend, each by its id. Which reasons offer it stands in ``reasons``."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons import REASONS
from steps.key_vault_managed_identity.remedies import (
    access,
    deleted_vault,
    machine,
    new_vault,
    secret,
    subscription,
    vault,
)
from steps.kit.reasons import by_id

REMEDIES = by_id(
    REASONS,
    *subscription.REMEDIES,
    *machine.REMEDIES,
    *vault.REMEDIES,
    *deleted_vault.REMEDIES,
    *new_vault.REMEDIES,
    *secret.REMEDIES,
    *access.REMEDIES,
)
