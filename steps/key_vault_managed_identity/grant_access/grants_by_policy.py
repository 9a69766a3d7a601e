"""Judges Task 3 where the vault goes by access policies."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common
from steps.key_vault_managed_identity.grant_access import by_group
from steps.key_vault_managed_identity.grant_access.idle_grants import in_vain
from steps.key_vault_managed_identity.grant_access.strangers import (
    Kind,
    Stranger,
    in_words,
    meant,
    what_of_it,
    who_is_who,
)
from steps.kit.findings import not_yet, passed
from steps.kit.records import AccessPolicy, Seen, Vault, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Finding

_MOST = 4
"""Other strangers, or rights, that are named."""


def judge_policy(ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, wanted: str) -> Finding:
    """Is there a policy for the VM's identity, or for a group that it is in?"""
    principal, seen = vm.value.principal_id, (vault, vm)
    if common.policies_of(vault.value, principal):
        found = f"There is one for the object id {principal}."
        return passed("policy_for_vm", wanted=wanted, found=found, seen=seen)
    group = by_group.lets_in(ctx, facts, vault.value, principal)
    if group is not None:
        return passed(
            "policy_for_group_of_vm",
            wanted=wanted,
            found=f"There is one for the group {group.object_id}, and none for {ctx.names.vm} itself. {group.shown} A "
            "remark: whoever else is in the group, or comes into it, is let in, too. One for the machine alone would "
            "do, and counts sooner: a token names the groups of the hour it was made.",
            seen=(*seen, group.seen),
        )
    compound = [one for one in vault.value.access_policies if common.same(one.object_id, principal)]
    if compound:
        return _with_application(ctx.names, compound[0], principal, seen, wanted=wanted)
    return _no_policy(ctx, facts, vault, vm, wanted=wanted)


def _with_application(
    names: Names, policy: AccessPolicy, principal: str, seen: tuple[Seen[Any], ...], *, wanted: str
) -> Finding:
    return not_yet(
        "policy_with_application",
        wanted=wanted,
        found=f"The policy for {names.vm} names an application, too ({policy.application_id}). It counts only for "
        "people who come through that application, and the machine comes by itself.",
        next_step=f"Add one without: open {names.vault}, Access policies, Create, template Secret Management, "
        f"{names.vm} as the principal, and nothing under Application. The other may stay or go. "
        f"Or: `{az.set_policy(names, f'--object-id {principal}')}`.",
        seen=seen,
    )


def _no_policy(ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, wanted: str) -> Finding:
    names, principal = ctx.names, vm.value.principal_id
    how = f"open {names.vault}, Access policies, Create, template Secret Management, and as the principal {names.vm}"
    command = f"Or: `{az.set_policy(names, f'--object-id {principal}')}`."
    idle = in_vain(ctx, facts, vault, vm, how=f"Add one here: {how}. {command}", wanted=wanted)
    if idle is not None:
        return idle
    asked = who_is_who(ctx, facts, vm.value, (one.object_id for one in vault.value.access_policies))
    if asked.strangers:
        first, *others = asked.strangers
        group = (
            f" If that is a group which {names.vm} is in, the machine reads by it already. But nothing shows the "
            "portal that it is; a policy for the machine itself would."
        )
        return _for_stranger(
            first,
            wanted=wanted,
            found=f"No policy is for {names.vm} (object id {principal}). There is one for {in_words(names, first)}"
            f"{group if first.may_be_a_group else ''}{_as_well(others)}",
            next_step=f"Add one for the machine: {how}, the entry whose object id is {principal}. {command} "
            f"{what_of_it(first)}",
            seen=(vault, vm, *asked.seen),
        )
    return not_yet(
        "policy_missing",
        wanted=wanted,
        found=f"{names.vault} has no access policy at all.",
        next_step=f"Add one: {how}. Then Review + create. {command}",
        seen=(vault, vm),
    )


def _as_well(others: list[Stranger]) -> str:
    strangers = [one.name or one.object_id for one in others if one.kind is not Kind.CALLER]
    more = f" and {len(strangers) - _MOST} more" if len(strangers) > _MOST else ""
    return f" Others are for: {', '.join(strangers[:_MOST])}{more}." if strangers else ""


