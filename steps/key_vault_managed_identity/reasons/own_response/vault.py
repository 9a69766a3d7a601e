"""The reasons of findings about a pasted response of the vault, or of the way to it."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons.own_response.words import (
    NOT_YOURS,
    SHOWN,
    all_three,
    last,
)
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_without_token": Reason(
        "The vault was shown no token.",
        why=SHOWN,
        hints=(
            lambda names: "What does `$KeyVaultToken.Length` print, in the same window?",
            lambda names: "If it prints 0 or nothing, the first two commands have not filled it.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_token_refused": Reason(
        "The vault did not accept the student's token, for another reason.",
        why=SHOWN,
        hints=(
            lambda names: "Did you copy the token by hand? It is long, and one sign too few spoils it.",
            lambda names: "Let the variable carry it: $KeyVaultToken, as in the guide.",
            all_three,
        ),
        idea="managed-identity",
    ),
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
    "answer_denied_earlier": Reason(
        "The vault turned the VM away when the student asked, and lets it in now.",
        why="An answer shows how things were when it was given.",
        hints=(lambda names: "Ask once more: it is open now.", last),
        idea="access-policy-and-rbac",
    ),
    "answer_met_firewall": Reason(
        "The vault's firewall turned the student's request away.",
        why="A vault can look at where a request comes from, before it looks at who sends it.",
        hints=(
            lambda names: f"From which networks may {names.vault} be reached?",
            lambda names: f"Look at {names.vault}, Settings, Networking.",
            lambda names: f"`{az.open_network(names)}`",
        ),
        idea="network-rules",
        remedies=("open-network",),
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
            lambda names: f"The portal's own check of {names.vm}, above, meets the same.",
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
    "answer_vault_busy": Reason(
        "The vault was busy when the student asked.",
        why=NOT_YOURS,
        hints=(lambda names: "Wait for a minute, then run the commands again.", last),
        idea="control-and-data-plane",
    ),
    "answer_vault_unresolved": Reason(
        "The vault's name was not known where the student asked.",
        why="A vault is found by its name, and one that is deleted has none any more.",
        hints=(
            lambda names: f"Is {names.vault} there? Task 1 tells.",
            lambda names: "A vault that was made a minute ago takes another one to be known everywhere.",
        ),
        idea="network-rules",
    ),
    "answer_vault_unreachable": Reason(
        "The student's machine could not connect to the vault.",
        why="A vault is on the internet: the machine's network has to let it out there.",
        hints=(
            lambda names: "Can the machine open any page on the internet?",
            lambda names: f"`Test-NetConnection {names.vault}.vault.azure.net -Port 443` tells.",
        ),
        idea="network-rules",
    ),
    "answer_tls_failed": Reason(
        "The student's machine and the vault could not agree on an encrypted connection.",
        why="Nobody may read on the way what a vault answers, so it talks TLS 1.2 or newer only.",
        hints=(
            lambda names: "An older Windows PowerShell begins with an older way to encrypt.",
            lambda names: "`[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` before the three commands.",
        ),
        idea="network-rules",
    ),
    "answer_certificate_not_trusted": Reason(
        "The student's machine did not trust the certificate shown to it.",
        why="A certificate shows that it is the vault that answers, and nobody in between. It counts for a set time "
        "only, by the machine's clock.",
        hints=(
            lambda names: f"Is the clock of {names.vm} right? `Get-Date` tells.",
            lambda names: "A proxy that looks into what is encrypted shows a certificate of its own.",
        ),
        idea="network-rules",
    ),
    "answer_from_a_proxy": Reason(
        "A proxy answered the student in the place of Azure.",
        why="A proxy passes requests on. The metadata service can be asked by the machine alone, not through another "
        "one.",
        hints=(
            lambda names: "On which machine did you run the commands?",
            lambda names: f"On {names.vm}, `netsh winhttp show proxy` shows one that is set for all programs.",
            lambda names: "`netsh winhttp reset proxy` takes it out.",
        ),
        idea="network-rules",
    ),
}
