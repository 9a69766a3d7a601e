"""What stops whoever makes or mends the secret: a closed network, a right they lack, or Azure in trouble."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity import az, common, made
from steps.kit import problems
from steps.kit.azure import TRANSIENT, AzureProblem
from steps.kit.findings import could_not_tell
from steps.kit.records import Seen, Vault
from steps.kit.task import Context, Names
from steps.kit.verdict import Finding

HERE = "secret-exists"
"""The id of the check that tells why there is no secret."""

NOT_APPLIED = "RightNotApplied"
"""The code of the problem that a right of the portal's own did not count in time."""


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


def is_azures(problem: AzureProblem | None) -> bool:
    """Azure's trouble or delay, and so nobody's to mend."""
    return problem is not None and (problem.kind in TRANSIENT or problem.code == NOT_APPLIED)


def not_made(names: Names, seen: tuple[Seen[Any], ...], problem: AzureProblem, *, wanted: str) -> Finding:
    """Looking again would make nothing: only carrying out does."""
    finding = could_not_tell(
        "secret_not_made_in_trouble",
        wanted=wanted,
        found=f"{names.vault} has no {names.secret} yet, because Azure did not let the portal make it in time. "
        f"{problems.wording(problem).happened}",
        next_step="That is Azure's trouble, not yours. In a few minutes let the portal carry the task out once more, "
        f"or create {names.secret} yourself as the guide shows.",
        seen=seen,
    )
    return replace(finding, waits_for=HERE)
