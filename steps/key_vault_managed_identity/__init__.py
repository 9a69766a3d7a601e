"""The lab *Using Azure Key Vault for Managed Identities*, in the order it is done."""

from __future__ import annotations

from steps.key_vault_managed_identity import (
    clean_up,
    create_secret,
    create_vault,
    grant_access,
    preflight,
    read_secret,
)
from steps.key_vault_managed_identity.challenge.task import TASK as CHALLENGE
from steps.key_vault_managed_identity.ideas import IDEAS
from steps.key_vault_managed_identity.reasons import REASONS
from steps.key_vault_managed_identity.remedies import REMEDIES
from steps.kit.lab import Lab

LAB = Lab(
    id="key-vault-managed-identity",
    title="Using Azure Key Vault for Managed Identities",
    summary=(
        "Keep a password in a key vault, and let a virtual machine fetch it with its own identity, "
        "so that no password is stored on the machine."
    ),
    tasks=(preflight.TASK, create_vault.TASK, create_secret.TASK, grant_access.TASK, read_secret.TASK),
    clean_up=clean_up.TASK,
    challenge=CHALLENGE,
    reasons=REASONS,
    ideas=IDEAS,
    remedies=REMEDIES,
)
