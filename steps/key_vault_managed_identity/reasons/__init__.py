"""Every reason this lab's findings give, and what stands behind it.

Causes are counted by these ids, so an id never changes meaning; wordings may. A check whose look
failed gives the id of the problem instead (``steps.kit.azure.ProblemKind``).
"""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons import (
    challenge,
    clean_up,
    create_secret,
    create_vault,
    grant_access,
    preflight,
    read_secret,
    shared,
    undo,
)
from steps.kit import reasons
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    **preflight.REASONS,
    **shared.REASONS,
    **create_vault.REASONS,
    **create_secret.REASONS,
    **grant_access.REASONS,
    **read_secret.REASONS,
    **undo.REASONS,
    **clean_up.REASONS,
    **challenge.REASONS,
}


def mended_by(*remedies: str) -> frozenset[str]:
    """The ids of those that offer one of ``remedies``."""
    return reasons.mended_by(REASONS, *remedies)
