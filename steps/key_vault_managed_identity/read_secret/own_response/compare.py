"""The identifier in a student's own response, compared with theirs part by part: vault, name, version."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.read_secret.ask_vm import ASK_VM
from steps.key_vault_managed_identity.read_secret.identifier import CURRENT_BEFORE, Identifier
from steps.key_vault_managed_identity.read_secret.own_response.own import Own
from steps.key_vault_managed_identity.read_secret.vm_told import READ
from steps.kit.azure import AzureProblem
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.verdict import Choice, Finding


def compare(own: Own, given: Identifier) -> Finding:
    names = own.names
    if not common.same(given.vault, names.vault):
        return _other_vault(own, given)
    if not common.same(given.name, names.secret):
        return _other_secret(own, given)
    if own.secret.value is None:
        missing = f"{names.secret}, which is not in {names.vault} now"
        return common.waits_for(READ, missing, own.seen, wanted=own.wanted)
    current = own.secret.value.version or _version_read(own)
    if not current:
        return could_not_tell(
            "current_version_unknown",
            wanted=own.wanted,
            found=f"Azure does not say which version of {names.secret} is the current one.",
            next_step=LOOKS_AGAIN,
            seen=own.seen,
        )
    if not common.same(given.version, current):
        return _other_version(own, given, current)
    return passed(
        "answer_right",
        wanted=own.wanted,
        found=f"It does, part by part: the vault {names.vault}, the secret {names.secret}, and its version "
        f"{given.version}. The value was not kept.",
        seen=own.seen,
        notes=given.note,
    )


def _version_read(own: Own) -> str:
    read = Identifier.parse(own.facts.told(ASK_VM).get("secret_id", ""))
    return read.version if read else ""


def _other_vault(own: Own, given: Identifier) -> Finding:
    names = own.names
    vaults = if_told(own.facts, looks.ALL_VAULTS)
    mine = () if isinstance(vaults.value, AzureProblem) else vaults.value
    in_group = (one for one in mine if common.same(one.resource_group, names.resource_group))
    meant = next((one.name for one in in_group if common.same(one.name, given.vault)), "")
    named = f"The secret's name, {given.name}, fits."
    if not common.same(given.name, names.secret):
        named = f"Its secret is called {given.name}, and yours {names.secret}."
    return not_yet(
        "answer_from_other_vault",
        wanted=own.wanted,
        found=f"Your response is from the vault {given.vault}; yours is {names.vault}. {named}",
        next_step=f"Ask for {names.vault_uri}secrets/{names.secret} in the last command. {own.again}"
        + (f" Or, if {meant} is the vault you mean to do this lab with, choose it." if meant else ""),
        seen=own.seen,
        choices=(Choice("vault", meant, f"My vault is {meant}"),) if meant else (),
    )


def _other_secret(own: Own, given: Identifier) -> Finding:
    names = own.names
    secrets = if_told(own.facts, looks.ALL_SECRETS)
    there = () if isinstance(secrets.value, AzureProblem) else secrets.value
    meant = next((one.name for one in there if common.same(one.name, given.name)), "")
    return not_yet(
        "answer_of_other_secret",
        wanted=own.wanted,
        found=f"Your response is about the secret {given.name}; yours is {names.secret}. The vault fits.",
        next_step=f"Ask for {names.secret} in the last command. {own.again}"
        + (f" Or, if {meant} is the secret you mean, choose it." if meant else ""),
        seen=own.seen,
        choices=(Choice("secret", meant, f"My secret is {meant}"),) if meant else (),
    )


def _other_version(own: Own, given: Identifier, current: str) -> Finding:
    names = own.names
    known = given.note[CURRENT_BEFORE] in own.ctx.noted.get(CURRENT_BEFORE, ())
    if known:
        return not_yet(
            "answer_of_older_version",
            wanted=own.wanted,
            found=f"Vault and secret fit. Your response names version {given.version}, which was the current one "
            f"before. {names.secret} has got a new one since: {current}.",
            next_step=f"Leave the version out of the last command's address. {own.again}",
            seen=own.seen,
        )
    return not_yet(
        "answer_of_other_version",
        wanted=own.wanted,
        found=f"Vault and secret fit. Your response names version {given.version}; the current one of {names.secret} "
        f"is {current}. Yours is an older one, or there is none of that name.",
        next_step=f"Leave the version out of the last command's address. {own.again}",
        seen=own.seen,
    )
