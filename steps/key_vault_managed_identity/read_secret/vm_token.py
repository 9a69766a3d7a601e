"""Judges the token that the VM's metadata service gave, or why it gave none."""

from __future__ import annotations

import re

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.read_secret.vm_told import TOKEN, Told, met_proxy, said, told_to
from steps.kit.findings import LOOKS_AGAIN, LOOKS_AGAIN_FIRST, could_not_tell, not_yet, passed
from steps.kit.records import Seen, VirtualMachine
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

AUDIENCES = ("https://vault.azure.net", "https://vault.azure.net/", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093")
"""The last one is Key Vault's application id, which newer tokens carry."""

_RESOURCE = re.compile(r"/subscriptions/[\w-]+/resourcegroups/[\w.()-]+/providers/[\w./-]+/([\w.-]{1,128})", re.I)


def judge_token(ctx: Context, facts: Facts) -> Finding:
    wanted = f"The metadata service gives {ctx.names.vm} a token of its own identity, for Key Vault."
    told = told_to(TOKEN, ctx, facts, wanted=wanted)
    if isinstance(told, Finding):
        return told
    if told.value["stage"] == "token":
        return _no_token(ctx, facts, told, wanted=wanted)
    if told.value["stage"] == "claims":
        return could_not_tell(
            "token_unreadable",
            wanted=wanted,
            found="The metadata service answered, but not with a token that can be read.",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    return _whose_token(ctx, facts, told, wanted=wanted)


def _no_token(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    status = int(told.value["answer_status"])
    if status == 407:
        return met_proxy(ctx, told, "its metadata service", wanted=wanted)
    if status == 0:
        return _no_answer(ctx, told, wanted=wanted)
    return _by_status(ctx, facts, told, status, wanted=wanted)


def _by_status(ctx: Context, facts: Facts, told: Told, status: int, *, wanted: str) -> Finding:
    if status in {404, 410}:
        return could_not_tell(
            "imds_updating",
            wanted=wanted,
            found=f"The metadata service of {ctx.names.vm} is being updated (status {status}); mostly it is back "
            "within 70 seconds.",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    if status == 429:
        return could_not_tell(
            "imds_busy",
            wanted=wanted,
            found=f"The metadata service of {ctx.names.vm} got too many requests at once (status 429).",
            next_step=LOOKS_AGAIN,
            seen=(told,),
        )
    if status < 500:
        return _refused(ctx, facts, told, wanted=wanted)
    return could_not_tell(
        "imds_failed",
        wanted=wanted,
        found=f"The metadata service of {ctx.names.vm} had an error of its own (status {status}).",
        next_step=LOOKS_AGAIN,
        seen=(told,),
    )


def _refused(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, vm, message = ctx.names, facts.of(looks.VM), told.value["answer_message"]
    if "identity not found" in message.casefold():
        if not common.there(vm).value.principal_id:
            return common.identity_off(names, vm, wanted=wanted)
        return could_not_tell(
            "imds_identity_not_found",
            wanted=wanted,
            found=f"The metadata service knows no identity for {names.vm}, though Azure says that it has one. Just "
            "switched on, an identity takes a minute to reach the machine.",
            next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, restart {names.vm} (Overview, Restart).",
            seen=(vm, told),
        )
    if "multiple user assigned" in message.casefold():
        return not_yet(
            "imds_many_identities",
            wanted=wanted,
            found=f"{names.vm} has several user-assigned identities and none of its own, and the metadata service "
            "does not choose among them.",
            next_step=f"Switch on the machine's own identity: `{az.identity_on(names)}`. From then on that one is "
            "taken where none is named.",
            seen=(told,),
        )
    return could_not_tell(
        "imds_refused",
        wanted=wanted,
        found=f"The metadata service of {names.vm} refused the portal's request (status "
        f"{told.value['answer_status']}): {said(told)}".rstrip(" :"),
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, run the guide's first command on {names.vm} "
        "yourself and compare what it says.",
        seen=(told,),
    )


def _no_answer(ctx: Context, told: Told, *, wanted: str) -> Finding:
    vm = ctx.names.vm
    return could_not_tell(
        "imds_unreachable",
        wanted=wanted,
        found=f"{vm} could not reach its metadata service at 169.254.169.254: {told.value['answer_message']}".rstrip(),
        next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, something on {vm} stands between: a proxy set "
        f"for all programs, a firewall rule or a VPN. Restarting {vm} often helps.",
        seen=(told,),
    )


def _whose_token(ctx: Context, facts: Facts, told: Told, *, wanted: str) -> Finding:
    names, vm, oid = ctx.names, facts.of(looks.VM), told.value["oid"]
    machine = common.there(vm).value
    lent = next((one for one in machine.user_identities if common.same(one.principal_id, oid)), None)
    if lent is not None:
        return not_yet(
            "token_of_user_assigned_identity",
            wanted=wanted,
            found=f"The token is for the user-assigned identity {lent.id.rpartition('/')[2]} (object id {oid}). The "
            f"metadata service takes it because the identity of {names.vm} itself is off.",
            next_step=f"Switch that on: open {names.vm}, Security, Identity, System assigned, On; or: "
            f"`{az.identity_on(names)}`. What is user-assigned may stay.",
            seen=(vm, told),
        )
    if not machine.principal_id:
        return common.identity_off(names, vm, wanted=wanted)
    if not common.same(oid, machine.principal_id):
        return _of_another(ctx, vm, machine, told, wanted=wanted)
    return _what_for(ctx, vm, told, wanted=wanted)


def _of_another(
    ctx: Context, vm: Seen[VirtualMachine | None], machine: VirtualMachine, told: Told, *, wanted: str
) -> Finding:
    name, oid, mirid = ctx.names.vm, told.value["oid"], told.value["mirid"]
    if common.same(mirid, machine.id):
        return not_yet(
            "token_of_former_identity",
            wanted=wanted,
            found=f"The token is for the object id {oid}, an identity that {name} had before. Since then its identity "
            f"was switched off and on again, and it has {machine.principal_id} now.",
            next_step=f"Restart {name} (Overview, Restart), so that the metadata service forgets the old token; it may "
            f"keep one for a day. Then make sure that Task 3 let {machine.principal_id} in.",
            seen=(vm, told),
        )
    named = _RESOURCE.fullmatch(mirid)
    whose = f", which belongs to {named[1]}," if named else ","
    return not_yet(
        "token_of_other_identity",
        wanted=wanted,
        found=f"The token is for the object id {oid or '(none)'}{whose} but {name} has {machine.principal_id}.",
        next_step=f"Check under {name}, Security, Identity, that System assigned is on, and restart {name}, so that "
        "the metadata service asks for a new token.",
        seen=(vm, told),
    )


def _what_for(ctx: Context, vm: Seen[VirtualMachine | None], told: Told, *, wanted: str) -> Finding:
    oid, aud, tid = told.value["oid"], told.value["aud"], told.value["tid"]
    if aud not in AUDIENCES:
        return could_not_tell(
            "token_for_other_audience",
            wanted=wanted,
            found=f"The portal asked for a token for https://vault.azure.net, and got one for {aud or '(nobody)'}.",
            next_step=f"{LOOKS_AGAIN_FIRST} If it stays so, something answers in the metadata service's "
            f"place: restart {ctx.names.vm}, and see that no proxy is set there.",
            seen=(told,),
        )
    if tid and not common.same(tid, ctx.names.tenant_id):
        return not_yet(
            "token_of_other_tenant",
            wanted=wanted,
            found=f"The token comes from the tenant {tid}, but your subscription belongs to {ctx.names.tenant_id}.",
            next_step=f"The identity of {ctx.names.vm} was made before the subscription moved here. Switch it off and "
            "on again (Security, Identity), then do Task 3 once more for the new one.",
            seen=(told,),
        )
    found = f"The token is for the object id {oid}, the VM's own, and for {aud}."
    return passed("token_is_the_vms", wanted=wanted, found=found, seen=(vm, told))
