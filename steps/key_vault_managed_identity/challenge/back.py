"""Whether the machine has its access back, and reads with it. What keeps it from that is told, and not waited for: the
portal has waited already, and looking again would ask the machine all over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity import az, locks
from steps.key_vault_managed_identity.challenge.access import VAULT_GONE, by_hand, in_words
from steps.key_vault_managed_identity.challenge.asking import Told, busy, reads, refused, what_it_said
from steps.key_vault_managed_identity.challenge.look import BACK_ID, taken
from steps.key_vault_managed_identity.challenge.seen import not_asked
from steps.key_vault_managed_identity.challenge.steps import READ_AGAIN, TAKE_AWAY
from steps.key_vault_managed_identity.challenge.taking import MISSING
from steps.kit.azure import AzureProblem
from steps.kit.findings import could_not_tell, not_yet, passed
from steps.kit.problems import from_facts, source_of, wording
from steps.kit.records import Seen
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding

BACK = "access-back"
_READ_BY_TASK_4 = (
    "In a few minutes check Task 4: it lets the machine read once more, and tells what is in the way. Then take the "
    "challenge again."
)


def judge_back(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.vm} has its access to {names.vault} again, and reads {names.secret}."
    try:
        lacking = facts.of(MISSING)
    except AzureProblem as problem:
        return _unseen(ctx, problem, wanted=wanted)
    if lacking.value is None or (not lacking.value and locks.met(facts, TAKE_AWAY) is not None):
        return passed(
            "challenge_took_nothing",
            wanted=f"What the challenge takes from {names.vm}, it puts back.",
            found="Nothing was taken, so there is nothing to put back.",
            seen=(lacking,),
        )
    if lacking.value:
        return not_yet(
            "challenge_access_away",
            wanted=wanted,
            found=f"{names.vm} still lacks {in_words(lacking.value)}: the portal could not put that back.",
            next_step=f"Take the challenge again: it puts that back, too. {by_hand(names, lacking.value)}",
            seen=(lacking,),
        )
    return _reads_again(ctx, facts, lacking, wanted=wanted)


def _reads_again(ctx: Context, facts: Facts, back: Seen[Any], *, wanted: str) -> Finding:
    names, told = ctx.names, facts.told(READ_AGAIN)
    seen = (back, Seen(None, source_of(told))) if "path" in told else (back,)
    if reads(told):
        found = f"It is back as it was, and {names.vm} has read {names.secret} with it."
        return passed("challenge_access_back", wanted=wanted, found=found, seen=seen)
    if refused(told):
        finding = could_not_tell(
            "challenge_access_not_in_effect",
            wanted=wanted,
            found=f"It is back as it was, but {names.vault} still turns {names.vm} away. Azure may take up to ten "
            "minutes to apply it.",
            next_step=_READ_BY_TASK_4,
            seen=seen,
        )
        return replace(finding, waits_for=BACK)
    why = not_asked(ctx, facts, told)
    found = f"It is back as it was, but {names.vm} has not read {names.secret} since."
    finding = could_not_tell(
        "challenge_not_read_again",
        wanted=wanted,
        found=f"{found} {_why(names, told, why)}".strip(),
        next_step=f"{why.next_step} Then take the challenge again." if why else _READ_BY_TASK_4,
        seen=seen,
    )
    return replace(finding, waits_for=BACK)


def _why(names: Names, told: Told, why: Finding | None) -> str:
    if why is not None:
        return why.found
    if told.get("stage") == "token":
        return f"The metadata service of {names.vm} gave it no token."
    return f"{names.vault} {what_it_said(told)}." if busy(told) else ""


def _unseen(ctx: Context, problem: AzureProblem, *, wanted: str) -> Finding:
    """Azure does not show what the machine has now. What was put back is known all the same."""
    access = taken(ctx)
    if access is None or BACK_ID not in ctx.facts or from_facts(ctx.facts[BACK_ID]) is None:
        raise problem
    if problem.code == VAULT_GONE:
        return not_yet(
            "challenge_vault_gone",
            wanted=wanted,
            found=problem.message,
            next_step=f"Recover it (`{az.recover_vault(ctx.names)}`) and take the challenge again: it puts back what "
            "was taken, too. Or begin anew with Task 1.",
            seen=(Seen(None, problem.source),),
        )
    finding = could_not_tell(
        "challenge_access_unknown",
        wanted=wanted,
        found=f"Azure has not let the portal put it back for a long time, nor shown what is there. "
        f"{wording(problem).happened}",
        next_step=f"Once Azure answers again, take the challenge again: it puts back what was taken, too. "
        f"{by_hand(ctx.names, access)}",
        seen=(Seen(None, problem.source),),
    )
    return replace(finding, waits_for=BACK)
