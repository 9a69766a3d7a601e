"""The reasons of findings about a pasted response of PowerShell."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons.own_response.words import (
    PROOF,
    READ,
    all_three,
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
    "answer_with_wrong_scheme": Reason(
        "The student's address began with https where it must be http, or the other way round.",
        why="A request to the metadata service stays inside the machine's host, and is not encrypted. What goes over "
        "the internet must be, and a vault takes nothing else.",
        hints=(
            lambda names: "How does the address in your command begin? One letter makes the difference.",
            lambda names: "http:// for 169.254.169.254, and https:// for the vault.",
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
    "answer_is_the_command": Reason(
        "The command was pasted instead of what it prints.",
        why=PROOF,
        hints=(
            lambda names: "What appears below the last command, after you press Enter?",
            lambda names: "In the Azure portal it stands under Output, half a minute after Run.",
        ),
        idea="managed-identity",
    ),
    "answer_header_broken": Reason(
        "PowerShell could not send the token: it had a sign in it that no header may have.",
        why="A token is one long word. Copied from a window it takes the line breaks of that window along.",
        hints=(
            lambda names: "How did the token get into your last command?",
            lambda names: "The second command puts it into $KeyVaultToken, and the third takes it from there.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_scripts_forbidden": Reason(
        "Windows does not run files of PowerShell where the student tried.",
        why="A file from elsewhere may do anything, so Windows runs none until it is told to. What is typed or pasted "
        "into the window it runs.",
        hints=(
            lambda names: "You do not need a file: three commands in the window will do.",
            lambda names: f"The Run command of {names.vm} in the Azure portal is not kept from running them either.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_from_web_request": Reason(
        "The answer of Invoke-WebRequest was pasted, cut off, or its error.",
        why=PROOF,
        hints=(
            lambda names: "Which command did you use to ask the vault?",
            lambda names: "Invoke-RestMethod reads the answer and shows it in parts; Invoke-WebRequest does not.",
            all_three,
        ),
        idea="managed-identity",
    ),
}
