"""The reasons of findings about a pasted response of the vault: about rights, the secret or the request."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons.own_response.words import (
    NOT_YOURS,
    last,
)
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_asked_other_vault": Reason(
        "The student's last command asked another vault.",
        why="The address of a secret begins with its vault.",
        hints=(
            lambda names: "Compare the address in your last command with the name of your vault, letter by letter.",
            lambda names: f"It is {names.vault_uri}.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_asked_other_secret": Reason(
        "The student's last command asked for a secret of another name.",
        why="The machine asks for a secret by its name, and one letter makes another name.",
        hints=(
            lambda names: "Compare what stands after /secrets/ with the name of your secret, letter by letter.",
            lambda names: f"It is {names.secret}.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_denied": Reason(
        "The vault turned the VM away when the student asked, and does still.",
        why="The vault knows who asks, and nobody has told it to let this one in.",
        hints=(
            lambda names: "The machine did all right. What is missing is on the side of the vault.",
            lambda names: f"Task 3 lets {names.vm} into {names.vault}. Does it pass?",
        ),
        idea="access-policy-and-rbac",
    ),
    "answer_denied_another_right": Reason(
        "403: the student asked the vault for something else than reading.",
        why="Each thing that can be done with a secret is a right of its own: to get it is one, to list, set or delete "
        "it are others.",
        hints=(
            lambda names: "What stands after -Method in your last command, and what after /secrets/?",
            lambda names: (
                f"Reading is GET, at the address that ends in /secrets/{names.secret}?api-version=2016-10-01."
            ),
            last,
        ),
        idea="access-policy-and-rbac",
    ),
    "answer_met_deny_assignment": Reason(
        "403 in the student's response, by a deny assignment.",
        why="Azure looks for what forbids before it looks for what allows. A deny assignment is not made by hand: "
        "something that Azure manages for somebody brings it along.",
        hints=(
            lambda names: f"{names.vault}, Access control (IAM), Deny assignments: what is its name, and who is in it?",
            lambda names: "A deployment stack sets one for what it guards: its deny settings say so.",
        ),
        idea="access-policy-and-rbac",
    ),
    "answer_denied_earlier": Reason(
        "The vault turned the VM away when the student asked, and lets it in now.",
        why="An answer shows how things were when it was given.",
        hints=(lambda names: "Ask once more: it is open now.", last),
        idea="access-policy-and-rbac",
    ),
    "answer_met_disabled_secret": Reason(
        "The secret was disabled when the student asked.",
        why="A disabled secret is kept, and given to nobody.",
        hints=(
            lambda names: f"Open {names.secret} and its current version: is Enabled set to Yes?",
            lambda names: f"`{az.enable_secret(names)}`",
            last,
        ),
        idea="control-and-data-plane",
        remedies=("enable-secret",),
    ),
    "answer_forbidden": Reason(
        "403 in the student's response, without what Azure says about why.",
        why="A vault says no in the same words for many reasons; what it adds tells them apart.",
        hints=(
            lambda names: "Copy the whole error: the reason stands in the part in braces.",
            lambda names: (
                f"Does the portal's own check of {names.vm} read the secret by now? Then run the third command anew."
            ),
        ),
        idea="access-policy-and-rbac",
    ),
    "answer_secret_not_found": Reason(
        "The vault had no such secret, or no such version, when the student asked.",
        why="The machine asks for the secret by its name; a version after it asks for that very one.",
        hints=(
            lambda names: f"Which secrets has {names.vault}, and which of them are deleted?",
            lambda names: f"The address ends in /secrets/{names.secret}, and no version has to follow.",
            last,
        ),
        idea="soft-delete",
    ),
    "answer_nothing_there": Reason(
        "404 in the student's response, without what the vault says about it.",
        why="An address that is wrong by one letter is the address of something else, or of nothing.",
        hints=(
            lambda names: "Which part of the address is not as in the guide?",
            lambda names: f"The last part is /secrets/{names.secret}, and no version has to follow.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_vault_refused": Reason(
        "The vault answered the student with an error that nobody foresaw.",
        why="The portal judges only by what it knows. It keeps nothing of what it does not.",
        hints=(
            lambda names: "The vault's own words stand in the part in braces, after message.",
            lambda names: f"Does the portal's own check of {names.vm}, above, meet something?",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_bad_request": Reason(
        "The vault could not read the student's request.",
        why="An address has parts in a set order, and a vault does not guess.",
        hints=(
            lambda names: "Compare the address in your last command with the guide's, part by part.",
            lambda names: "The vault, then /secrets/, then the name, then ?api-version=2016-10-01.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_with_wrong_method": Reason(
        "405: the student's command used another method than GET.",
        why="A request says what it wants to do by its method: GET reads, PUT and POST write, DELETE deletes.",
        hints=(
            lambda names: "What stands after -Method?",
            lambda names: "-Method GET, in the first command and in the last. Left out, it is GET as well.",
            last,
        ),
        idea="control-and-data-plane",
    ),
    "answer_vault_busy": Reason(
        "The vault was busy when the student asked.",
        why=NOT_YOURS,
        hints=(lambda names: "Wait for a minute, then run the commands again.", last),
        idea="control-and-data-plane",
    ),
}
