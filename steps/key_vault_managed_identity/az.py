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


def recover_vault(names: Names) -> str:
    return f"az keyvault recover --name {names.vault} --resource-group {names.resource_group}"


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


def restart_vm(names: Names) -> str:
    return f"az vm restart --resource-group {names.resource_group} --name {names.vm}"


def identity_on(names: Names) -> str:
    return f"az vm identity assign --resource-group {names.resource_group} --name {names.vm}"


MYSELF = '--upn "$(az account show --query user.name --output tsv)"'
"""Whoever is signed in with an account of their own, as an option of ``set_policy``."""


WHOEVER = '--assignee "$(az account show --query user.name --output tsv)"'
"""Whoever is signed in, an account or a service principal, as an option of ``assign_role``."""


def machine(object_id: str) -> str:
    """A VM's identity, as an option of ``assign_role``. With its type, Azure need not look it up in the directory."""
    return f"--assignee-object-id {object_id} --assignee-principal-type ServicePrincipal"


def assign_role(names: Names, role: str, whom: str) -> str:
    """On the vault. ``whom`` is an option with its value, such as ``--assignee 0000``."""
    scope = f'"$(az keyvault show --name {names.vault} --query id --output tsv)"'
    return f'az role assignment create --role "{role}" {whom} --scope {scope}'


def recover_secret(names: Names) -> str:
    return f"az keyvault secret recover --vault-name {names.vault} --name {names.secret}"


def enable_secret(names: Names) -> str:
    return f"az keyvault secret set-attributes --vault-name {names.vault} --name {names.secret} --enabled true"


def new_version(names: Names) -> str:
    return (
        f"az keyvault secret set --vault-name {names.vault} --name {names.secret} "
        '--value "$(openssl rand -hex 16)" --output none'
    )
