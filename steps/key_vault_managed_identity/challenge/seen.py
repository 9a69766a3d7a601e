"""What happened in the challenge, as the VM saw it, and whether its access is back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity import common, locks, looks
from steps.key_vault_managed_identity.challenge import ground
from steps.key_vault_managed_identity.challenge.asking import Told, busy, reads, refused, what_it_said
from steps.key_vault_managed_identity.challenge.steps import ASK, LOOK, TAKE_AWAY
from steps.key_vault_managed_identity.create_secret.missing_secret import secret_missing
from steps.key_vault_managed_identity.read_secret.on_the_vm import SECRETS_API_VERSION
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import could_not_tell, not_yet, passed
from steps.kit.problems import source_of
from steps.kit.records import Seen
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding, Source

HAPPENED = "what-happened"
_AGAIN = "Take the challenge again: it costs a minute or two, and what was taken away is put back each time."


def told_of(facts: Facts) -> Told | AzureProblem | None:
    """What the VM told without its access, the problem that ended the way there, or None if it has not been asked."""
    try:
        facts.told(LOOK)
        facts.told(TAKE_AWAY)
        return facts.told(ASK) or None
    except AzureProblem as problem:
        return problem


def where(ctx: Context, facts: Facts, told: Told | AzureProblem | None) -> tuple[Seen[Any], ...]:
    """Where that was seen: the Run Command, and the vault's own answer if the VM had one."""
    if isinstance(told, AzureProblem):
        return (Seen(None, told.source),)
    if told is None or "path" not in told:
        return (facts.of(looks.VM),)
    run = Seen(None, source_of(dict(told)))
    return (run, _vaults_answer(ctx.names, told)) if told.get("stage") == "secret" else (run,)


def _vaults_answer(names: Names, told: Told) -> Seen[None]:
    """The VM's own request, with the status that it met. The script brings no request id back."""
    status = int(told["answer_status"]) or None
    path = f"{names.vault_uri}secrets/{names.secret}?api-version={SECRETS_API_VERSION}"
    return Seen(None, Source("GET", path, status, ""))


def judge_happened(ctx: Context, facts: Facts) -> Finding:
    names, told = ctx.names, told_of(facts)
    wanted = f"Without its access, {names.vm} asks {names.vault} for {names.secret}, and the vault turns it away."
    lock = locks.met(facts, TAKE_AWAY)
    if lock is not None:
        what = f"Nothing was taken from {names.vm}"
        why = locks.told(names, lock, what=what, then="take the challenge again")
        return not_yet("challenge_locked", wanted=wanted, found=why.found, next_step=why.next_step, seen=why.seen)
    if isinstance(told, AzureProblem):
        return _ended(ctx, facts, told, wanted=wanted)
    seen = where(ctx, facts, told)
    if told is None:
        return not_yet(
            "challenge_not_begun",
            wanted=wanted,
            found=f"Nothing has been taken from {names.vm} yet.",
            next_step="Choose what you think will happen, and take the challenge.",
            seen=seen,
        )
    if refused(told):
        code, said = told["answer_code"], told["answer_message"]
        found = f"{names.vault} answered {told['answer_status']} Forbidden ({code}). Azure's words: {said}"
        return passed("challenge_refused", wanted=wanted, found=found, seen=seen)
    return _otherwise(names, told, not_asked(ctx, facts, told), seen, wanted=wanted)


def _ended(ctx: Context, facts: Facts, problem: AzureProblem, *, wanted: str) -> Finding:
    """Raises ``problem`` where the portal goes on by itself once the student has signed in."""
    if problem.may_pass:
        raise problem
    lacking = ground.lacking(ctx, facts, wanted=wanted) if problem.kind is ProblemKind.BLOCKED else None
    return lacking or replace(problems.finding(problem, wanted=wanted), waits_for=HAPPENED)


def not_asked(ctx: Context, facts: Facts, told: Told) -> Finding | None:
    """Why the machine was not even asked, where that is still so: its ``found`` and ``next_step`` tell it."""
    if told.get("asked") != "no":
        return None
    asleep = common.vm_asleep(ctx.names, facts.of(looks.VM), wanted="")
    if asleep is not None:
        return asleep
    vault, secret = facts.of(looks.VAULT), facts.of(looks.SECRET)
    if vault.value is None:
        return common.vault_missing(ctx.names, (vault,), wanted="")
    return secret_missing(ctx, facts, common.there(vault), secret, wanted="") if secret.value is None else None


def _otherwise(names: Names, told: Told, why: Finding | None, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    """It came otherwise than it should. Looking again would ask nobody anew: only taking the challenge again does."""
    if reads(told):
        finding = could_not_tell(
            "challenge_still_reads",
            wanted=wanted,
            found=f"{names.vm} went on reading {names.secret} for as long as the portal asked. Either Azure is slow to "
            "apply the change, or something else lets it in: a group that it is in, or somebody who gave it access "
            "meanwhile.",
            next_step=f"{_AGAIN} If it stays so, look for a group of {names.vm} among those who may read.",
            seen=seen,
        )
    elif told.get("stage") == "secret" and not busy(told):
        return not_yet(
            "challenge_refused_otherwise",
            wanted=wanted,
            found=f"{names.vault} turned {names.vm} away, but not for its missing access: {told['answer_status']} "
            f"{told['answer_code']}. {told['answer_message']}".rstrip(),
            next_step="Check Task 4: it tells what keeps the machine from reading. Then take the challenge again.",
            seen=seen,
        )
    elif told.get("stage") == "secret":
        finding = could_not_tell(
            "challenge_vault_in_trouble",
            wanted=wanted,
            found=f"{names.vault} {what_it_said(told)} to {names.vm} for as long as the portal asked, which tells "
            "nothing about its access.",
            next_step=f"That is Azure's trouble, not yours, and it passes. {_AGAIN}",
            seen=seen,
        )
    else:
        finding = could_not_tell(
            "challenge_no_answer",
            wanted=wanted,
            found=why.found if why else f"{names.vm} brought back no answer of {names.vault} that tells anything.",
            next_step=f"{why.next_step if why else f'Check Task 4: it tells what keeps {names.vm} back.'} {_AGAIN}",
            seen=seen,
        )
    return replace(finding, waits_for=HAPPENED)
