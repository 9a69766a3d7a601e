"""Judges what the student pasted: the identifier in it, or what went wrong instead."""

from __future__ import annotations

from collections.abc import Callable

from steps.key_vault_managed_identity import common, looks, told_once
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.read_secret.ask_vm import ASK_VM
from steps.key_vault_managed_identity.read_secret.identifier import Identifier
from steps.key_vault_managed_identity.read_secret.own_response import (
    answers,
    header,
    imds,
    network,
    rights,
    shell,
    tools,
    vault,
)
from steps.key_vault_managed_identity.read_secret.own_response.compare import compare
from steps.key_vault_managed_identity.read_secret.own_response.kinds import Kind, Pasted
from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.key_vault_managed_identity.read_secret.own_response.recognise import keep
from steps.key_vault_managed_identity.read_secret.vm_told import ANSWERED, READ, TOKEN, told_to
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet
from steps.kit.task import Ask, Context, Facts
from steps.kit.verdict import Finding

OWN = "own-response"
RESPONSE = Ask(
    id="identifier",
    label="The response of the last command",
    help="Paste all that it prints, as it stands there: the line that begins with id must be among it, and the value "
    "alone tells nothing. If it is an error, paste that, "
    "whole: the portal then says what it means. Of a response only the secret's identifier (https://…/secrets/…) is "
    "kept, and of an error which one it was; value and token are dropped at once.",
    keep=keep,
)

_JUDGES: dict[Kind, Callable[[Own], Finding]] = {
    Kind.NO_METADATA_HEADER: imds.no_header,
    Kind.RESOURCE_MISSING: imds.resource_missing,
    Kind.RESOURCE_UNKNOWN: imds.resource_unknown,
    Kind.IMDS_VERSION: imds.version_missing,
    Kind.NO_IDENTITY: imds.no_identity,
    Kind.MANY_IDENTITIES: imds.many_identities,
    Kind.IMDS_BUSY: imds.busy,
    Kind.IMDS_REFUSED: imds.refused,
    Kind.IMDS_UNREACHABLE: imds.unreachable,
    Kind.TOKEN: imds.token,
    Kind.NO_TOKEN: header.no_token,
    Kind.OTHER_AUDIENCE: imds.other_audience,
    Kind.OTHER_ISSUER: imds.other_tenant,
    Kind.TOKEN_REFUSED: header.token_refused,
    Kind.DENIED_BY_POLICY: rights.denied,
    Kind.DENIED_BY_RBAC: rights.denied,
    Kind.FIREWALL: network.firewall,
    Kind.SECRET_DISABLED: vault.secret_disabled,
    Kind.FORBIDDEN: rights.forbidden,
    Kind.SECRET_NOT_FOUND: vault.secret_not_found,
    Kind.NOTHING_THERE: vault.nothing_there,
    Kind.BAD_REQUEST: vault.bad_request,
    Kind.WRONG_METHOD: vault.wrong_method,
    Kind.VAULT_REFUSED: vault.refused,
    Kind.VAULT_BUSY: vault.busy,
    Kind.VAULT_UNRESOLVED: network.unresolved,
    Kind.VAULT_UNREACHABLE: network.unreachable,
    Kind.TLS: network.tls_failed,
    Kind.PROXY: network.proxy,
    Kind.SYNTAX: shell.syntax,
    Kind.NOT_POWERSHELL: shell.not_powershell,
    Kind.UNKNOWN_COMMAND: shell.unknown_command,
    Kind.WRONG_PARAMETER: shell.wrong_parameter,
    Kind.WRONG_ADDRESS: shell.wrong_address,
    Kind.WRONG_SCHEME: shell.wrong_scheme,
    Kind.EMPTY_VARIABLE: shell.empty_variable,
    Kind.HEADER_BROKEN: shell.header_broken,
    Kind.SCRIPTS_OFF: shell.scripts_off,
    Kind.WEB_REQUEST: shell.web_request,
    Kind.COMMAND_ONLY: shell.command_only,
    Kind.RUN_COMMAND_BUSY: tools.run_command_busy,
    Kind.VM_NOT_RUNNING: tools.vm_not_running,
    Kind.AGENT_NOT_READY: tools.agent_not_ready,
    Kind.RUN_COMMAND_FAILED: tools.run_command_failed,
    Kind.NOT_WINDOWS: tools.not_windows,
    Kind.SHELL_SCRIPT: tools.shell_script,
    Kind.NOTHING_PRINTED: tools.nothing_printed,
    Kind.VM_NOT_FOUND: tools.vm_not_found,
    Kind.MAY_NOT_RUN: tools.may_not_run,
    Kind.AZ_SIGNED_OUT: tools.az_signed_out,
    Kind.AZ_MISTYPED: tools.az_mistyped,
    Kind.AZ_MISSING: tools.az_missing,
    Kind.ID_CUT_OFF: answers.id_cut_off,
    Kind.ID_LEFT_OUT: answers.id_left_out,
    Kind.LIST: answers.listing,
    Kind.DELETED_SECRET: answers.deleted_secret,
    Kind.OTHER_OBJECT: answers.other_object,
    Kind.OTHER_TOOL: answers.other_tool,
    Kind.OTHER_CLOUD: answers.other_cloud,
    Kind.WEB_PAGE: answers.web_page,
}


