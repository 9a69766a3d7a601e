"""Why the secret is still there once Task 2 has been undone: by what kept the portal from deleting it."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, locks, looks
from steps.key_vault_managed_identity.create_secret.own_role import BOUND, MISSING, OFFICER, bound, unbind
from steps.key_vault_managed_identity.create_secret.undo_secret_rights import LOCKED
from steps.key_vault_managed_identity.preflight.locks import on_vault, whoever_may
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import not_yet
from steps.kit.records import Seen, Vault
from steps.kit.task import Action, Context, Facts, Names
from steps.kit.verdict import Finding


def judge(
    ctx: Context, facts: Facts, seen: tuple[Seen[Any], Seen[Vault]], deleting: tuple[Action, ...], *, wanted: str
) -> Finding:
    names, problem, vault = ctx.names, locks.ended(facts, *deleting), seen[1].value
    still, at = f"{names.secret} is still there", (*seen, Seen(None, problem.source)) if problem else seen
    if problem is not None and (problem.code == LOCKED or locks.met(facts, *deleting)):
        found, next_step = _behind_lock(names, facts, problem)
        return not_yet("secret_locked", wanted=wanted, found=f"{still}{found}", next_step=next_step, seen=at)
    if problem is not None and vault.rbac and _for_want_of_a_role(ctx, facts, problem, deleting):
        found, next_step = _by_roles(names, problem)
        return not_yet("secret_kept_by_roles", wanted=wanted, found=f"{still}. {found}", next_step=next_step, seen=at)
    found, next_step = _otherwise(names, vault, problem)
    return not_yet("secret_still_there", wanted=wanted, found=f"{still}: {found}", next_step=next_step, seen=at)


Words = tuple[str, str]
"""What was found, without its beginning, and the next step."""


def _behind_lock(names: Names, facts: Facts, problem: AzureProblem) -> Words:
    """One that the portal ran into, or one that it saw before it began."""
    if problem.code != LOCKED:
        why = locks.told(names, problem, what="", then="undo once more")
        return why.found, why.next_step
    keeping = on_vault(names, facts.of(looks.LOCKS).value)
    first = f"Wait until {whoever_may(names, keeping)} Then u" if keeping else "U"
    itself = f"{first}ndo once more. Or, with a role of your own, delete it yourself: {by_hand(names)}"
    return f". {problem.message}", itself


def _for_want_of_a_role(ctx: Context, facts: Facts, problem: AzureProblem, deleting: tuple[Action, ...]) -> bool:
    """Who works with roles was refused the role itself: who has one, and is refused, has waited for it to count."""
    if common.shut_out(problem):
        return False
    refused = problem.kind is ProblemKind.NOT_AUTHORIZED or problem.code in {MISSING, BOUND}
    return refused and (not ctx.names.by_roles or locks.ended(facts, deleting[0]) is not None)


def _by_roles(names: Names, problem: AzureProblem) -> Words:
    or_all = f"Or undo Task 1, which removes {names.vault} as a whole."
    if problem.code == BOUND:
        then = "Then undo once more: the portal gives itself what it needs, and takes it back."
        purges = f"{bound(names.vault)} That lets it purge none."
        return purges, f"{unbind(names.vault)} {then} Or {by_hand(names)} {or_all}"
    return (
        f"{names.vault} goes by roles, and the identity of your connection has none that lets it delete secrets.",
        f"Give yourself the role {OFFICER} (`{az.assign_role(names, OFFICER, az.WHOEVER)}`), wait a few minutes, then "
        f"{by_hand(names)} {or_all}",
    )


def _otherwise(names: Names, vault: Vault, problem: AzureProblem | None) -> Words:
    """The network first: behind it, no right counts."""
    itself = f"{by_hand(names)} {_purge_right(vault)}"
    if problem is not None and common.shut_out(problem):
        return (
            f"the network settings of {names.vault} keep the portal out.",
            f"Open {names.vault}, Settings, Networking, allow all networks, and apply (`{az.open_network(names)}`). "
            f"Then undo once more. Or delete it yourself, from where you are let in: {itself}",
        )
    said = f" {problems.wording(problem).happened}" if problem else ""
    again = locks.once_more(problem, "Undo once more.")
    return f"the portal could not delete it.{said}", f"{again}Or delete it yourself: {itself}"


def by_hand(names: Names) -> str:
    return (
        f"open {names.vault}, Secrets, {names.secret}, Delete; then Manage deleted secrets, Purge. "
        f"Or: `az keyvault secret delete --vault-name {names.vault} --name {names.secret}`, then "
        f"`az keyvault secret purge --vault-name {names.vault} --name {names.secret}`."
    )


def _purge_right(vault: Vault) -> str:
    if vault.rbac:
        return f"That takes the role {OFFICER}."
    return "Purging takes the permission Purge, which Secret Management leaves out: tick it under Access policies."
