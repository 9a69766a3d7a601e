"""What stops whoever makes or mends the secret: a closed network, or a right they lack."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, made
from steps.kit import problems
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet
from steps.kit.records import Seen, Vault
from steps.kit.task import Context, Names
from steps.kit.verdict import Finding

CLOSED = "VaultFirewall"
"""The code of what ends the portal's making of the secret then."""
HERE = "secret-exists"
"""The id of the check that tells why there is no secret."""


def sentences(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def network(names: Names, vault: Vault) -> str:
    """A sentence, where the vault's network lets in only whom it names, or nobody; else ""."""
    if vault.open_to_all_networks:
        return ""
    return f"Mind that {_lets_in(vault)}. Are you turned away? Then open it first: {_opening(names)}."


def _lets_in(vault: Vault) -> str:
    who = "nobody from the internet"
    if vault.public_access:
        who = "only the addresses that it names" if vault.let_in else "nobody"
    return f"the network of {vault.name} lets in {who}"


def _opening(names: Names) -> str:
    return f"{names.vault}, Settings, Networking, all networks; or `{az.open_network(names)}`"


def shut_out(ctx: Context, vault: Vault, seen: tuple[Seen[Any], ...], recover: str, *, wanted: str) -> Finding | None:
    """Where the secret cannot be made for the network: nobody is let in, or the portal has just been turned away."""
    tried, names = ended_the_portal(ctx), ctx.names
    turned_away = tried is not None and tried.code == CLOSED
    if vault.open_to_all_networks or (vault.public_access and vault.let_in and not turned_away):
        return None
    from_there = (
        f", or create {names.secret} from one of these addresses" if vault.public_access and vault.let_in else ""
    )
    return not_yet(
        "secret_missing_network_closed",
        wanted=wanted,
        found=f"{names.vault} has no {names.secret}, and {_lets_in(vault)}{', not the portal either' * turned_away}.",
        next_step=sentences(
            f"Open it first: {_opening(names)}{from_there}. Then create {names.secret} as the guide shows.",
            own_right(ctx, vault, "set"),
            recover,
        ),
        seen=seen,
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
