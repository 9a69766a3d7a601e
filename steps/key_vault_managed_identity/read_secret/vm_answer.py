"""Judges what the VM answered: it ran, the vault gave it the secret, and that was by the access given to it."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.grant_access import by_group
from steps.key_vault_managed_identity.grant_access.idle_grants import right_the_other_way
from steps.key_vault_managed_identity.read_secret.identifier import Identifier
from steps.key_vault_managed_identity.read_secret.vault_denials import for_want_of_a_right
from steps.key_vault_managed_identity.read_secret.vault_refusals import refusal
from steps.key_vault_managed_identity.read_secret.vm_access import Access, access_of
from steps.key_vault_managed_identity.read_secret.vm_told import ANSWERED, READ, TOKEN, Told, told_to
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.records import Seen, Vault
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding, Verdict

SAME = "same-identity"


def judge_ran(ctx: Context, facts: Facts) -> Finding:
    wanted = f"{ctx.names.vm} runs, and runs a script for the portal."
    told = told_to(ANSWERED, ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    seen = (facts.of(looks.VM), told)
    return passed("vm_answered", wanted=wanted, found=f"{ctx.names.vm} ran it and answered.", seen=seen)


def judge_read(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"{names.vault} gives {names.vm} the current version of {names.secret}."
    told = told_to(READ, ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    stage = told.value["stage"]
    if stage in {"token", "claims"}:
        return common.waits_for(TOKEN, "a token to show the vault", (told,), wanted=wanted)
    if stage == "secret":
        return refusal(ctx, facts, told, wanted=wanted)
    if stage != "done" or not told.value["digest"]:
        return could_not_tell(
            "proof_not_made",
            wanted=wanted,
            found=f"{names.vault} answered, but {names.vm} could not make the digest that proves it has the value.",
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
            found=f"{names.vm} read version {read.version}, and Azure now names {current} as the current one: the "
            "secret got a new version in between.",
            next_step=LOOKS_AGAIN,
            seen=seen,
        )
    found = f"It did: version {read.version}. The portal keeps a digest, never the value."
    return passed("secret_read_by_vm", wanted=wanted, found=found, seen=seen, notes=read.note)


def judge_same_principal(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    kind = "role" if names.by_roles else "access policy"
    wanted = f"The {kind} in {names.vault} is for the very identity that the token stands for."
    told = told_to(SAME, ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    vault = facts.of(looks.VAULT)
    if vault.value is None:
        return _vault_gone(names, vault, told, wanted=wanted)
    if not told.value["oid"]:
        return common.waits_for(TOKEN, "a token, whose identity can be compared", (told,), wanted=wanted)
    other = common.other_model(names, common.there(vault), wanted=wanted)
    if other is not None:
        other = right_the_other_way(names, facts, common.there(vault), wanted=wanted) or other
    finding = other or _compared(ctx, facts, told, wanted=wanted)
    if finding.verdict is Verdict.NOT_YET and for_want_of_a_right(told):
        return common.waits_for(READ, f"{names.vault} to let {names.vm} in", (vault, told), wanted=wanted)
    return finding


def _vault_gone(names: Names, vault: Seen[Vault | None], told: Told, *, wanted: str) -> Finding:
    """Since the machine was asked. Where that got no further than to the vault, the check of the reading tells."""
    if told.value["stage"] == "secret":
        return common.waits_for(READ, f"the vault {names.vault}", (vault, told), wanted=wanted)
    return common.vault_missing(names, (vault,), wanted=wanted)


def _compared(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    access = access_of(ctx, facts, common.there(facts.of(looks.VAULT)), told.value["oid"])
    if ctx.names.by_roles:
        return _with_roles(ctx, access, told, wanted=wanted)
    return _with_policies(ctx, facts, access, told, wanted=wanted)


def _with_roles(ctx: Context, access: Access, told: Told, *, wanted: str) -> Finding:
    names, oid, seen = ctx.names, told.value["oid"], (access.seen, told)
    has = access.granted or ("" if for_want_of_a_right(told) else access.conditional)
    if has:
        found = f"The object id in the token, {oid}, has {has}."
        return passed("role_matches_token", wanted=wanted, found=found, seen=seen)
    if told.value["stage"] == "done":
        return _read_all_the_same(ctx, told, seen, wanted=wanted)
    return not_yet(
        "no_role_for_token_identity",
        wanted=wanted,
        found=f"No role lets the object id {oid}, the one in the token, read {names.secret}.",
        next_step=f"Do Task 3: open {names.vault}, Access control (IAM), and give {names.vm} the role Key Vault "
        f"Secrets User. Or: `{az.assign_role(names, 'Key Vault Secrets User', az.machine(oid))}`.",
        seen=seen,
    )


def _with_policies(ctx: Context, facts: Facts, access: Access, told: Told, *, wanted: str) -> Finding:
    names, oid, seen = ctx.names, told.value["oid"], (access.seen, told)
    if access.granted:
        found = f"Policy and token name the same object id: {oid}."
        return passed("policy_matches_token", wanted=wanted, found=found, seen=seen)
    group = by_group.lets_in(ctx, facts, common.there(facts.of(looks.VAULT)).value, oid)
    if group is not None and not for_want_of_a_right(told):
        found = f"A policy is for the group {group.object_id}, and the object id in the token, {oid}, is in it."
        return passed("policy_of_group_matches", wanted=wanted, found=found, seen=(*seen, group.seen))
    if told.value["stage"] == "done":
        return _read_all_the_same(ctx, told, seen, wanted=wanted)
    return not_yet(
        "no_policy_for_token_identity",
        wanted=wanted,
        found=f"No access policy lets the object id {oid}, the one in the token, get secrets.",
        next_step=f"Do Task 3: a policy of the template Secret Management for {names.vm}. "
        f"Or: `{az.set_policy(names, f'--object-id {oid}')}`.",
        seen=seen,
    )


def _read_all_the_same(ctx: Context, told: Told, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    """It reads, and nothing that the portal sees lets it."""
    names, oid = ctx.names, told.value["oid"]
    if names.by_roles:
        return not_yet(
            "read_without_own_role",
            wanted=wanted,
            found=f"{names.vault} let {names.vm} read {names.secret}, though the portal sees no role for its identity "
            f"({oid}) there. Either a role was taken back a moment ago and still counts, or the access comes from "
            "where the portal cannot see it.",
            next_step=f"The reading counts. This lab wants the access to be the machine's own: open {names.vault}, "
            f"Access control (IAM), and give {names.vm} the role Key Vault Secrets User. Or: "
            f"`{az.assign_role(names, 'Key Vault Secrets User', az.machine(oid))}`.",
            seen=seen,
        )
    return not_yet(
        "read_without_own_policy",
        wanted=wanted,
        found=f"{names.vault} let {names.vm} read {names.secret}, though no access policy is for its identity ({oid}). "
        "Either a policy is for a group that the machine is in, which the portal cannot see, or one was taken away a "
        "moment ago and still counts.",
        next_step="The reading counts. This lab wants the access to be the machine's own: add a policy of the template "
        f"Secret Management for {names.vm}. Or: `{az.set_policy(names, f'--object-id {oid}')}`. One for a group may "
        "stay.",
        seen=seen,
    )