def _no_vm(own: Own) -> Finding | None:
    """What an error means cannot be told, nor mended, where there is no VM. A look that fails is no such case."""
    machine = if_told(own.facts, looks.VM)
    if machine.value is not None:
        return None
    return common.waits_for(ANSWERED, f"{own.names.vm} to be there", (machine,), wanted=own.wanted)


def _in_vain(own: Own) -> Finding | None:
    """Who runs the commands while the portal's own script does not get through meets what that has met: another check
    tells it. None where the script has read the secret."""
    names, told = own.names, told_to(OWN, own.ctx, own.facts, wanted=own.wanted)
    if isinstance(told, Finding):
        return told
    if told.value["stage"] in {"token", "claims"}:
        return common.waits_for(TOKEN, "a token that the vault takes", (told,), wanted=own.wanted)
    if told.value["stage"] != "done":
        return common.waits_for(READ, f"{names.vault} to give {names.vm} the secret", (told,), wanted=own.wanted)
    return None


def judge_answer(ctx: Context, facts: Facts) -> Finding:
    try:
        return _judge(ctx, facts)
    except AzureProblem as problem:
        if not told_once.alike(_met_on_the_way(facts), problem):
            raise
        wanted = "Your own response: looked at when Azure answers."
        return told_once.waits(ANSWERED, problem, wanted=wanted)


def _met_on_the_way(facts: Facts) -> AzureProblem | None:
    """What the check of the VM's answering tells: the problem of the VM, or of asking it."""
    machine = if_told(facts, looks.VM).value
    if isinstance(machine, AzureProblem):
        return machine
    try:
        facts.told(ASK_VM)
    except AzureProblem as problem:
        return problem
    return None


def _judge(ctx: Context, facts: Facts) -> Finding:
    names, kept = ctx.names, ctx.answers.get(RESPONSE.id, "")
    pasted, given = Pasted.parse(kept), Identifier.parse(kept)
    own = Own(
        ctx,
        facts,
        said=pasted.facts if pasted else {},
        wanted=f"Your own response names the current version of {names.secret} in {names.vault}.",
        secret=facts.of(looks.SECRET),
    )
    if given is not None:
        return compare(own, given)
    if pasted is not None:
        return _no_vm(own) or _JUDGES[pasted.kind](own)
    return _in_vain(own) or not_yet(
        "answer_missing",
        wanted=own.wanted,
        found="There is no response of yours yet.",
        next_step=f"Run the three commands of the guide on {names.vm}, paste what the last one prints into the field "
        f"of this page, and check.{_or_the_portal(ctx)}",
        seen=own.seen,
    )


def _or_the_portal(ctx: Context) -> str:
    """For who has just let the portal mend something: with that alone the task is not done."""
    if not set(ctx.facts) - {ASK_VM.id}:
        return ""
    return (
        " Or leave that to the portal as well, where this page offers Have the portal do it: the task is then marked "
        "as carried out by the portal."
    )
