"""What stops whoever makes or mends the secret: a closed network, or a right they lack."""

from __future__ import annotations

from steps.key_vault_managed_identity import az, common, made
from steps.kit import problems
from steps.kit.azure import AzureProblem
from steps.kit.records import Vault
from steps.kit.task import Context, Names

HERE = "secret-exists"
"""The id of the check that tells why there is no secret."""


def sentences(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def network(names: Names, vault: Vault) -> str:
    """A sentence, where the vault's network lets in only whom it names, or nobody; else ""."""
    if vault.open_to_all_networks:
        return ""
    who = "nobody from the internet"
    if vault.public_access:
        who = "only the addresses that it names" if vault.let_in else "nobody"
    return (
        f"Mind that the network of {names.vault} lets in {who}. Are you turned away? Then open it first: "
        f"{names.vault}, Settings, Networking, all networks; or `{az.open_network(names)}`."
    )


def own_right(ctx: Context, vault: Vault, right: str) -> str:
    """What whoever works as the portal's own identity runs into otherwise."""
    caller = ctx.azure.caller_object_id()
    if vault.rbac or right in common.rights(vault, caller):
        return ""
    return (
        f"Do you work as the identity of your connection (object id {caller})? It may not {right} secrets in "
        f"{vault.name} yet: `{az.set_policy(ctx.names, f'--object-id {caller}')}`."
    )


def ended_the_portal(ctx: Context) -> AzureProblem | None:
    """What kept the portal from making the secret in this very attempt."""
    return problems.from_facts(ctx.facts.get(made.MAKES_SECRET, {}))
