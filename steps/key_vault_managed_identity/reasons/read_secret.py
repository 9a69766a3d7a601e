"""The reasons that findings of Task 4 give about what the VM did for the portal."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons import own_response, reading, refused_by_vault
from steps.kit.reasons import Reason

_SHOWN = "The token is what the machine shows instead of a password: without one, no vault lets it in."
_METADATA = "A machine in Azure gets its tokens from a service inside Azure that only it can reach, at 169.254.169.254."

_VM: dict[str, Reason] = {
    "vm_answered": Reason("The VM ran the script and answered."),
    "vm_not_asked_yet": Reason(
        "Something was missing when the VM was to be asked, and is there now.",
        why="What was not there cannot be judged by. Now that it is, the machine is asked again.",
        hints=(
            lambda names: "Nothing is wrong: one thing came a moment after the other.",
            lambda names: f"With the next look {names.vm} is asked as usual.",
        ),
        idea="managed-identity",
    ),
    "vm_runs_another_command": Reason(
        "Azure refuses a Run Command because another one runs on the VM.",
        why="Azure runs one command at a time on a machine, and one that runs cannot be called off. It says nothing "
        "about your work.",
        hints=(
            lambda names: "Did you start a Run command yourself, in another tab or with the Azure CLI?",
            lambda names: f"Look at {names.vm}, Operations, Run command: it shows one that is under way.",
            lambda names: "Let it end, then check again. A command that hangs is ended by Azure after 90 minutes.",
        ),
        idea="managed-identity",
    ),
    "vm_command_failed": Reason(
        "Azure refuses the Run Command, or ends it in Failed.",
        why="A helper on the machine, an extension, runs a command for Azure and reports how it ended. It says nothing "
        "about your work.",
        hints=(
            lambda names: "Azure's words stand in what was found. Did the machine start or stop just then?",
            lambda names: f"{names.vm}, Settings, Extensions + applications shows the helpers and how they are.",
            lambda names: (
                f"Restart {names.vm}: `az vm restart --resource-group {names.resource_group} --name {names.vm}`"
            ),
        ),
        idea="managed-identity",
    ),
    "vm_command_never_ended": Reason(
        "Azure does not come to an end with the Run Command in ten minutes.",
        why="Azure gives a command ninety minutes, and cannot call one off. One that hangs keeps every other from "
        "running. It says nothing about your work.",
        hints=(
            lambda names: "Something on the machine, or between it and Azure, hangs.",
            lambda names: f"{names.vm}, Overview, Properties shows whether the agent still reports.",
            lambda names: (
                f"Restart {names.vm}: `az vm restart --resource-group {names.resource_group} --name {names.vm}`"
            ),
        ),
        idea="managed-identity",
    ),
    "vm_answer_unreadable": Reason(
        "What the script printed is not its answer, or not the answer to this question.",
        why="Only an answer that carries the question's own number counts, so that an old one cannot pass for a new.",
        hints=(
            lambda names: "Does PowerShell on the machine do what it should?",
            lambda names: f"Run `Write-Output 1` by the Run command of {names.vm}: it must print 1 and nothing else.",
            lambda names: "A profile script that prints something, or that stops PowerShell, is in the way.",
        ),
        idea="managed-identity",
    ),
}

_IMDS: dict[str, Reason] = {
    "token_is_the_vms": Reason("The token is for the VM's own identity and for Key Vault."),
    "token_unreadable": Reason(
        "The metadata service's token could not be decoded.",
        why=_SHOWN,
        hints=(
            lambda names: "A token has three parts with dots between them. What answered may not be the real service.",
            lambda names: f"Is a proxy set on {names.vm} that answers for 169.254.169.254?",
        ),
        idea="managed-identity",
    ),
    "token_of_other_identity": Reason(
        "The token is for another object id than the VM's, and for none of its others.",
        why=reading.WHOSE,
        hints=(
            lambda names: "An identity is known by its object id. Which one does the machine have now?",
            lambda names: f"It stands under {names.vm}, Security, Identity, System assigned.",
            lambda names: f"Restart {names.vm}: it then asks for a token of the identity it has now.",
        ),
        idea="managed-identity",
    ),
    "token_of_former_identity": Reason(
        "The token is of an identity that the VM had before.",
        why="Switched off and on again, or created anew, a machine has another identity, with another object id. The "
        "metadata service may hand out a token of the old one for a day.",
        hints=(
            lambda names: "Has the identity been switched off since it was first switched on?",
            lambda names: f"Compare the object id under {names.vm}, Security, Identity with the one in the token.",
            lambda names: f"Restart {names.vm}, then give the new object id access as in Task 3.",
        ),
        idea="managed-identity",
    ),
    "token_of_user_assigned_identity": Reason(
        "The token is of a user-assigned identity of the VM, its own being off.",
        why="A user-assigned identity lives apart from the machine and may be lent to many. This lab is about the "
        "machine's own, which comes and goes with it.",
        hints=(
            lambda names: f"{names.vm} can have two kinds of identity. Which kind is on?",
            lambda names: f"Look at both tabs under {names.vm}, Security, Identity.",
            lambda names: f"Set System assigned to On: `{az.identity_on(names)}`. From then on that one is taken.",
        ),
        idea="managed-identity",
        remedies=("turn-identity-on",),
    ),
    "token_for_other_audience": Reason(
        "The token is not for Key Vault.",
        why="A token opens the one service it is made out for. That way a service that you show it to cannot use it "
        "anywhere else.",
        hints=(
            lambda names: "The portal asked for the right one, so what answered is not what was asked.",
            lambda names: f"On {names.vm}, `netsh winhttp show proxy` shows whether something stands between.",
            lambda names: f"Restart {names.vm}. If it stays so, run the guide's first command there and compare.",
        ),
        idea="token-audience",
    ),
    "token_of_other_tenant": Reason(
        "The token comes from another tenant than the subscription's.",
        why="A vault trusts one tenant only, and takes no token of another.",
        hints=(
            lambda names: "Has the subscription been moved to another directory since the machine was made?",
            lambda names: f"Then {names.vm} still has an identity of the old directory: switch it off and on again.",
            lambda names: "The new identity has a new object id, which needs its own access: Task 3 again.",
        ),
        idea="managed-identity",
    ),
    "imds_identity_not_found": Reason(
        "The metadata service knows no identity, though Azure shows one.",
        why=f"{_METADATA} What is switched on in Azure reaches the machine a little later.",
        hints=(
            lambda names: "Was the identity switched on a moment ago? Then wait for another.",
            lambda names: f"{names.vm}, Security, Identity, System assigned shows its state and its object id.",
            lambda names: f"Restart {names.vm}: it then learns of its identity anew.",
        ),
        idea="managed-identity",
    ),
    "imds_many_identities": Reason(
        "The VM has several user-assigned identities and no system-assigned one.",
        why="Without a choice the metadata service takes the machine's own identity; where there is none, it does not "
        "guess among several.",
        hints=(
            lambda names: f"How many identities has {names.vm}, and of which kind?",
            lambda names: "The lab needs the one under System assigned. The others may stay.",
            lambda names: f"`{az.identity_on(names)}`",
        ),
        idea="managed-identity",
        remedies=("turn-identity-on",),
    ),
    "imds_refused": Reason(
        "The metadata service refused the request for another reason.",
        why=_METADATA,
        hints=(
            lambda names: "The words of the metadata service stand in what was found.",
            lambda names: f"Run the guide's first command on {names.vm}, and see whether it says the same to you.",
        ),
        idea="managed-identity",
    ),
    "imds_updating": Reason(
        "The metadata service is being updated: 404 or 410.",
        why=f"{_METADATA} It is updated now and then, and back in about a minute. It says nothing about your work.",
        hints=(lambda names: "Wait for about a minute.", lambda names: "Then check again."),
        idea="managed-identity",
    ),
    "imds_busy": Reason(
        "The metadata service got too many requests: 429.",
        why=f"{_METADATA} It takes about five requests a second. It says nothing about your work.",
        hints=(
            lambda names: "Wait for a moment.",
            lambda names: f"Does a program on {names.vm} ask for tokens over and over again?",
        ),
        idea="managed-identity",
    ),
    "imds_failed": Reason(
        "The metadata service had an error of its own.",
        why=f"{_METADATA} Such errors pass. It says nothing about your work.",
        hints=(
            lambda names: "Wait for a minute.",
            lambda names: f"If it stays for a quarter of an hour, restart {names.vm}.",
        ),
        idea="managed-identity",
    ),
    "imds_unreachable": Reason(
        "The VM could not connect to its metadata service.",
        why=_METADATA,
        hints=(
            lambda names: "Something on the machine stands between it and an address that is always there.",
            lambda names: f"On {names.vm}, `netsh winhttp show proxy` and the Windows Firewall show the usual causes.",
            lambda names: "169.254.169.254 must be reached directly, never through a proxy. A restart often helps.",
        ),
        idea="managed-identity",
    ),
}

REASONS: dict[str, Reason] = {
    **_VM,
    **_IMDS,
    **reading.REASONS,
    **refused_by_vault.REASONS,
    **own_response.REASONS,
}
