"""Anna's things in plain records: what the Azure in memory is made of."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import (
    AccessPolicy,
    Permission,
    RoleAssignment,
    SecretInfo,
    UserIdentity,
    Vault,
    VirtualMachine,
)
from steps.kit.task import Names
from steps.kit.verdict import Source

NAMES = Names(
    tenant_id="11111111-1111-4111-8111-111111111111",
    subscription_id="22222222-2222-4222-8222-222222222222",
    resource_group="rg-anna",
    location="westeurope",
    vm="vm-anna",
    vault="kv-anna-7f3c",
    secret="mi-test",
)
PRINCIPAL = "33333333-3333-4333-8333-333333333333"
CALLER = "44444444-4444-4444-8444-444444444444"
CLIENT_ID = "66666666-6666-4666-8666-666666666666"
"""The application id of the VM's identity, whose object id is PRINCIPAL."""
VERSION = "50644e90b13249b584c44b9f712f2e51"
SUBSCRIPTION_PATH = f"/subscriptions/{NAMES.subscription_id}"
GROUP_PATH = f"{SUBSCRIPTION_PATH}/resourceGroups/rg-anna"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"

_GIVING_ROLES = ("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write")
_KV = "Microsoft.KeyVault/vaults"
ROLES: dict[str, tuple[str, Permission]] = {
    OWNER: ("Owner", Permission(("*",))),
    CONTRIBUTOR: ("Contributor", Permission(("*",), _GIVING_ROLES)),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": ("Reader", Permission(("*/read",))),
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": ("Key Vault Administrator", Permission((f"{_KV}/*/read",), (), ("*",))),
    "21090545-7ca7-4776-b22c-e363652d74d2": (
        "Key Vault Reader",
        Permission((f"{_KV}/*/read",), (), (f"{_KV}/*/read", f"{_KV}/secrets/readMetadata/action")),
    ),
    "f25e0fa2-a7c8-4377-a976-54943a77a395": ("Key Vault Contributor", Permission(("Microsoft.KeyVault/*",))),
    SECRETS_OFFICER: ("Key Vault Secrets Officer", Permission((f"{_KV}/*/read",), (), (f"{_KV}/secrets/*",))),
    SECRETS_USER: (
        "Key Vault Secrets User",
        Permission((), (), (f"{_KV}/secrets/getSecret/action", f"{_KV}/secrets/readMetadata/action")),
    ),
}
"""Built-in roles by id: name and what each lets do."""

_DATA_ACTIONS = {
    "get": "getSecret/action",
    "list": "readMetadata/action",
    "set": "setSecret/action",
    "delete": "delete",
    "recover": "recover/action",
    "purge": "purge/action",
}


def problem(
    kind: ProblemKind, *, code: str = "SomeCode", message: str = "Azure said so.", retry_after: float | None = None
) -> AzureProblem:
    source = Source("GET", "/trouble", 500, "request-of-trouble")
    return AzureProblem(kind, code=code, message=message, source=source, retry_after=retry_after)


def a_vault(**changes: Any) -> Vault:
    return replace(
        Vault(
            id=f"{GROUP_PATH}/providers/Microsoft.KeyVault/vaults/{NAMES.vault}",
            name=NAMES.vault,
            resource_group=NAMES.resource_group,
            location=NAMES.location,
            tenant_id=NAMES.tenant_id,
            uri=NAMES.vault_uri,
            provisioning_state="Succeeded",
            rbac=False,
            access_policies=(),
            created_at=datetime.now(UTC),
        ),
        **changes,
    )


def a_vault_named(name: str, **changes: Any) -> Vault:
    """One more vault of Anna's, with the id and the address of its own name and group."""
    group = changes.get("resource_group", NAMES.resource_group)
    identity = f"{SUBSCRIPTION_PATH}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{name}"
    return a_vault(name=name, id=identity, uri=f"https://{name}.vault.azure.net/", **changes)


def a_secret(**changes: Any) -> SecretInfo:
    return replace(SecretInfo(NAMES.secret, NAMES.vault, True, None, None, VERSION), **changes)


def a_vm(**changes: Any) -> VirtualMachine:
    return replace(
        VirtualMachine(
            id=f"{GROUP_PATH}/providers/Microsoft.Compute/virtualMachines/vm-anna",
            name=NAMES.vm,
            location=NAMES.location,
            principal_id=PRINCIPAL,
            identity_type="SystemAssigned",
            power_state="running",
            agent_status="Ready",
            os_type="Windows",
        ),
        **changes,
    )


def a_vm_named(name: str, principal_id: str, **changes: Any) -> VirtualMachine:
    """One more VM in Anna's group, with an identity of its own."""
    identity = f"{GROUP_PATH}/providers/Microsoft.Compute/virtualMachines/{name}"
    return a_vm(name=name, id=identity, principal_id=principal_id, **changes)


def a_user_identity(name: str, principal_id: str, client_id: str = "") -> UserIdentity:
    identity = f"{GROUP_PATH}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    return UserIdentity(identity, principal_id, client_id or f"client-of-{name}")


def policy_for(object_id: str, *rights: str) -> AccessPolicy:
    given = rights or ("get", "list", "set", "delete", "recover", "backup", "restore")
    return AccessPolicy(object_id, NAMES.tenant_id, secrets=given)


def assignment(
    role_id: str, principal_id: str, scope: str, *, name: str = "one", principal_type: str = ""
) -> RoleAssignment:
    """As ``role_assignments`` shows it. ``name`` tells several apart."""
    role_name, permission = ROLES[role_id]
    identity = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
    return RoleAssignment(identity, principal_id, scope, role_id, role_name, (permission,), principal_type)


def refused(status: int, code: str, inner: str = "", message: str = "No.") -> dict[str, Any]:
    """The part of the VM's answer that tells of an error answer from the vault."""
    error: dict[str, Any] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return {"stage": "secret", "status": status, "body": json.dumps({"error": error})}


def allows(permission: Permission, right: str) -> bool:
    """Whether a role's permission gives a right on secrets, named as an access policy names it."""
    action = f"{_KV}/secrets/{_DATA_ACTIONS[right]}"
    return _matches(permission.data_actions, action) and not _matches(permission.not_data_actions, action)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(fnmatchcase(action.casefold(), pattern.casefold()) for pattern in patterns)
