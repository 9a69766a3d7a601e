"""Pasted words of what runs PowerShell on the machine: Azure's Run Command, and the Azure CLI that asks for it."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding


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
        f"{own.again}",
        seen=own.seen,
    )


def run_command_failed(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_run_command_failed",
        wanted=own.wanted,
        found=f"Azure could not bring the commands to {names.vm}, or heard nothing of how they ended. That is nothing "
        "you did.",
        next_step=f"Restart {names.vm} (Overview, Restart), and wait a minute or two. {own.again}",
        seen=own.seen,
    )


def not_windows(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_vm_not_windows",
        wanted=own.wanted,
        found="The machine runs Linux, so Azure did not run Windows PowerShell on it.",
        next_step=f"Send the commands to {names.vm}, in {names.resource_group}. If that one runs Linux, this lab needs "
        "a Windows VM: set its name under Your names.",
        seen=own.seen,
    )


def shell_script(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_shell_script_for_windows",
        wanted=own.wanted,
        found=f"Your Run Command was RunShellScript, which is for Linux. {names.vm} runs Windows, so Azure "
        "ran nothing.",
        next_step=f"Choose RunPowerShellScript; for az that is --command-id RunPowerShellScript. {own.again}",
        seen=own.seen,
    )


def vm_not_found(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_vm_not_found",
        wanted=own.wanted,
        found="Azure found no machine, no group or no command of the name that you gave, so nothing was run.",
        next_step=f"The machine is {names.vm}, in the resource group {names.resource_group} of the subscription "
        f"{names.subscription_id}, and the command is RunPowerShellScript. {own.again}",
        seen=own.seen,
    )


def may_not_run(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_may_not_run_commands",
        wanted=own.wanted,
        found=f"Azure did not let your account run commands on {names.vm}: it has no role that allows that, or the "
        "command went to another subscription.",
        next_step=f"`az account set --subscription {names.subscription_id}` chooses the right one. If it stays so, you "
        f"need the role Virtual Machine Contributor on {names.vm}; or connect to it with Remote Desktop. {own.again}",
        seen=own.seen,
    )


def az_signed_out(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_az_signed_out",
        wanted=own.wanted,
        found="The tool that was to send the commands is not signed in, or not any more, so nothing was run.",
        next_step=f"Sign in with `az login`, then `az account set --subscription {names.subscription_id}`. "
        f"Or use Run command in the Azure portal. {own.again}",
        seen=own.seen,
    )


def az_mistyped(own: Own) -> Finding:
    return not_yet(
        "answer_az_mistyped",
        wanted=own.wanted,
        found="The Azure CLI did not understand its command, or found no file read-secret.ps1 where you ran it. "
        "Nothing was run.",
        next_step="Save the three commands as read-secret.ps1 in the folder your shell is in, and copy the command for "
        f"az whole, with the quotes. {own.again}",
        seen=own.seen,
    )


def az_missing(own: Own) -> Finding:
    vm = own.names.vm
    return not_yet(
        "answer_az_not_there",
        wanted=own.wanted,
        found="There is no Azure CLI where you ran that: the word az is not known.",
        next_step=f"az runs on your own computer or in Cloud Shell, not on {vm}. On {vm} itself run the guide's three "
        "commands in PowerShell, and paste what the last one prints.",
        seen=own.seen,
    )
