"""Asks the student's VM, by Run Command, to read the secret and to prove that it did."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace

from steps.key_vault_managed_identity.read_secret import on_the_vm
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import Done, RunCommandResult, Running
from steps.kit.task import Action, ActionDone, ActionPending, Context, Names
from steps.kit.verdict import Source

LONGEST = 600.0
"""Seconds after which a command that has not ended is not waited for any more."""


@dataclass(frozen=True, slots=True)
class _Under:
    """The command under way: the nonce its answer must carry, Azure's token, whether it is the second one, and how
    often and for how many seconds it has been waited for."""

    nonce: str
    azure: str
    again: bool
    looks: int = 0
    waited: float = 0.0

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def load(token: str) -> _Under:
        return _Under(**json.loads(token))


def ask(ctx: Context, token: str | None) -> ActionDone | ActionPending:
    """Facts: those of ``_facts``; "asked": "no" when there is nothing to ask, "running" when no answer came."""
    hindered = hindrance(ctx) if token is None else None
    return hindered if hindered is not None else _run(ctx, token)


def _ask_or_say(ctx: Context, token: str | None) -> ActionDone | ActionPending:
    """As ``ask``; "asked" is "failed" when Azure took the script and says that it failed."""
    hindered = hindrance(ctx) if token is None else None
    if hindered is not None:
        return hindered
    try:
        return _run(ctx, token)
    except AzureProblem as problem:
        if problem.kind is not ProblemKind.OPERATION_FAILED:
            raise
        return _failed(ctx, problem)


def _run(ctx: Context, token: str | None) -> ActionDone | ActionPending:
    return _start(ctx, again=False) if token is None else _resume(ctx, _Under.load(token))


def hindrance(ctx: Context) -> ActionDone | None:
    """Why asking would be in vain. The checks look at the same things and say what to do."""
    names = ctx.names
    vm = ctx.azure.virtual_machine(names.resource_group, names.vm)
    if vm.value is None or vm.value.power_state != "running":
        return _not_asked(f"{names.vm} is not running, so it was not asked.", vm.source)
    if vm.value.os_type not in {"Windows", ""}:
        return _not_asked(f"{names.vm} runs {vm.value.os_type}, which has no Windows PowerShell.", vm.source)
    if vm.value.agent_status != "Ready":  # Azure would take the command, and sit on it until the agent is there
        return _not_asked(f"The agent of {names.vm} is not ready, so it was not asked.", vm.source)
    vault = ctx.azure.vault(names.resource_group, names.vault)
    if vault.value is None:
        return _not_asked(f"{names.vault} is not there, so {names.vm} was not asked to read from it.", vault.source)
    secret = ctx.azure.secret(names.resource_group, names.vault, names.secret)
    if secret.value is None:
        return _not_asked(f"{names.secret} is not there, so {names.vm} was not asked to read it.", secret.source)
    return None


def _not_asked(summary: str, source: Source) -> ActionDone:
    return ActionDone(summary, did=False, sources=(source,), facts={"asked": "no"})


def _start(ctx: Context, *, again: bool) -> ActionDone | ActionPending:
    names = ctx.names
    nonce = secrets.token_hex(16)
    started = ctx.azure.run_powershell(names.resource_group, names.vm, on_the_vm.script(names, nonce))
    return _answer(ctx, started, _Under(nonce, "", again))


def _resume(ctx: Context, under: _Under) -> ActionDone | ActionPending:
    try:
        answer = ctx.azure.resume_run_powershell(under.azure)
    except AzureProblem as problem:
        # Azure forgets an operation some time after it ended. The script only reads: ask once more.
        if problem.kind is ProblemKind.NOT_FOUND and not under.again:
            return _start(ctx, again=True)
        raise
    return _answer(ctx, answer, under)


def _answer(ctx: Context, answer: Done[RunCommandResult] | Running, under: _Under) -> ActionDone | ActionPending:
    if isinstance(answer, Running):
        return _later(ctx, answer, under)
    report = on_the_vm.read(answer.value.stdout, under.nonce)
    facts = _facts(ctx, report, under.nonce) | problems.source_facts(answer.source)
    return ActionDone(_summary(ctx.names, report), _did(report), (answer.source,), facts)


def _later(ctx: Context, answer: Running, under: _Under) -> ActionDone | ActionPending:
    """Looks grow rarer. Azure lets a command run for ninety minutes; nobody waits that long for one that needs one."""
    vm = ctx.names.vm
    if under.waited >= LONGEST:
        minutes = int(under.waited // 60)
        facts = {"asked": "running", "minutes": str(minutes), **problems.source_facts(answer.source)}
        return ActionDone(f"{vm} has not come to an end with the script in {minutes} minutes.", False, facts=facts)
    pause = max(1.0, answer.retry_after, min(under.looks / 2, 30.0))
    onward = replace(under, azure=answer.token, looks=under.looks + 1, waited=under.waited + pause)
    said = f"{vm} is running the script; Azure takes twenty seconds or more for it."
    return ActionPending(onward.dump(), pause, said, (answer.source,))


def _failed(ctx: Context, problem: AzureProblem) -> ActionDone:
    said = {"answer_code": problem.code, "answer_message": problem.message, **problems.source_facts(problem.source)}
    summary = f"Azure could not bring the script to {ctx.names.vm}."
    return ActionDone(summary, did=False, sources=(problem.source,), facts={"asked": "failed", **said})


def _did(report: on_the_vm.Report | None) -> bool:
    return report is not None and report.stage == "done"


def _summary(names: Names, report: on_the_vm.Report | None) -> str:
    if report is None:
        return f"{names.vm} ran the script, but its answer could not be read."
    if report.stage == "done":
        return f"{names.vm} read {names.secret} with its own identity. Only a digest of the value came back."
    if report.stage in {"token", "claims"}:
        return f"{names.vm} got no usable token from its metadata service."
    return f"{names.vm} has a token, but could not read {names.secret} from {names.vault}."


def _facts(ctx: Context, report: on_the_vm.Report | None, nonce: str) -> dict[str, str]:
    """What is kept of the report: of the HMAC, only the portal's own digest. ``answer_status`` is the
    HTTP status the script met; ``stage`` "" when the answer could not be read."""
    if report is None:
        return {"asked": "yes", "stage": ""}
    return {
        "asked": "yes",
        "stage": report.stage,
        "oid": report.oid,
        "aud": report.aud,
        "tid": report.tid,
        "mirid": report.mirid,
        "secret_id": report.secret_id,
        "digest": ctx.digest(f"{nonce}:{report.hmac}") if report.hmac else "",
        "answer_status": str(report.status),
        "answer_code": report.code,
        "answer_message": report.message,
        "answer_failure": report.failure,
        "answer_deny": report.deny,
    }


def _plan(names: Names) -> str:
    return (
        f"Run a short PowerShell script on {names.vm} through Run Command: it gets a token for the VM's identity, "
        f"reads {names.secret} from {names.vault}, and answers who it was and a digest. Token and value stay on the VM."
    )


ASK_VM = Action("ask-vm", "Read the secret on the VM", _plan, _ask_or_say, expected_seconds=30.0)
