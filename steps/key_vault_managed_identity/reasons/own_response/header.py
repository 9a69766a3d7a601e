"""The reasons of findings about a pasted response that tells of the token that the vault was shown."""

from __future__ import annotations

from steps.key_vault_managed_identity.reasons.own_response.words import SHOWN, all_three, last
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
    "answer_without_bearer": Reason(
        "The word Bearer was missing before the student's token.",
        why="A header says first what kind of proof it carries. Bearer means: let in whoever bears this token.",
        hints=(
            lambda names: "Compare what stands after Authorization= in your last command with the guide's.",
            lambda names: "It is the word Bearer, a space, then $KeyVaultToken, all in one pair of double quotes.",
            last,
        ),
        idea="managed-identity",
    ),
    "answer_with_whole_reply": Reason(
        "The whole reply of the metadata service stood in the header instead of the token.",
        why="The reply has several parts: the token, how long it is good, what it is for. The vault wants the token.",
        hints=(
            lambda names: "Which variable holds the token itself?",
            lambda names: "The second command, $KeyVaultToken = $Response.access_token, takes it out of the reply.",
            all_three,
        ),
        idea="managed-identity",
    ),
    "answer_with_single_quotes": Reason(
        "The student's token stood in single quotes.",
        why="PowerShell puts the content of a variable into a text only between double quotes.",
        hints=(
            lambda names: "Which quotes stand around Bearer $KeyVaultToken in your last command?",
            lambda names: "`'$x'` is the text $x itself; `\"$x\"` is what the variable x holds.",
            last,
        ),
        idea="managed-identity",
    ),
}
