"""Azure CLI commands that guides and findings both name: one wording for each."""

from __future__ import annotations

from steps.kit.task import Names

SECRET_MANAGEMENT = ("get", "list", "set", "delete", "recover", "backup", "restore")
"""What the portal's template *Secret Management* grants on secrets (no purge)."""


def set_policy(names: Names, whom: str) -> str:
    """``whom`` is an option with its value, such as ``--object-id 0000``."""
    return (
        f"az keyvault set-policy --name {names.vault} --resource-group {names.resource_group} {whom} "
        f"--secret-permissions {' '.join(SECRET_MANAGEMENT)}"
    )


def use_policies(names: Names) -> str:
    return (
        f"az keyvault update --name {names.vault} --resource-group {names.resource_group} "
        "--enable-rbac-authorization false"
    )


def use_roles(names: Names) -> str:
    return (
        f"az keyvault update --name {names.vault} --resource-group {names.resource_group} "
        "--enable-rbac-authorization true"
    )


def open_network(names: Names) -> str:
    return (
        f"az keyvault update --name {names.vault} --resource-group {names.resource_group} "
        "--public-network-access Enabled --default-action Allow"
    )


def start_vm(names: Names) -> str:
    return f"az vm start --resource-group {names.resource_group} --name {names.vm}"


def identity_on(names: Names) -> str:
    return f"az vm identity assign --resource-group {names.resource_group} --name {names.vm}"