def _for_stranger(who: Stranger, *, wanted: str, found: str, next_step: str, seen: tuple[Seen[Any], ...]) -> Finding:
    match who.kind:
        case Kind.FORMER | Kind.APPLICATION | Kind.NOBODY:
            return _for_nobody(who.kind, wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.USER_ASSIGNED:
            return not_yet("policy_for_user_assigned", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.OTHER_VM:
            return not_yet(
                "policy_for_other_vm", wanted=wanted, found=found, next_step=next_step, seen=seen, choices=meant(who)
            )
        case Kind.UNKNOWN:
            return not_yet("policy_for_other_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)
        case Kind.CALLER:
            return not_yet("policy_only_for_caller", wanted=wanted, found=found, next_step=next_step, seen=seen)


def _for_nobody(kind: Kind, *, wanted: str, found: str, next_step: str, seen: tuple[Seen[Any], ...]) -> Finding:
    """Ids by which nobody comes, or not any more."""
    if kind is Kind.FORMER:
        return not_yet("policy_for_former_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)
    if kind is Kind.APPLICATION:
        return not_yet("policy_for_application_id", wanted=wanted, found=found, next_step=next_step, seen=seen)
    return not_yet("policy_for_no_identity", wanted=wanted, found=found, next_step=next_step, seen=seen)


def judge_rights(
    ctx: Context, facts: Facts, vault: Seen[Vault], vm: Seen[VirtualMachine], *, waits_for: str, wanted: str
) -> Finding:
    """What the policies for the VM's identity allow. ``waits_for``: the check that tells of their absence."""
    names, principal = ctx.names, vm.value.principal_id
    rights = common.rights(vault.value, principal)
    if "get" in rights:
        return _enough(names, vault, vm, rights, wanted=wanted)
    group = by_group.lets_in(ctx, facts, vault.value, principal)
    if group is not None:
        found = f"The policy of the group {group.object_id} lets {names.vm} get secrets. {group.shown}"
        return passed("policy_of_group_gets", wanted=wanted, found=found, seen=(vault, vm, group.seen))
    if not common.policies_of(vault.value, principal):
        return common.waits_for(waits_for, f"a policy for {names.vm}", (vault, vm), wanted=wanted)
    return _not_enough(names, vault, vm, rights, wanted=wanted)


def _not_enough(
    names: Names, vault: Seen[Vault], vm: Seen[VirtualMachine], rights: set[str], *, wanted: str
) -> Finding:
    principal = vm.value.principal_id
    command = f"`{az.set_policy(names, f'--object-id {principal}')}`"
    bound = _for_an_application(vault.value, principal)
    which = "the entry without an application" if bound else "the entry"
    entry = f"{which} of {names.vm}"
    tick = f"Open {names.vault}, Access policies, {entry}, Edit: under Secret permissions tick Get, then save."
    if not rights and (elsewhere := _on_other_things(vault.value, principal)):
        return not_yet(
            "policy_not_about_secrets",
            wanted=wanted,
            found=f"The policy is about {elsewhere}, and gives {names.vm} no right on secrets at all.",
            next_step=f"Keys, secrets and certificates have columns of their own. {tick} Or: {command}.",
            seen=(vault, vm),
        )
    return not_yet(
        "policy_without_get",
        wanted=wanted,
        found=f"{names.vm} may not get secrets. Its rights on secrets: {', '.join(sorted(rights)) or 'none'}.{bound}",
        next_step=f"{tick} Or: {command}.",
        seen=(vault, vm),
    )


def _for_an_application(vault: Vault, principal: str) -> str:
    """About a second entry that looks as if it gave what is missing."""
    given = [one for one in vault.access_policies if common.same(one.object_id, principal) and one.application_id]
    if not any({"get", "all"}.intersection(one.secrets) for one in given):
        return ""
    return (
        " Another entry of it has Get, but names an application, too: it counts only for people who come through that."
    )


def _on_other_things(vault: Vault, principal: str) -> str:
    return " and ".join(f"{what} ({rights})" for what, rights in _other_rights(vault, principal).items())


def _other_rights(vault: Vault, principal: str) -> dict[str, str]:
    policies = common.policies_of(vault, principal)
    given = {what: {right for one in policies for right in getattr(one, what)} for what in ("keys", "certificates")}
    return {what: _spelled(rights) for what, rights in given.items() if rights}


def _listed(more: dict[str, str]) -> str:
    """Rights by what they are on; the same rights on several things are named once."""
    on: dict[str, list[str]] = {}
    for what, rights in more.items():
        on.setdefault(rights, []).append(what)
    return ", and ".join(f"{rights} on {_and(things)}" for rights, things in on.items())


def _and(things: list[str]) -> str:
    return " and ".join(part for part in (", ".join(things[:-1]), things[-1]) if part)


def _beyond_the_template(rights: set[str]) -> str:
    return _spelled(rights) if "all" in rights else ", ".join(sorted(rights - set(az.SECRET_MANAGEMENT)))


def _spelled(rights: set[str]) -> str:
    """ "all" is every right there is, whatever else is named beside it; many are only counted."""
    if "all" in rights:
        return "every right"
    return ", ".join(sorted(rights)) if len(rights) <= _MOST else f"{len(rights)} rights"


def _enough(names: Names, vault: Seen[Vault], vm: Seen[VirtualMachine], rights: set[str], *, wanted: str) -> Finding:
    """Get is enough to pass; what differs from the template is remarked."""
    beyond, others = _beyond_the_template(rights), _other_rights(vault.value, vm.value.principal_id)
    lacking = [right for right in az.SECRET_MANAGEMENT if right not in rights]
    without = f" It leaves out {', '.join(lacking)}: reading needs none of them." if lacking else ""
    if beyond or others:
        more = _listed({**({"secrets": beyond} if beyond else {}), **others})
        return passed(
            "policy_wider_than_template",
            wanted=wanted,
            found=f"{names.vm} may get secrets. A remark: the policy adds {more}, which nothing in this lab needs. "
            f"Whoever gets hold of the machine could use that, too.{without}",
            seen=(vault, vm),
        )
    if lacking:
        return passed(
            "policy_leaner_than_template",
            wanted=wanted,
            found=f"{names.vm} may get secrets.{without} The less an identity may do, the better.",
            seen=(vault, vm),
        )
    return passed("policy_is_template", wanted=wanted, found="It is the template Secret Management.", seen=(vault, vm))
