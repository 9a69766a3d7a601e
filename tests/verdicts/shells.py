"""Rows about Task 4: what PowerShell, Azure and other tools print instead of the vault's answer."""

from __future__ import annotations

from tests.verdicts.responses import paste, row

GUIDE = "from the guide as they stand"

SHELL = (
    row("answer_with_syntax_error", "A quote is missing", paste("a quote"), ("a quote is missing",), (GUIDE,)),
    row("answer_with_syntax_error", "A brace is missing", paste("a brace"), ("a brace",), (GUIDE,)),
    row("answer_with_syntax_error", "The address has no quotes", paste("an ampersand"), ("without quotes",), (GUIDE,)),
    row(
        "answer_not_from_powershell",
        "The commands were run in the command prompt",
        paste("the command prompt"),
        ("command prompt or a Linux shell",),
        ("open Windows PowerShell",),
    ),
    row("answer_with_unknown_command", "A command is mistyped", paste("a typo"), ("typing mistake",), (GUIDE,)),
    row("answer_with_wrong_parameter", "A parameter is wrong", paste("a parameter"), ("-Headers",), (GUIDE,)),
    row(
        "answer_with_wrong_address",
        "An address leads nowhere",
        paste("an address"),
        ("leads nowhere",),
        ("{vault_uri}",),
    ),
    row(
        "answer_with_empty_variable",
        "A variable was empty",
        paste("an empty variable"),
        ("A variable was empty",),
        ("in the same window, on {vm}",),
    ),
    row(
        "answer_run_command_busy",
        "Azure ran another command for the student",
        paste("another command"),
        ("one at a time", "the portal's own check"),
        ("Wait until this check is over",),
    ),
    row(
        "answer_vm_was_not_running",
        "The VM was off when the student sent the commands",
        paste("VM off"),
        ("{vm} was not running",),
        ("az vm start",),
        remedy="start-vm",
    ),
    row(
        "answer_vm_agent_was_not_ready",
        "The VM's agent did not answer the student",
        paste("agent off"),
        ("The agent on {vm}",),
        ("restart {vm}",),
    ),
    row(
        "answer_nothing_printed",
        "The script printed nothing",
        paste("nothing printed"),
        ("printed nothing",),
        ("--query",),
    ),
    row(
        "answer_is_the_command",
        "The command itself was pasted",
        paste("the command"),
        ("a command",),
        ("three commands",),
    ),
    row("answer_cut_off", "The response is a table, cut off", paste("a table"), ("cuts off",), ("Format-List",)),
    row(
        "answer_without_id",
        "The line with the id is missing",
        paste("no id"),
        ("the line with the id",),
        ("Format-List",),
    ),
    row(
        "answer_is_a_list",
        "A list of secrets was pasted",
        paste("a list of secrets"),
        ("a list of secrets in a vault",),
        ("{vault_uri}secrets/{secret}",),
    ),
    row(
        "answer_of_deleted_secret",
        "The answer is about a deleted secret",
        paste("a deleted secret"),
        ("a deleted secret",),
        ("{secret} is there",),
        remedy="recover-secret",
    ),
    row(
        "answer_of_key_or_certificate",
        "The answer is about a key",
        paste("a key"),
        ("That is a key",),
        ("{vault_uri}secrets/{secret}",),
    ),
    row(
        "answer_from_other_tool",
        "The secret was read with the Azure CLI",
        paste("the Azure CLI"),
        ("the Azure CLI", "that is you"),
        ("the guide's three commands on {vm}",),
    ),
)
