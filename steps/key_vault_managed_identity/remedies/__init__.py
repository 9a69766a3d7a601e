"""What the portal can mend, each by its id. Which reasons offer it stands in ``reasons``."""

from __future__ import annotations

from dataclasses import replace

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

_BY_TASK = {
    "preflight": (*subscription.REMEDIES, *machine.REMEDIES),
    "create-vault": (*vault.REMEDIES, *deleted_vault.REMEDIES, *new_vault.REMEDIES),
    "create-secret": secret.REMEDIES,
    "grant-access": access.REMEDIES,
}
REMEDIES = by_id(REASONS, *(replace(one, of_task=task) for task, some in _BY_TASK.items() for one in some))
