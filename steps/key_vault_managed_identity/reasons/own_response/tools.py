"""The reasons of findings about a pasted response of Azure's Run Command, or of the Azure CLI that asked for it."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons.own_response.words import all_three, last
from steps.kit.reasons import Reason

_NOTHING_RAN = "Before a command can say anything, Azure has to take it to the machine."

REASONS: dict[str, Reason] = {
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
    "answer_run_command_failed": Reason(
        "Azure did not bring the student's Run Command to an end.",
        why="Azure hands a command to a helper on the machine, and waits for it to report. It is nothing you did.",
        hints=(
            lambda names: f"{names.vm}, Extensions + applications shows the helpers, and which of them failed.",
            lambda names: (
                f"Restart {names.vm}: `az vm restart --resource-group {names.resource_group} --name {names.vm}`"
            ),
            lambda names: f"Or connect to {names.vm} with Remote Desktop, and run the commands there.",
        ),
        idea="managed-identity",
    ),
    "answer_vm_not_windows": Reason(
        "The student's Run Command went to a machine that runs Linux.",
        why="The commands of this lab are Windows PowerShell's.",
        hints=(
            lambda names: "To which machine did you send them?",
            lambda names: f"{names.vm}, Overview shows its operating system.",
        ),
        idea="managed-identity",
    ),
    "answer_shell_script_for_windows": Reason(
        "The student's Run Command was RunShellScript, and the machine runs Windows.",
        why="Each kind of system has a shell of its own, and Azure hands a script only to the one it is meant for.",
        hints=(
            lambda names: "Which entry did you choose under Run command?",
            lambda names: f"{names.vm}, Operations, Run command, RunPowerShellScript.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_vm_not_found": Reason(
        "Azure found no machine or group of the name that the student gave.",
        why=_NOTHING_RAN,
        hints=(
            lambda names: "Compare the names in your command with those of this lab.",
            lambda names: f"`az vm show --resource-group {names.resource_group} --name {names.vm}` must find it.",
            lambda names: f"`az account set --subscription {names.subscription_id}`",
        ),
        idea="managed-identity",
    ),
    "answer_may_not_run_commands": Reason(
        "The student's account may not run commands on the VM.",
        why="Who may run commands on a machine may do anything there, so Azure asks for a role of its own for it.",
        hints=(
            lambda names: "As whom are you signed in, and in which subscription? `az account show` tells.",
            lambda names: f"{names.vm}, Access control (IAM), Check access, shows your roles.",
        ),
        idea="access-policy-and-rbac",
    ),
    "answer_az_signed_out": Reason(
        "The tool that was to send the student's commands was not signed in.",
        why=_NOTHING_RAN,
        hints=(
            lambda names: "Who are you, to the Azure CLI? `az account show` tells.",
            lambda names: "`az login`",
        ),
        idea="managed-identity",
    ),
    "answer_az_mistyped": Reason(
        "The Azure CLI did not understand the student's command, or found no file to send.",
        why=_NOTHING_RAN,
        hints=(
            lambda names: "The error names the word, or the file.",
            lambda names: "Is read-secret.ps1 in the folder that your shell is in? `ls` shows what is there.",
            lambda names: 'In PowerShell, @ has a meaning of its own: "@read-secret.ps1" needs its quotes.',
        ),
        idea="managed-identity",
    ),
    "answer_az_not_there": Reason(
        "There was no Azure CLI where the student used it.",
        why="The Azure CLI is a program of its own that tells Azure what to do. The machine itself does not need it.",
        hints=(
            lambda names: "In which window did you type az?",
            lambda names: "Cloud Shell, in the Azure portal at the top, has the Azure CLI ready.",
            all_three,
        ),
        idea="managed-identity",
    ),
}
