"""Why there is no vault of that name in the group: nothing was made yet, or something else was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from steps.key_vault_managed_identity import common, looks, made
from steps.key_vault_managed_identity.create_vault.name_in_use import choices, holder_of_the_name, vault_name_in_use
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.naming import rules_broken, vault_name_not_allowed
from steps.key_vault_managed_identity.preflight import rights
from steps.key_vault_managed_identity.preflight.connection import nothing_can_be_made
from steps.key_vault_managed_identity.preflight.groundwork import judge_provider, no_group, policy_denies
from steps.key_vault_managed_identity.preflight.locks import forbidding_changes
from steps.kit import problems
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import not_yet
from steps.kit.records import Provider, Seen, Subscription
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice, Finding


def why(ctx: Context, facts: Facts, seen: Seen[Any], *, wanted: str) -> Finding:
    """Whether the name is free may be a question that the caller has no right to ask: then by what it does see."""
    names = ctx.names
    if rules_broken(names.vault):
        return vault_name_not_allowed(names, seen, wanted=wanted)
    facts.ask(looks.SUBSCRIPTION, looks.GROUP, looks.LOCKS)
    facts.ask(looks.NAME_AVAILABILITY, looks.ALL_VAULTS, looks.DELETED_VAULTS, looks.DENIALS)
    nowhere = _nowhere(names, facts, wanted=wanted)
    if nowhere is not None:
        return nowhere
    name = if_told(facts, looks.NAME_AVAILABILITY)
    if isinstance(name.value, AzureProblem):
        if name.value.kind is not ProblemKind.NOT_AUTHORIZED:
            raise name.value
        held = holder_of_the_name(ctx, facts, wanted=wanted)
        return held or _not_there(ctx, (seen, name), facts, wanted=wanted)
    if name.value.available:
        return _not_there(ctx, (seen, name), facts, wanted=wanted)
    if name.value.reason == "AccountNameInvalid":
        return vault_name_not_allowed(names, name, wanted=wanted)
    return vault_name_in_use(ctx, facts, wanted=wanted)


def _nowhere(names: Names, facts: Facts, *, wanted: str) -> Finding | None:
    """What keeps everybody from making a vault there, whatever its name; None where nothing is known to."""
    subscription = if_told(facts, looks.SUBSCRIPTION)
    if isinstance(subscription.value, Subscription):
        unusable = nothing_can_be_made(Seen(subscription.value, subscription.source), wanted=wanted)
        if unusable is not None:
            return unusable
    lacking = no_group(names, if_told(facts, looks.GROUP), wanted=wanted)
    locks = if_told(facts, looks.LOCKS)
    if lacking is not None or not isinstance(locks.value, tuple):
        return lacking
    return forbidding_changes(names, Seen(locks.value, locks.source), wanted=wanted)


def unseen(names: Names, facts: Facts, problem: AzureProblem) -> Finding:
    """Why the vault could not even be looked for. Raises ``problem`` where nobody can mend it here."""
    if problem.kind is ProblemKind.NOT_REGISTERED:
        provider = if_told(facts, looks.KEY_VAULT_PROVIDER)
        if isinstance(provider.value, Provider) and provider.value.registration_state != "Registered":
            return judge_provider(names, facts, looks.KEY_VAULT_PROVIDER, "Microsoft.KeyVault")
    raise problem


def _not_there(ctx: Context, seen: tuple[Seen[Any], ...], facts: Facts, *, wanted: str) -> Finding:
    names = ctx.names
    model = "Azure role-based access control" if names.by_roles else "Vault access policy"
    how = f"create {names.vault} in {names.resource_group} as the guide shows, with {model}."
    everywhere = if_told(facts, looks.ALL_VAULTS)
    every = () if isinstance(everywhere.value, AzureProblem) else everywhere.value
    others = choices(names, every)
    if others:
        return _other_name(names, others, (seen[0], everywhere), how, wanted=wanted)
    denials = if_told(facts, looks.DENIALS)
    if isinstance(denials.value, tuple) and denials.value:
        return policy_denies(names, facts, Seen(denials.value, denials.source), wanted=wanted)
    missing = common.vault_missing(names, seen, wanted=wanted, next_step=f"{how[0].upper()}{how[1:]}")
    return _without_right(ctx, missing)


def _without_right(ctx: Context, missing: Finding) -> Finding:
    """``missing``; where the portal has just been refused for want of a right, that comes first."""
    tried = problems.from_facts(ctx.facts.get(made.MAKES_VAULT, {}))
    if tried is None or tried.kind is not ProblemKind.NOT_AUTHORIZED:
        return missing
    how = rights.how_to_get(ctx.names, [rights.MAKING_VAULTS], ctx.azure.caller_object_id())
    return replace(
        missing,
        found=f"{missing.found} The portal could not make it: the identity of your connection may not "
        f"({rights.MAKING_VAULTS.action}).",
        next_step=f"{how} Then let the portal try once more. Or, with an account of your own that may: "
        f"{missing.next_step}",
        sources=(*missing.sources, tried.source),
    )


def _other_name(
    names: Names, others: tuple[Choice, ...], seen: tuple[Seen[Any], ...], how: str, *, wanted: str
) -> Finding:
    ask = f"Is {others[0].value} the one" if len(others) == 1 else "Is one of them the one"
    return not_yet(
        "vault_under_other_name",
        wanted=wanted,
        found=f"{names.resource_group} has no {names.vault}. It has: {', '.join(one.value for one in others)}.",
        next_step=f"{ask} you made for this lab? Then choose it below; under Your names you can change that later. "
        f"Otherwise {how}",
        seen=seen,
        choices=others,
    )
