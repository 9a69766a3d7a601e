"""What may be asked of Azure without changing anything: all that validating does. ``steps.kit.azure`` has the rest."""

from __future__ import annotations

from typing import Protocol

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
    Seen,
    Subscription,
    Vault,
    VirtualMachine,
)


class AzureReader(Protocol):
    """What validating may do. None of it changes anything in the subscription."""

    def subscription(self) -> Seen[Subscription | None]: ...
    def provider(self, namespace: str) -> Seen[Provider | None]: ...
    def resource_group(self, name: str) -> Seen[ResourceGroup | None]: ...
    def vault(self, resource_group: str, name: str) -> Seen[Vault | None]: ...
    def vaults_in_subscription(self) -> Seen[tuple[Vault, ...]]: ...
    def deleted_vaults(self) -> Seen[tuple[DeletedVault, ...]]:
        """All of the subscription, of every region."""
        ...

    def vault_name_availability(self, name: str) -> Seen[NameAvailability]: ...
    def secret(self, resource_group: str, vault: str, name: str) -> Seen[SecretInfo | None]: ...
    def secrets(self, resource_group: str, vault: str) -> Seen[tuple[SecretInfo, ...]]: ...
    def virtual_machine(self, resource_group: str, name: str) -> Seen[VirtualMachine | None]:
        """The VM with its instance view (power state and agent) in one request."""
        ...

    def virtual_machines(self) -> Seen[tuple[VirtualMachine, ...]]:
        """All of the subscription, without what an instance view tells: ``power_state`` and ``agent_status`` are ""."""
        ...

    def vm_client_id(self, vm_id: str) -> Seen[str | None]:
        """The application (client) id of a VM's system-assigned identity; None when that is off."""
        ...

    def machine_network(self, nic: str) -> Seen[MachineNetwork]:
        """Of the machine that has this network interface."""
        ...

    def permissions(self, resource_group: str) -> Seen[tuple[Permission, ...]]:
        """What the portal's own caller may do in the group."""
        ...

    def permissions_in_subscription(self) -> Seen[tuple[Permission, ...]]:
        """What it may do in the whole subscription, where a role on the group does not count."""
        ...

    def locks(self, resource_group: str) -> Seen[tuple[Lock, ...]]:
        """On the group, on what is in it, and on the subscription."""
        ...

    def role_assignments(self, scope: str, principal_id: str, below: bool = False) -> Seen[tuple[RoleAssignment, ...]]:
        """Those of a principal (and of groups it is in) at ``scope`` and above; with ``below``, in it too."""
        ...

    def roles_given_at(self, scope: str) -> Seen[tuple[RoleAssignment, ...]]:
        """Everybody's, given at ``scope`` itself: what comes from further up is left out."""
        ...

    def vault_denials(
        self, resource_group: str, name: str, location: str, rbac: bool = False
    ) -> Seen[tuple[PolicyDenial, ...]]:
        """Azure Policy assignments that would refuse a vault as the lab makes it. Asks, and makes nothing."""
        ...

    def key(self, resource_group: str, vault: str, name: str) -> Seen[str | None]:
        """The kind of a key of that name, such as "RSA"; a vault keeps keys apart from its secrets."""
        ...

    def deleted_secret(self, vault_uri: str, name: str) -> Seen[DeletedSecret | None]:
        """Asked of the vault itself: raises NOT_AUTHORIZED for a caller who has no right there."""
        ...
