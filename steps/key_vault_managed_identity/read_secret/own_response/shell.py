"""Pasted words of PowerShell: what it could not read, or could not do."""

from __future__ import annotations

from steps.key_vault_managed_identity.read_secret.own_response.own import Own, other_vault
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding

_SLIPS = {
    "quote": "a quote is missing at the start or the end of an address or a word",
    "brace": "a brace, or the @ before it, is missing in the part after -Headers",
    "parenthesis": "a parenthesis is missing",
    "ampersand": "the address stands without quotes, and PowerShell takes its & for a command of its own",
    "placeholder": "a < stands in it, as around the part of an example that is to be replaced",
    "at": 'the @ before the name of a file needs quotes around it, as in "@read-secret.ps1"',
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
    found = "The address in one of the commands leads nowhere: it is mistyped, or a part of it is missing."
    how = f"The vault's address is {names.vault_uri}, and it ends in vault.azure.net for every vault."
    if own.said.get("to") == "imds":
        found = "The digits in the address of your first command are not those of the metadata service."
        how = "It is at http://169.254.169.254, on each machine in Azure."
    return not_yet(
        "answer_with_wrong_address",
        wanted=own.wanted,
        found=found,
        next_step=f"{how} {_as_printed(own)}",
        seen=own.seen,
    )


def wrong_scheme(own: Own) -> Finding:
    names = own.names
    if own.said.get("to") == "imds":
        found = (
            "Your first command asks the metadata service at https://169.254.169.254. It is inside the machine, and "
        )
        found += "answers only to http://, without the s."
        how = "Begin that address with http://169.254.169.254."
    elif other := other_vault(own):
        return other
    else:
        found = (
            f"Your last command asks for http://{names.vault}.vault.azure.net. A vault lets nothing go unencrypted, "
        )
        found += "and answers only to https://, with the s."
        how = f"Begin that address with {names.vault_uri}."
    return not_yet(
        "answer_with_wrong_scheme",
        wanted=own.wanted,
        found=found,
        next_step=f"{how} {own.again}",
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


def command_only(own: Own) -> Finding:
    return not_yet(
        "answer_is_the_command",
        wanted=own.wanted,
        found="That is a command, or the address in it, and not what it prints.",
        next_step=f"Run the three commands on {own.names.vm}, and paste what appears below the last one.",
        seen=own.seen,
    )


def header_broken(own: Own) -> Finding:
    return not_yet(
        "answer_header_broken",
        wanted=own.wanted,
        found="PowerShell could not send the token: a line break, or another sign that does not belong, stands in it.",
        next_step=f"Do not copy the token by hand: $KeyVaultToken carries it. {_as_printed(own)}",
        seen=own.seen,
    )


def scripts_off(own: Own) -> Finding:
    vm = own.names.vm
    return not_yet(
        "answer_scripts_forbidden",
        wanted=own.wanted,
        found="Windows did not run the file, for running scripts is off there. That is how it comes, and may stay so.",
        next_step=f"No file is needed: paste the three commands of the guide into PowerShell on {vm} themselves, and "
        "press Enter. Then paste here what the last one prints.",
        seen=own.seen,
    )


def web_request(own: Own) -> Finding:
    return not_yet(
        "answer_from_web_request",
        wanted=own.wanted,
        found="That is what Invoke-WebRequest prints: it shows the web page around an answer, and cuts the answer off.",
        next_step=f"The guide's commands begin with Invoke-RestMethod. {_as_printed(own)}",
        seen=own.seen,
    )
