"""Pasted words of the vault: the third command went wrong."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.kit.findings import not_yet
from steps.kit.verdict import Finding

_ASKED_FIRST = ("The metadata service", "first command")


def secret_disabled(own: Own) -> Finding:
    names = own.names
    how = f"Open {names.secret}, its current version, and set Enabled to Yes; or: `{az.enable_secret(names)}`. "
    how = f"{how}{own.again}"
    if own.secret.value is not None and own.secret.value.enabled:
        how = f"{names.secret} is enabled now. {own.once_more}"
    return not_yet(
        "answer_met_disabled_secret",
        wanted=own.wanted,
        found="The vault let the machine in, but the secret was disabled: nobody gets it while it is.",
        next_step=how,
        seen=own.seen,
    )


def refused(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_vault_refused",
        wanted=own.wanted,
        found=f"{names.vault} answered with an error that the portal does not know. Perhaps it is nothing you did.",
        next_step=f"{own.once_more} If it stays so, read Azure's own words: they say what to look at.",
        seen=own.seen,
    )


def nothing_there(own: Own) -> Finding:
    names = own.names
    there = own.secret.value is not None
    how = f"{names.secret} is there now. " if there else f"Do Task 2 first: create {names.secret}. "
    return not_yet(
        "answer_nothing_there",
        wanted=own.wanted,
        found="Nothing was found at the address that the last command asked (404): the secret's name or a version in "
        "it is mistyped, or the secret was not there then.",
        next_step=f"{how}Compare the address: {names.vault_uri}secrets/{names.secret}?api-version=2016-10-01. "
        f"{own.again}",
        seen=own.seen,
    )


def secret_not_found(own: Own) -> Finding:
    names, asked = own.names, own.said.get("secret", own.names.secret)
    if not same(asked, names.secret):
        return not_yet(
            "answer_asked_other_secret",
            wanted=own.wanted,
            found=f"Your last command asked for the secret {asked}, and there is none of that name. Yours is "
            f"{names.secret}.",
            next_step=f"Put {names.secret} into its address. {own.again}",
            seen=own.seen,
        )
    there = own.secret.value is not None
    how = f"{names.secret} is there now. " if there else f"Do Task 2 first: create {names.secret}. "
    return not_yet(
        "answer_secret_not_found",
        wanted=own.wanted,
        found=f"The vault had no {names.secret}, or no such version of it, when you asked (404).",
        next_step=f"{how}Ask for it without a version, as the guide does. {own.again}",
        seen=own.seen,
    )


def bad_request(own: Own) -> Finding:
    names = own.names
    return not_yet(
        "answer_bad_request",
        wanted=own.wanted,
        found="The vault could not make sense of the last command: something in its address is mistyped.",
        next_step=f"The address is {names.vault_uri}secrets/{names.secret}?api-version=2016-10-01: compare it part by "
        f"part, or copy the command from the guide. {own.again}",
        seen=own.seen,
    )


def wrong_method(own: Own) -> Finding:
    whom, which = _ASKED_FIRST if own.said.get("to") == "imds" else (own.names.vault, "last command")
    if "to" not in own.said:
        whom, which = "Azure", "command"
    return not_yet(
        "answer_with_wrong_method",
        wanted=own.wanted,
        found=f"{whom} does not take the method of your {which} (405): one reads with GET, and that stands "
        "after -Method.",
        next_step=f"Write -Method GET in the {which}. {own.again}",
        seen=own.seen,
    )


def busy(own: Own) -> Finding:
    return not_yet(
        "answer_vault_busy",
        wanted=own.wanted,
        found="The vault was busy just when you asked it. That is nothing you did.",
        next_step=f"Wait a minute. {own.again}",
        seen=own.seen,
    )
