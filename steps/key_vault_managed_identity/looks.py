"""The questions this lab asks Azure. Checks share them, so each is asked once."""

from __future__ import annotations

from steps.kit.azure import (
    DeletedVault,
    NameAvailability,
    Provider,
    ResourceGroup,
    SecretInfo,
    Subscription,
    Vault,
    VirtualMachine,
)
from steps.kit.task import Look

SUBSCRIPTION: Look[Subscription | None] = Look(
    "subscription", "Your subscription", lambda ctx: ctx.azure.subscription()
)
KEY_VAULT_PROVIDER: Look[Provider | None] = Look(
    "provider-keyvault", "The provider Microsoft.KeyVault", lambda ctx: ctx.azure.provider("Microsoft.KeyVault")
)
COMPUTE_PROVIDER: Look[Provider | None] = Look(
    "provider-compute", "The provider Microsoft.Compute", lambda ctx: ctx.azure.provider("Microsoft.Compute")
)
GROUP: Look[ResourceGroup | None] = Look(
    "group", "Your resource group", lambda ctx: ctx.azure.resource_group(ctx.names.resource_group)
)
VM: Look[VirtualMachine | None] = Look(
    "vm", "Your virtual machine", lambda ctx: ctx.azure.virtual_machine(ctx.names.resource_group, ctx.names.vm)
)
VAULT: Look[Vault | None] = Look(
    "vault", "Your key vault", lambda ctx: ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
)
ALL_VAULTS: Look[tuple[Vault, ...]] = Look(
    "vaults", "All key vaults of your subscription", lambda ctx: ctx.azure.vaults_in_subscription()
)
DELETED_VAULT: Look[DeletedVault | None] = Look(
    "deleted-vault",
    "A deleted key vault of that name",
    lambda ctx: ctx.azure.deleted_vault(ctx.names.vault, ctx.names.location),
)
NAME_AVAILABILITY: Look[NameAvailability] = Look(
    "vault-name", "Whether the name is free", lambda ctx: ctx.azure.vault_name_availability(ctx.names.vault)
)
SECRET: Look[SecretInfo | None] = Look(
    "secret",
    "Your secret (never its value)",
    lambda ctx: ctx.azure.secret(ctx.names.resource_group, ctx.names.vault, ctx.names.secret),
)
ALL_SECRETS: Look[tuple[SecretInfo, ...]] = Look(
    "secrets",
    "The names of all secrets in your vault",
    lambda ctx: ctx.azure.secrets(ctx.names.resource_group, ctx.names.vault),
)
