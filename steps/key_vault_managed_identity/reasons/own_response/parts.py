"""The reasons of findings about a pasted response of an identifier that does not fit, or is not whole."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons.own_response.words import (
    PROOF,
    VERSIONS,
    all_three,
    last,
)
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_right": Reason("The pasted identifier fits."),
    "answer_missing": Reason(
        "Nothing was pasted.",
        why=PROOF,
        hints=(
            lambda names: f"What is asked for here happens on {names.vm} itself, not in your browser.",
            lambda names: f"{names.vm}, Operations, Run command, RunPowerShellScript runs commands there.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_from_other_vault": Reason(
        "The pasted identifier is of another vault.",
        why=PROOF,
        hints=(
            lambda names: "The address of a secret begins with its vault. Which one did you ask?",
            lambda names: f"Yours is {names.vault_uri}.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_of_other_secret": Reason(
        "The pasted identifier is of another secret.",
        why=PROOF,
        hints=(
            lambda names: "The name after /secrets/ says which one you asked for.",
            lambda names: f"Yours is {names.secret}.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_of_older_version": Reason(
        "The pasted identifier is of a version that was the current one before.",
        why=VERSIONS,
        hints=(
            lambda names: "Has the secret been set again since you read it?",
            lambda names: f"{names.vault}, Objects, Secrets, {names.secret} shows which version is the current one.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_of_other_version": Reason(
        "The pasted identifier is of another version, and the portal cannot tell which.",
        why=VERSIONS,
        hints=(
            lambda names: "Is there a version in the address of your last command? The guide's has none.",
            lambda names: f"{names.vault}, Objects, Secrets, {names.secret} lists its versions.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "current_version_unknown": Reason(
        "Azure does not say which version is the current one.",
        why="Your response can only be compared with what Azure tells. It says nothing about your work.",
        hints=(
            lambda names: f"Once {names.vm} reads {names.secret} for the portal, the version is known.",
            lambda names: "Put right what the checks above ask for.",
        ),
        idea="control-and-data-plane",
    ),
    "answer_cut_off": Reason(
        "The identifier is there, but cut off.",
        why=f"{PROOF} What is cut off cannot be compared.",
        hints=(
            lambda names: "Compare what you pasted with what stands on the screen. Is anything missing at an end?",
            lambda names: "PowerShell fits what it shows into a table. | Format-List at the end makes a list of it.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_without_id": Reason(
        "The vault's answer is there, without the line with the id.",
        why=PROOF,
        hints=(
            lambda names: "An answer of the vault has several lines. Which one begins with id?",
            lambda names: "Copy all that the last command prints, not the value alone.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_is_a_list": Reason(
        "A list of secrets or of versions was pasted.",
        why="Listing and reading are two rights: a list shows what there is, and never a value.",
        hints=(
            lambda names: "What stands after /secrets/ in your last command?",
            lambda names: f"The name of one secret has to follow, {names.secret}, and nothing after it but the ?.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_of_deleted_secret": Reason(
        "The answer is about a deleted secret.",
        why="A deleted secret is kept for a while so that it can be recovered, and read by nobody meanwhile.",
        hints=(
            lambda names: "Whoever asks under /deletedsecrets/ hears about what is gone.",
            lambda names: f"Your last command should ask under /secrets/, for {names.secret} itself.",
            last,
        ),
        idea="soft-delete",
    ),
    "answer_of_key_or_certificate": Reason(
        "The answer is about a key or a certificate.",
        why="Keys, secrets and certificates are three shelves of one vault, each with rights of its own.",
        hints=(
            lambda names: "Which word stands between the vault and the name in your last command?",
            lambda names: "It has to be secrets.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_from_other_cloud": Reason(
        "The answer, or the address that was asked, is of another cloud of Azure's.",
        why="Azure has clouds of their own for China and for the United States government, with other addresses, other "
        "sign-ins and other tokens.",
        hints=(
            lambda names: "How does the address in your last command end?",
            lambda names: f"Yours is {names.vault_uri}.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_is_a_web_page": Reason(
        "A web page was pasted instead of the vault's answer.",
        why="A vault has two addresses: a page in the Azure portal for people, and one of its own for programs.",
        hints=(
            lambda names: "Which address stands in your last command?",
            lambda names: f"The vault's own is {names.vault_uri}: Overview shows it as Vault URI.",
            last,
        ),
        idea="control-and-data-plane",
    ),
}
