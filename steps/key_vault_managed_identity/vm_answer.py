"""Judges what the VM answered: it ran, the token is its own, the vault gave it the secret."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.ask_vm import ASK_VM
from steps.key_vault_managed_identity.create_secret import secret_absent
from steps.key_vault_managed_identity.identifier import Identifier
from steps.key_vault_managed_identity.vault_refusals import refusal
from steps.kit import problems
from steps.kit.azure import Seen
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

AUDIENCES = ("https://vault.azure.net", "https://vault.azure.net/")
Told = Seen[dict[str, str]]
"""The facts of the probe, with the Run Command that they came from."""


def _told(ctx: Context, facts: Facts, *, wanted: str) -> Told | Finding:
    """What the VM told, or the finding that says why it told nothing."""
    names, vm = ctx.names, facts.of(looks.VM)
    asleep = common.vm_asleep(names, vm, wanted=wanted)
    if asleep is not None:
        return asleep
    told = facts.told(ASK_VM)
    if told.get("asked") == "yes":
        return _readable(ctx, Seen(told, problems.source_of(told)), wanted=wanted)
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    secret = facts.of(looks.SECRET)
    if secret.value is None:
        return secret_absent(names, secret, wanted=wanted)
    return could_not_tell(
        "vm_not_asked_yet",
        wanted=wanted,
        found=f"Something was missing when {names.vm} was to be asked; now all is there.",
        next_step=LOOKS_AGAIN,
        seen=(vm, vault, secret),
    )


def _readable(ctx: Context, told: Told, *, wanted: str) -> Told | Finding:
    if told.value["stage"]:
        return told
    return could_not_tell(
        "vm_answer_unreadable",
        wanted=wanted,
        found=f"{ctx.names.vm} ran the script, but what came back is not the answer it should print.",
        next_step="Check that Windows PowerShell on the VM works: run the guide's three commands there.",
        seen=(told,),
    )


def judge_ran(ctx: Context, facts: Facts) -> Finding:
    wanted = f"{ctx.names.vm} runs, and runs a script for the portal."
    told = _told(ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    seen = (facts.of(looks.VM), told)
    return passed("vm_answered", wanted=wanted, found=f"{ctx.names.vm} ran it and answered.", seen=seen)


def judge_token(ctx: Context, facts: Facts) -> Finding:
    wanted = f"The metadata service gives {ctx.names.vm} a token of its own identity, for Key Vault."
    told = _told(ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    if told.value["stage"] == "token":
        return _no_token(ctx, told, wanted=wanted)
    if told.value["stage"] == "claims":
        return could_not_tell(
            "token_unreadable",
            wanted=wanted,
            found="The metadata service answered, but not with a token that can be read.",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    return _whose_token(ctx, facts, told, wanted=wanted)


def _no_token(ctx: Context, told: Told, *, wanted: str) -> Finding:
    status, message = told.value["answer_status"], told.value["answer_message"]
    if status == "400" and "identity not found" in message.casefold():
        return not_yet(
            "imds_identity_not_found",
            wanted=wanted,
            found=f"The metadata service knows no identity for {ctx.names.vm}.",
            next_step=f"Open {ctx.names.vm}, Security, Identity, and set Status to On under System assigned. "
            "Just switched on, it takes a minute to reach the VM.",
            seen=(told,),
        )
    if status == "400":
        return not_yet(
            "imds_refused",
            wanted=wanted,
            found=f"The metadata service refused the request: {told.value['answer_code']} {message}".rstrip(),
            next_step=f"Run the guide's first command on {ctx.names.vm} yourself and compare what it says.",
            seen=(told,),
        )
    return could_not_tell(
        "imds_not_ready",
        wanted=wanted,
        found=f"The metadata service gave no token (status {status}). It may be starting, or busy.",
        next_step=LOOKS_AGAIN,
        seen=(told,),
    )


def _whose_token(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    vm = facts.of(looks.VM)
    principal = vm.value.principal_id if vm.value else ""
    oid, aud = told.value["oid"], told.value["aud"]
    if not principal:
        return common.identity_off(ctx.names, vm, wanted=wanted)
    if not common.same(oid, principal):
        return not_yet(
            "token_of_other_identity",
            wanted=wanted,
            found=f"The token is for the object id {oid or '(none)'}, but {ctx.names.vm} has {principal}.",
            next_step=f"Check under {ctx.names.vm}, Identity, that System assigned is on. Switched off and on "
            "it has a new object id, and a token of the old one can live for a day: restart the VM.",
            seen=(vm, told),
        )
    if aud not in AUDIENCES:
        return not_yet(
            "token_for_other_audience",
            wanted=wanted,
            found=f"The token is meant for {aud or '(nobody)'}.",
            next_step="Ask the metadata service for the resource https://vault.azure.net, as the guide's command does.",
            seen=(told,),
        )
    found = f"The token is for the object id {oid}, the VM's own, and for {aud}."
    return passed("token_is_the_vms", wanted=wanted, found=found, seen=(vm, told))


def judge_read(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.vault} gives {names.vm} the current version of {names.secret}."
    told = _told(ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    stage = told.value["stage"]
    if stage == "secret":
        return refusal(ctx, facts, told, wanted=wanted)
    if stage in {"token", "claims"}:
        return could_not_tell(
            "vault_not_asked",
            wanted=wanted,
            found="Without a token the VM could not ask the vault.",
            next_step="See the check of the token.",
            seen=(told,),
        )
    if stage != "done" or not told.value["digest"]:
        return could_not_tell(
            "proof_not_made",
            wanted=wanted,
            found="The vault answered, but the VM could not make the digest that proves it.",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    return _which_version(ctx, facts, told, wanted=wanted)


def _which_version(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, secret = ctx.names, facts.of(looks.SECRET)
    read = Identifier.parse(told.value["secret_id"])
    seen: tuple[Seen[Any], ...] = (told, secret)
    if read is None or not common.same(read.vault, names.vault) or not common.same(read.name, names.secret):
        return could_not_tell(
            "other_secret_answered",
            wanted=wanted,
            found="What the vault answered carries the identifier of another secret.",
            next_step=LOOKS_AGAIN,
            seen=seen,
        )
    current = secret.value.version if secret.value else ""
    if current and not common.same(read.version, current):
        return could_not_tell(
            "version_replaced_meanwhile",
            wanted=wanted,
            found=f"The VM read version {read.version}, and Azure now names {current} as the current one.",
            next_step=LOOKS_AGAIN,
            seen=seen,
        )
    found = f"It did: version {read.version}. The portal keeps a digest, never the value."
    return passed("secret_read_by_vm", wanted=wanted, found=found, seen=seen)


def judge_same_principal(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The access policy in {names.vault} is for the very identity that read the secret."
    told = _told(ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    vault, oid = facts.of(looks.VAULT), told.value["oid"]
    if vault.value is None:
        return common.vault_missing(names, (vault,), wanted=wanted)
    if vault.value.rbac:
        return common.vault_in_rbac_mode(names, vault, wanted=wanted)
    if not oid:
        return could_not_tell(
            "reader_unknown",
            wanted=wanted,
            found="Without a token there is no identity to compare with the policy.",
            next_step="See the check of the token.",
            seen=(told,),
        )
    if "get" not in common.rights(vault.value, oid):
        return not_yet(
            "no_policy_for_token_identity",
            wanted=wanted,
            found=f"No access policy lets the object id {oid}, the one in the token, get secrets.",
            next_step=f"Do Task 3: a policy of the template Secret Management for {names.vm}.",
            seen=(vault, told),
        )
    found = f"Policy and token name the same object id: {oid}."
    return passed("policy_matches_token", wanted=wanted, found=found, seen=(vault, told))
