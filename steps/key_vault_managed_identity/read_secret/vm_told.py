"""What the probe on the VM told, or why it told nothing: the same for each check that builds on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.create_secret import key_beside
from steps.key_vault_managed_identity.create_secret.missing_secret import secret_missing
from steps.key_vault_managed_identity.read_secret.ask_vm import ASK_VM
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import LOOKS_AGAIN, LOOKS_AGAIN_FIRST, could_not_tell
from steps.kit.records import Seen
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

ANSWERED, TOKEN, READ = "vm-answered", "token", "secret-read"
"""Ids of checks that others wait for: each thing that hinders the probe is told by one of them."""

STILL_RUNS = "own-script-still-runs"
"""The kind of note that keeps when a script of the portal's was not waited for any more: the VM, a space, the time."""
AZURES_LONGEST = timedelta(minutes=90)
"""Then Azure ends a command by itself."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"

Told = Seen[dict[str, str]]
"""The facts of the probe, with the Run Command that they came from."""


def told_to(check: str, ctx: Context, facts: Facts, *, wanted: str) -> Told | Finding:
    """What the VM told, or what ``check`` says when it told nothing. Raises the AzureProblem the probe ended in."""
    try:
        asleep = _asleep(ctx, facts, wanted=wanted)
        told = {} if asleep else facts.told(ASK_VM)
    except AzureProblem as problem:
        not_run = _not_run(ctx, problem, wanted=wanted)
        if check == ANSWERED and not_run is None:
            raise
        return not_run if check == ANSWERED and not_run else _waits(ctx, Seen(None, problem.source), wanted=wanted)
    if asleep is not None:
        return _only(check, ctx, asleep)
    if told.get("asked", "no") == "no":
        return _not_asked(check, ctx, facts, wanted=wanted)
    seen = Seen(told, problems.source_of(told))
    if told["asked"] == "yes" and told["stage"]:
        return seen
    if told["asked"] == "failed":
        return _only(check, ctx, _failed(ctx, said(seen), seen, wanted=wanted))
    silent = _never_ends if told["asked"] == "running" else _unreadable
    return _only(check, ctx, silent(ctx, seen, wanted=wanted))


def _only(check: str, ctx: Context, finding: Finding) -> Finding:
    """What hinders the VM is told by the check of its answering alone; the others wait for that."""
    if check == ANSWERED:
        return finding
    return _waits(ctx, *(Seen(None, source) for source in finding.sources), wanted=finding.wanted)


def _waits(ctx: Context, *seen: Seen[Any], wanted: str) -> Finding:
    return common.waits_for(ANSWERED, f"{ctx.names.vm} to run a script and answer", seen, wanted=wanted)


def _asleep(ctx: Context, facts: Facts, *, wanted: str) -> Finding | None:
    finding = common.vm_asleep(ctx.names, facts.of(looks.VM), wanted=wanted)
    if finding is None or facts.of(looks.VM).value is not None:
        return finding
    return replace(finding, next_step=f"{finding.next_step} The preflight names the machines that are there.")


def _not_run(ctx: Context, problem: AzureProblem, *, wanted: str) -> Finding | None:
    """Azure took no Run Command, the only thing the probe posts. None for trouble that any request may meet."""
    if problem.kind is not ProblemKind.CONFLICT or problem.source.method != "POST":
        return None
    if problem.code == "Conflict" and "OS type" not in problem.message:
        return _busy(ctx, problem, wanted=wanted)
    return _failed(ctx, f"{problem.code} {problem.message}", Seen(None, problem.source), wanted=wanted)


def _failed(ctx: Context, words: str, seen: Seen[Any], *, wanted: str) -> Finding:
    vm = ctx.names.vm
    return could_not_tell(
        "vm_command_failed",
        wanted=wanted,
        found=f"Azure could not bring the script to {vm}, or heard nothing of how it ended. Azure's words: {words}",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, look at {vm}, Settings, Extensions + "
        f"applications, for one that failed, and restart {vm} (Overview, Restart).",
        seen=(seen,),
    )


def _busy(ctx: Context, problem: AzureProblem, *, wanted: str) -> Finding:
    vm, since = ctx.names.vm, _hung_since(ctx)
    whose, then = "yours perhaps or an earlier one of the portal's", "let it end: a running one cannot be cancelled"
    if since:
        whose = f"most likely the portal's own, which at {since} UTC had not come to its end"
        then = f"let it end. If the portal's own hangs, restart {vm} (Overview, Restart), which ends it"
    return could_not_tell(
        "vm_runs_another_command",
        wanted=wanted,
        found=f"{vm} is busy with another Run Command, {whose}. Azure runs one at a time.",
        next_step=f"{LOOKS_AGAIN} If you have one open for {vm}, {then}.",
        seen=(Seen(None, problem.source),),
    )


def _hung_since(ctx: Context) -> str:
    """When the portal last gave up waiting for a script of its own that Azure may still be running; "" if never."""
    for note in reversed(ctx.noted.get(STILL_RUNS, ())):
        vm, _, when = note.rpartition(" ")
        then = datetime.strptime(when, _TIME).replace(tzinfo=UTC)
        if common.same(vm, ctx.names.vm) and datetime.now(UTC) - then < AZURES_LONGEST:
            return f"{then:%H:%M}"
    return ""


def _never_ends(ctx: Context, told: Told, *, wanted: str) -> Finding:
    vm, minutes = ctx.names.vm, told.value["minutes"]
    finding = could_not_tell(
        "vm_command_never_ended",
        wanted=wanted,
        found=f"{vm} took the script, and after {minutes} minutes Azure still calls it running. It needs one.",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, restart {vm} (Overview, Restart), which ends "
        "what hangs there, and check again.",
        seen=(told,),
    )
    return replace(finding, notes={STILL_RUNS: f"{vm} {datetime.now(UTC):{_TIME}}"})


def _not_asked(check: str, ctx: Context, facts: Facts, *, wanted: str) -> Finding:
    """The probe found something missing, so the VM was not asked. The check of the reading says what."""
    names, vm, vault, secret = ctx.names, facts.of(looks.VM), facts.of(looks.VAULT), facts.of(looks.SECRET)
    if vault.value is None or secret.value is None:
        if check != READ:
            missing = names.vault if vault.value is None else names.secret
            return common.waits_for(READ, f"{missing}, which is not there yet", (vm, vault, secret), wanted=wanted)
        if vault.value is None:
            told = "Check Task 1: it makes the vault, or tells where one of this name is and how to get it back."
            return common.vault_missing(names, (vault,), wanted=wanted, next_step=told)
        return key_beside.told(names, facts, secret_missing(ctx, facts, common.there(vault), secret, wanted=wanted))
    asked_again = could_not_tell(
        "vm_not_asked_yet",
        wanted=wanted,
        found=f"Something was missing when {names.vm} was to be asked; now all is there.",
        next_step=LOOKS_AGAIN,
        seen=(vm, vault, secret),
    )
    return _only(check, ctx, asked_again)


def _unreadable(ctx: Context, told: Told, *, wanted: str) -> Finding:
    return could_not_tell(
        "vm_answer_unreadable",
        wanted=wanted,
        found=f"{ctx.names.vm} ran the script, but what came back is not the answer it should print.",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, run the guide's three commands on "
        f"{ctx.names.vm}: they show whether Windows PowerShell works there.",
        seen=(told,),
    )


def met_proxy(ctx: Context, told: Told, instead_of: str, *, wanted: str) -> Finding:
    """407: what answered is neither the vault nor the metadata service."""
    vm, vault = ctx.names.vm, ctx.names.vault
    return could_not_tell(
        "proxy_on_vm",
        wanted=wanted,
        found=f"A proxy answered {vm} in the place of {instead_of}, and asked it to sign in (status 407).",
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, look on {vm} under Settings, Network, Proxy: "
        f"169.254.169.254 and {vault}.vault.azure.net must be reached without one. `netsh winhttp show proxy` shows "
        "one that is set for all programs.",
        seen=(told,),
    )


def said(told: Told) -> str:
    """Azure's code and message; the script and its reader have taken out anything like a token."""
    return f"{told.value['answer_code']} {told.value['answer_message']}".strip()
