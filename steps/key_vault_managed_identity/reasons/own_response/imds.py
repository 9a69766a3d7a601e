"""The reasons of findings about a pasted response of the metadata service, or of the token it gave."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons.own_response.words import (
    METADATA,
    NOT_YOURS,
    SHOWN,
    first,
    last,
)
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_without_metadata_header": Reason(
        "The metadata service was asked without its header.",
        why="The header shows that a program on the machine asks, and not somebody who tricked a web server into it.",
        hints=(
            lambda names: "The metadata service says itself what was missing.",
            lambda names: "-Headers belongs at the end of the first command, with a table after it.",
            first,
        ),
        idea="managed-identity",
    ),
    "answer_without_resource": Reason(
        "The metadata service was asked without a resource.",
        why="A token opens one service only, so the metadata service has to know which.",
        hints=(
            lambda names: "The address of the first command ends in a part that says what the token is for.",
            lambda names: "Without quotes around it, the address ends at its first &.",
            first,
        ),
        idea="token-audience",
    ),
    "answer_with_unknown_resource": Reason(
        "The metadata service was asked for a service it does not know.",
        why="A token is for a kind of service, Key Vault, and never for one vault.",
        hints=(
            lambda names: f"Did you put the address of {names.vault} after resource=?",
            lambda names: "It is https://vault.azure.net for every vault, with no name before it and no slash after.",
            first,
        ),
        idea="token-audience",
    ),
    "answer_without_api_version": Reason(
        "The metadata service was asked without an api-version.",
        why="Azure's services change. The version says which form of question and answer is meant.",
        hints=(
            lambda names: "Look at what stands after the ? in the first command.",
            lambda names: "api-version=2018-02-01 comes first, then &, then resource=.",
            first,
        ),
        idea="managed-identity",
    ),
    "answer_identity_not_found": Reason(
        "The metadata service knew no identity when the student asked.",
        why=SHOWN,
        hints=(
            lambda names: "Who is the machine, to Azure?",
            lambda names: f"Look at {names.vm}, Security, Identity, System assigned.",
            lambda names: f"`{az.identity_on(names)}`; and name no client_id in the first command.",
        ),
        idea="managed-identity",
        remedies=("turn-identity-on",),
    ),
    "answer_many_identities": Reason(
        "The metadata service had several user-assigned identities to choose from.",
        why=SHOWN,
        hints=(
            lambda names: "How many identities has the machine, and of which kind?",
            lambda names: f"Switch on the one under System assigned: `{az.identity_on(names)}`",
        ),
        idea="managed-identity",
        remedies=("turn-identity-on",),
    ),
    "answer_imds_busy": Reason(
        "The metadata service was busy or being updated when the student asked.",
        why=NOT_YOURS,
        hints=(lambda names: "Wait for a minute, then run the commands again.", first),
        idea="managed-identity",
    ),
    "answer_imds_refused": Reason(
        "The metadata service refused the student's request, for a reason that the paste does not tell.",
        why="The metadata service answers one form of question only: an address in set parts, and a header.",
        hints=(
            lambda names: "Compare your first command with the guide's, sign by sign.",
            lambda names: "Copy all of the error: what the metadata service says stands in braces.",
            first,
        ),
        idea="managed-identity",
    ),
    "answer_not_run_on_vm": Reason(
        "The first command reached no metadata service: it was not run on a VM.",
        why=f"{METADATA} That is why nobody else can get it.",
        hints=(
            lambda names: "On which machine did you run the commands?",
            lambda names: f"They have to run on {names.vm}. Your own computer and Cloud Shell have no such service.",
            lambda names: f"{names.vm}, Operations, Run command, RunPowerShellScript: paste all three there, and Run.",
        ),
        idea="managed-identity",
    ),
    "answer_is_the_token": Reason(
        "The VM's token was pasted instead of the vault's answer.",
        why="A token lets whoever has it in, until it runs out: it is to be shown to the vault and to nobody else.",
        hints=(
            lambda names: "That came from the first or second command. There is a third.",
            lambda names: "The third one shows the token to the vault, which answers with the secret.",
            last,
        ),
        idea="token-audience",
    ),
    "answer_token_for_other_audience": Reason(
        "The student's token is for another service than Key Vault.",
        why="A token opens the one service it is made out for, so that whom you show it to cannot use it elsewhere.",
        hints=(
            lambda names: "For which service did you ask for the token?",
            lambda names: "The part resource= of the first command has to name vault.azure.net.",
            first,
        ),
        idea="token-audience",
    ),
    "answer_token_of_other_tenant": Reason(
        "The student's token comes from another tenant.",
        why="A vault trusts one tenant only, the one it was made in.",
        hints=(
            lambda names: "Are you at the right machine, in the right subscription?",
            lambda names: f"{names.vm} belongs to the tenant {names.tenant_id}.",
        ),
        idea="managed-identity",
    ),
}
