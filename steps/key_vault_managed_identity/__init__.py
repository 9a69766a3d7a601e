"""The lab *Using Azure Key Vault for Managed Identities*, in the order it is done."""

from __future__ import annotations

from steps.key_vault_managed_identity.challenge.task import TASK as CHALLENGE
from steps.key_vault_managed_identity.clean_up.task import TASK as CLEAN_UP
from steps.key_vault_managed_identity.create_secret.task import TASK as CREATE_SECRET
from steps.key_vault_managed_identity.create_vault.task import TASK as CREATE_VAULT
from steps.key_vault_managed_identity.grant_access.task import TASK as GRANT_ACCESS
from steps.key_vault_managed_identity.ideas import IDEAS
from steps.key_vault_managed_identity.preflight.task import TASK as PREFLIGHT
from steps.key_vault_managed_identity.read_secret.task import TASK as READ_SECRET
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
    tasks=(PREFLIGHT, CREATE_VAULT, CREATE_SECRET, GRANT_ACCESS, READ_SECRET),
    clean_up=CLEAN_UP,
    challenge=CHALLENGE,
    reasons=REASONS,
    ideas=IDEAS,
    remedies=REMEDIES,
)
