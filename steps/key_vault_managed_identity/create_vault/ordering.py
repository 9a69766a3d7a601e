"""Ordering the vault from Azure, for whoever makes it: the task itself, and the remedy that makes it anew."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.records import AccessPolicy, Done, Running, Vault
from steps.kit.task import Context, Names

GOING = "Deleting"
FAILED = frozenset({"Failed", "Canceled"})


def order(ctx: Context) -> Done[Vault] | Running:
    """As the plan says: in the agreed place, and of the agreed permission model."""
    names = ctx.names
    mine = AccessPolicy(ctx.azure.caller_object_id(), names.tenant_id, secrets=az.SECRET_MANAGEMENT)
    return ctx.azure.create_vault(
        names.resource_group,
        names.vault,
        location=names.location,
        tenant_id=names.tenant_id,
        policies=() if names.by_roles else (mine,),
        rbac=names.by_roles,
    )


def plan(names: Names) -> str:
    model = (
        "Azure role-based access control."
        if names.by_roles
        else "Vault access policy, and one policy: Secret Management for the identity your connection uses."
    )
    return (
        f"Create the key vault {names.vault} in {names.resource_group}, {names.location}, with the permission model "
        f"{model}"
    )


def facts(names: Names) -> dict[str, str]:
    """Which vault the portal made, for whoever takes it back: also when the attempt ends before Azure is done."""
    return {"vault": names.vault}
