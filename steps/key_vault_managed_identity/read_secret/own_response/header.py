"""Pasted words of the vault about the token it was shown, or the header that was to carry it."""

from __future__ import annotations

from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding

_END = '-Headers @{Authorization="Bearer $KeyVaultToken"}'


def no_token(own: Own) -> Finding:
    if "header" in own.said:
        return _as_seen(own)
    return not_yet(
        "answer_without_token",
        wanted=own.wanted,
        found=f"The last command showed {own.names.vault} no token that it could take for one: $KeyVaultToken was "
        "empty, or the word Bearer and a space were missing before it, or the header was not sent. Variables live in "
        "one PowerShell window only, and in one Run command.",
        next_step=f"Run all three commands one after the other, in the same window, on {own.names.vm}; the last one "
        f"with `{_END}`. Then paste what it prints.",
        seen=own.seen,
    )


def token_refused(own: Own) -> Finding:
    if "header" in own.said:
        return _as_seen(own)
    return not_yet(
        "answer_token_refused",
        wanted=own.wanted,
        found=f"{own.names.vault} did not accept the token (401). It was cut off or mistyped, perhaps, or stood in "
        "single quotes, or its day is over.",
        next_step=f"Fetch a fresh one, and send it with `{_END}`: with double quotes. {own.again}",
        seen=own.seen,
    )


def _as_seen(own: Own) -> Finding:
    """The command itself was pasted, too, and shows what was wrong."""
    if own.said["header"] == "single-quotes":
        return not_yet(
            "answer_with_single_quotes",
            wanted=own.wanted,
            found="The token stands in single quotes in your last command. Between those PowerShell leaves a variable "
            "as it is, so the vault got the word $KeyVaultToken instead of the token.",
            next_step=f"Use double quotes: `{_END}`. {own.again}",
            seen=own.seen,
        )
    if own.said["header"] == "whole-reply":
        return not_yet(
            "answer_with_whole_reply",
            wanted=own.wanted,
            found="Your last command puts $Response into the header. That is the whole reply of the metadata service, "
            "and the token is a part of it. Inside quotes PowerShell takes $Response alone, whatever follows the dot.",
            next_step="Take the token out first, with `$KeyVaultToken = $Response.access_token`, and send that: "
            f"`{_END}`. {own.again}",
            seen=own.seen,
        )
    return not_yet(
        "answer_without_bearer",
        wanted=own.wanted,
        found="The word Bearer is missing before the token in your last command. It tells the vault what kind of proof "
        "follows, and without it the vault sees none.",
        next_step=f"Put Bearer and a space before it: `{_END}`. {own.again}",
        seen=own.seen,
    )
