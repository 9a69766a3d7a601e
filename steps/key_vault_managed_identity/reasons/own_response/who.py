"""The reasons of findings about a pasted response of a token that is not the VM's."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons.own_response.words import WHOSE, all_three, first
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_from_other_vm": Reason(
        "The student's token is of another VM.",
        why=WHOSE,
        hints=(
            lambda names: "To which machine are you connected? `hostname` tells.",
            lambda names: f"The lab is about {names.vm}.",
        ),
        idea="managed-identity",
    ),
    "answer_from_former_identity": Reason(
        "The student's token is of an identity that the VM had before.",
        why="Switched off and on again, or created anew, a machine has another identity, and the old one's rights do "
        "not pass on.",
        hints=(
            lambda names: f"Has the identity of {names.vm} been switched off since?",
            lambda names: f"Compare the object id under {names.vm}, Security, Identity with the one in your response.",
            lambda names: f"Restart {names.vm}, and do Task 3 for the object id it has now.",
        ),
        idea="managed-identity",
    ),
    "answer_from_other_tool": Reason(
        "The answer is of the Azure CLI or of Azure PowerShell, not of the guide's commands.",
        why=WHOSE,
        hints=(
            lambda names: "Who is signed in where you ran that? `az account show` tells.",
            lambda names: f"{names.vm} signs in to nothing: it asks its metadata service for a token.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_from_own_account": Reason(
        "The student's token is of their own account, or of the connection's.",
        why=WHOSE,
        hints=(
            lambda names: "Whose token is it that az or Cloud Shell hands out? Yours.",
            lambda names: f"The machine's own comes from its metadata service, on {names.vm} only.",
            first,
        ),
        idea="managed-identity",
    ),
    "answer_from_user_assigned": Reason(
        "The student's token is of a user-assigned identity of the VM.",
        why="A user-assigned identity lives apart from the machine and may be lent to many. This lab is about the "
        "machine's own.",
        hints=(
            lambda names: "Does your first command name an identity? The guide's names none.",
            lambda names: f"Look at both tabs under {names.vm}, Security, Identity.",
            first,
        ),
        idea="managed-identity",
    ),
    "answer_from_other_identity": Reason(
        "The student's token is of an identity that the portal cannot name.",
        why=WHOSE,
        hints=(
            lambda names: "On which machine, and as whom, did you run the commands?",
            lambda names: f"The object id of {names.vm} stands under Security, Identity. Compare it.",
        ),
        idea="managed-identity",
    ),
}
