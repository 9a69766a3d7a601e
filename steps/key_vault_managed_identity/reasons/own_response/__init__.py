"""The reasons that findings of Task 4 give about the student's own response."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons.own_response import (
    header,
    imds,
    network,
    parts,
    shell,
    tools,
    vault,
    who,
)
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    **parts.REASONS,
    **imds.REASONS,
    **who.REASONS,
    **header.REASONS,
    **vault.REASONS,
    **network.REASONS,
    **shell.REASONS,
    **tools.REASONS,
}
