"""The reasons of findings about a pasted response of PowerShell, or of what runs it."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons.own_response.words import (
    PROOF,
    READ,
    all_three,
    last,
)
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_with_syntax_error": Reason(
        "PowerShell could not read the student's command.",
        why=READ,
        hints=(
            lambda names: "PowerShell shows the place with ~~~~ below the line.",
            lambda names: "Every quote, brace and parenthesis that opens has to close.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_not_from_powershell": Reason(
        "The commands were run in a command prompt or a Linux shell.",
        why="The commands of this lab are PowerShell's.",
        hints=(
            lambda names: "What does the prompt look like? PowerShell's begins with PS.",
            lambda names: "In a command prompt, type `powershell` and press Enter.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_with_unknown_command": Reason(
        "PowerShell did not know a command.",
        why="A line begins with a command that PowerShell knows, or with a variable and its $.",
        hints=(
            lambda names: "The error names the word that is not recognized.",
            lambda names: "It is Invoke-RestMethod, and variables begin with $.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_with_wrong_parameter": Reason(
        "PowerShell did not accept a parameter.",
        why=READ,
        hints=(
            lambda names: "The error names the parameter.",
            lambda names: '-Headers takes a table: @{Metadata="true"}, with the @.',
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_with_wrong_address": Reason(
        "An address in the student's commands leads nowhere.",
        why="An address that is wrong by one letter leads to another place, or to none.",
        hints=(
            lambda names: "The error names the address, or its host.",
            lambda names: f"The vault's is {names.vault_uri}, with https and vault.azure.net.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_with_empty_variable": Reason(
        "A variable of the student's was empty.",
        why="Variables live in one PowerShell window, and in one Run command, and are gone with it.",
        hints=(
            lambda names: "Which command fills the variable, and did it end well?",
            lambda names: "All three have to run in the same window.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_run_command_busy": Reason(
        "Azure refused the student's Run Command because another one ran.",
        why="Azure runs one command at a time on a machine, the portal's checks among them.",
        hints=(
            lambda names: "Is a check of this page under way? It uses the Run command too.",
            lambda names: "Wait until it has ended, then run yours.",
        ),
        idea="managed-identity",
    ),
    "answer_vm_was_not_running": Reason(
        "Azure refused the student's Run Command because the VM did not run.",
        why="A machine that is off runs nothing.",
        hints=(
            lambda names: f"What does {names.vm}, Overview say under Status?",
            lambda names: f"`{az.start_vm(names)}`",
        ),
        idea="managed-identity",
        remedies=("start-vm",),
    ),
    "answer_vm_agent_was_not_ready": Reason(
        "Azure refused the student's Run Command because the VM's agent did not report.",
        why="The agent is what runs commands on the machine for Azure.",
        hints=(
            lambda names: "After a start the agent needs a minute or two until it reports.",
            lambda names: f"{names.vm}, Overview, Properties shows Agent status. If it stays Not Ready, restart it.",
        ),
        idea="managed-identity",
    ),
    "answer_nothing_printed": Reason(
        "Azure's answer about a script that printed nothing.",
        why="Azure hands over in two parts what a script prints: what it has to say, and its errors.",
        hints=(
            lambda names: "Was there an error that you do not see?",
            lambda names: 'With the Azure CLI, --query "value[].message" shows both parts.',
            last,
        ),
        idea="managed-identity",
    ),
    "answer_is_the_command": Reason(
        "The command was pasted instead of what it prints.",
        why=PROOF,
        hints=(
            lambda names: "What appears below the last command, after you press Enter?",
            lambda names: "In the Azure portal it stands under Output, half a minute after Run.",
        ),
        idea="managed-identity",
    ),
}
