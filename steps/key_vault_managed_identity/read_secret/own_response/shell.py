"""Pasted words of PowerShell or of what runs it, and answers that are not the one wanted."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding

_SLIPS = {
    "quote": "a quote is missing at the start or the end of an address or a word",
    "brace": "a brace, or the @ before it, is missing in the part after -Headers",
    "parenthesis": "a parenthesis is missing",
    "ampersand": "the address stands without quotes, and PowerShell takes its & for a command of its own",
    "other": "a sign is missing or one too many",
}


def _as_printed(own: Own) -> str:
    return (
        f"Copy all three commands from the guide as they stand, run them on {own.names.vm}, and paste what the last "
        "one prints."
    )


def syntax(own: Own) -> Finding:
    slip = _SLIPS[own.said.get("slip", "other")]
    return not_yet(
        "answer_with_syntax_error",
        wanted=own.wanted,
        found=f"PowerShell could not read the command, so it ran nothing: {slip}.",
        next_step=_as_printed(own),
        seen=own.seen,
    )


def not_powershell(own: Own) -> Finding:
    return not_yet(
        "answer_not_from_powershell",
        wanted=own.wanted,
        found="The commands were not run in PowerShell, but in a command prompt or a Linux shell, which do not know "
        "them.",
        next_step=f"On {own.names.vm} open Windows PowerShell (or start it with `powershell`). {_as_printed(own)}",
        seen=own.seen,
    )


def unknown_command(own: Own) -> Finding:
    return not_yet(
        "answer_with_unknown_command",
        wanted=own.wanted,
        found="PowerShell did not know a word at the start of a line: a typing mistake in Invoke-RestMethod, perhaps, "
        "or a $ that is missing before a variable.",
        next_step=_as_printed(own),
        seen=own.seen,
    )


def wrong_parameter(own: Own) -> Finding:
    return not_yet(
        "answer_with_wrong_parameter",
        wanted=own.wanted,
        found="PowerShell did not accept what stands after one of -Uri, -Method and -Headers, or that word itself. "
        "-Headers takes a table, @{...}, with the @ before the brace.",
        next_step=_as_printed(own),
        seen=own.seen,
    )


def wrong_address(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_with_wrong_address",
        wanted=own.wanted,
        found="The address in one of the commands leads nowhere: it is mistyped, or a part of it is missing.",
        next_step=f"The vault's address is {names.vault_uri}, and it ends in vault.azure.net for every vault. "
        f"{_as_printed(own)}",
        seen=own.seen,
    )


def empty_variable(own: Own) -> Finding:
    return not_yet(
        "answer_with_empty_variable",
        wanted=own.wanted,
        found="A variable was empty when a command used it: the command that should have filled it failed, or ran in "
        "another window.",
        next_step=f"Run all three commands one after the other, in the same window, on {own.names.vm}. Then paste what "
        "the last one prints.",
        seen=own.seen,
    )


def run_command_busy(own: Own) -> Finding:
    vm = own.names.vm
    return not_yet(
        "answer_run_command_busy",
        wanted=own.wanted,
        found=f"{vm} was running another command when you sent yours, and Azure runs one at a time. That may have been "
        "the portal's own check.",
        next_step=f"Wait until this check is over, then run the commands once more on {vm} and paste what they print.",
        seen=own.seen,
    )


def vm_not_running(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_vm_was_not_running",
        wanted=own.wanted,
        found=f"{names.vm} was not running, so Azure ran nothing on it.",
        next_step=f"Start it (Overview, Start; or `{az.start_vm(names)}`), wait a minute. {own.again}",
        seen=own.seen,
    )


def agent_not_ready(own: Own) -> Finding:
    vm = own.names.vm
    return not_yet(
        "answer_vm_agent_was_not_ready",
        wanted=own.wanted,
        found=f"The agent on {vm} did not answer Azure, so the commands were not run. After a start it takes a minute.",
        next_step=f"Wait a minute; if it stays so, restart {vm}. {own.again}",
        seen=own.seen,
    )


def nothing_printed(own: Own) -> Finding:
    return not_yet(
        "answer_nothing_printed",
        wanted=own.wanted,
        found="Azure ran the script, and it printed nothing. An error is printed apart from the rest, and may have "
        "been left out of what you see.",
        next_step='With the Azure CLI end the command with --query "value[].message", which shows errors too. '
        f"{_as_printed(own)}",
        seen=own.seen,
    )


def command_only(own: Own) -> Finding:
    return not_yet(
        "answer_is_the_command",
        wanted=own.wanted,
        found="That is a command, not what it prints.",
        next_step=f"Run the three commands on {own.names.vm}, and paste what appears below the last one.",
        seen=own.seen,
    )


_LAST = "End the last command with | Format-List, as the guide does."


def id_cut_off(own: Own) -> Finding:
    return not_yet(
        "answer_cut_off",
        wanted=own.wanted,
        found="The secret's identifier is in your response, but not whole: its version is missing, or cut off. "
        "PowerShell cuts off what does not fit into a column of its table.",
        next_step=f"{_LAST} {own.again} The identifier must end in 32 letters and digits.",
        seen=own.seen,
    )


def id_left_out(own: Own) -> Finding:
    return not_yet(
        "answer_without_id",
        wanted=own.wanted,
        found="That looks like the vault's answer, but the line with the id is not in it. The value was dropped at "
        "once.",
        next_step=f"{_LAST} {own.again} Paste all of it, with the line that begins with id.",
        seen=own.seen,
    )


def listing(own: Own) -> Finding:
    what = "versions of one secret" if own.said.get("of") == "versions" else "secrets in a vault"
    return not_yet(
        "answer_is_a_list",
        wanted=own.wanted,
        found=f"That is a list of {what}. A list holds no value, so reading one proves nothing.",
        next_step=f"Ask for {own.names.vault_uri}secrets/{own.names.secret}?api-version=2016-10-01, as the guide's "
        f"last command does. {own.again}",
        seen=own.seen,
    )


def deleted_secret(own: Own) -> Finding:
    names = own.names
    how = f"Recover it: `{az.recover_secret(names)}`. {own.again}"
    if own.secret.value is not None:
        how = f"{names.secret} is there. {own.once_more}"
    return not_yet(
        "answer_of_deleted_secret",
        wanted=own.wanted,
        found="That is about a deleted secret, which nobody can read before it is recovered.",
        next_step=how,
        seen=own.seen,
    )


def other_object(own: Own) -> Finding:
    names, what = own.names, own.said.get("of", "key")
    return not_yet(
        "answer_of_key_or_certificate",
        wanted=own.wanted,
        found=f"That is a {what}. A vault keeps keys, secrets and certificates apart, each under an address of its "
        "own.",
        next_step=f"Ask for {names.vault_uri}secrets/{names.secret} in the last command. {own.again}",
        seen=own.seen,
    )


def other_tool(own: Own) -> Finding:
    names = own.names
    tool = "Get-AzKeyVaultSecret" if own.said.get("tool") == "powershell" else "the Azure CLI"
    return not_yet(
        "answer_from_other_tool",
        wanted=own.wanted,
        found=f"That is what {tool} prints. It reads as whoever is signed in to it, and that is you: it does not show "
        f"that {names.vm} can.",
        next_step=f"Run the guide's three commands on {names.vm}: they take the machine's own token. Paste what the "
        "last one prints.",
        seen=own.seen,
    )
