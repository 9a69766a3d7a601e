"""The questions this lab asks Azure. Checks share them, so each is asked once."""

from __future__ import annotations

from functools import lru_cache

from steps.kit.records import (
    DeletedSecret,
    DeletedVault,
    Lock,
    MachineNetwork,
    NameAvailability,
    Permission,
    PolicyDenial,
    Provider,
    ResourceGroup,
    RoleAssignment,
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
ALL_VMS: Look[tuple[VirtualMachine, ...]] = Look(
    "vms", "All virtual machines of your subscription", lambda ctx: ctx.azure.virtual_machines()
)
RIGHTS: Look[tuple[Permission, ...]] = Look(
    "rights", "What your connection may do", lambda ctx: ctx.azure.permissions(ctx.names.resource_group)
)
RIGHTS_ABOVE: Look[tuple[Permission, ...]] = Look(
    "rights-above",
    "What your connection may do in the whole subscription",
    lambda ctx: ctx.azure.permissions_in_subscription(),
)
LOCKS: Look[tuple[Lock, ...]] = Look(
    "locks", "The locks on your resource group and around it", lambda ctx: ctx.azure.locks(ctx.names.resource_group)
)
DENIALS: Look[tuple[PolicyDenial, ...]] = Look(
    "policy-denials",
    "Whether Azure Policy would refuse the vault",
    lambda ctx: ctx.azure.vault_denials(
        ctx.names.resource_group, ctx.names.vault, ctx.names.location, ctx.names.by_roles
    ),
)
DENIALS_BY_ROLES: Look[tuple[PolicyDenial, ...]] = Look(
    "policy-denials-by-roles",
    "Whether Azure Policy would refuse the vault if it went by roles",
    lambda ctx: ctx.azure.vault_denials(ctx.names.resource_group, ctx.names.vault, ctx.names.location, True),
)
VAULT: Look[Vault | None] = Look(
    "vault", "Your key vault", lambda ctx: ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
)
ALL_VAULTS: Look[tuple[Vault, ...]] = Look(
    "vaults", "All key vaults of your subscription", lambda ctx: ctx.azure.vaults_in_subscription()
)
DELETED_VAULTS: Look[tuple[DeletedVault, ...]] = Look(
    "deleted-vaults", "The deleted key vaults of your subscription", lambda ctx: ctx.azure.deleted_vaults()
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
KEY: Look[str | None] = Look(
    "key",
    "A key of the name that the secret is to have",
    lambda ctx: ctx.azure.key(ctx.names.resource_group, ctx.names.vault, ctx.names.secret),
)
DELETED_SECRET: Look[DeletedSecret | None] = Look(
    "deleted-secret",
    "A deleted secret of that name",
    lambda ctx: ctx.azure.deleted_secret(ctx.names.vault_uri, ctx.names.secret),
)


@lru_cache(maxsize=1024)
def secret_in(vault: str) -> Look[SecretInfo | None]:
    """The secret, in another vault of the group. The same look for the same vault, so that it is asked once."""
    return Look(
        f"secret-in-{vault}",
        f"A secret of that name in {vault}",
        lambda ctx: ctx.azure.secret(ctx.names.resource_group, vault, ctx.names.secret),
    )


@lru_cache(maxsize=1024)
def vault_called(name: str) -> Look[Vault | None]:
    """Another vault of the group than the agreed one."""
    return Look(f"vault-{name}", f"The key vault {name}", lambda ctx: ctx.azure.vault(ctx.names.resource_group, name))


@lru_cache(maxsize=1024)
def network_of(nic: str) -> Look[MachineNetwork]:
    return Look(
        "vm-network", "Where the requests of your virtual machine come from", lambda ctx: ctx.azure.machine_network(nic)
    )


@lru_cache(maxsize=1024)
def client_id_of(vm_id: str) -> Look[str | None]:
    return Look("vm-client-id", "The application id of the VM's identity", lambda ctx: ctx.azure.vm_client_id(vm_id))


@lru_cache(maxsize=1024)
def roles_of(principal_id: str, scope: str, *, below: bool = False) -> Look[tuple[RoleAssignment, ...]]:
    """Those that hold at ``scope``; with ``below``, also those on what is in it."""
    return Look(
        f"roles-of-{principal_id}",
        f"The roles of {principal_id}",
        lambda ctx: ctx.azure.role_assignments(scope, principal_id, below),
    )


@lru_cache(maxsize=1024)
def roles_given_at(scope: str) -> Look[tuple[RoleAssignment, ...]]:
    return Look("roles-given", "The roles that were given there", lambda ctx: ctx.azure.roles_given_at(scope))
