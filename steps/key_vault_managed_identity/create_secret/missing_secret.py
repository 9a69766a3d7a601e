"""Why the secret is not in the vault: deleted, under another name, in another vault, or not made yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from steps.key_vault_managed_identity import az, common, looks, made, role_actions
from steps.key_vault_managed_identity.create_secret import in_the_way, own_role
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import not_yet
from steps.kit.records import DeletedSecret, SecretInfo, Seen, Vault
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice, Finding

_MOST_VAULTS = 5
"""Other vaults that are looked into: one request each."""
_MOST_NAMES = 5

SETTLES = frozenset(
    {
        "key_instead_of_secret",
        "secret_missing",
        "secret_missing_network_closed",
        "secret_missing_nobody_may_set",
        "secret_missing_no_role_to_set",
        "secret_under_other_name",
        "secret_in_other_vault",
    }
)
"""What is said here of a secret that the portal was about to make."""

_SEEN = "secret"
"""The kind of note that keeps which secret was seen in which vault."""


def seen_there(names: Names) -> dict[str, str]:
    """To be remembered for the walk: while Azure deletes a secret, it shows neither it nor a deleted one."""
    return {_SEEN: f"{names.vault}/{names.secret}"}


def secret_seen_in(ctx: Context, vault: str) -> str:
    """The name of the secret that Task 2 saw in ``vault``, the agreed one if it saw that; "" for none."""
    noted = [one.rpartition("/") for one in ctx.noted.get(_SEEN, ())]
    seen = [secret for where, _, secret in noted if common.same(where, vault)]
    return next((one for one in seen if common.same(one, ctx.names.secret)), seen[-1] if seen else "")


def secret_missing(
    ctx: Context, facts: Facts, vault: Seen[Vault], secret: Seen[SecretInfo | None], *, wanted: str
) -> Finding:
    """The likeliest reason first. A look that fails hides none of the others.

    Whoever follows the guide in a vault of the other permission model is turned away until that is put right.
    """
    other = common.other_model(ctx.names, vault, wanted=wanted)
    if other is not None:
        return replace(other, found=f"{ctx.names.vault} has no {ctx.names.secret} yet. {other.found}")
    facts.ask(looks.ALL_SECRETS, looks.DELETED_SECRET, looks.ALL_VAULTS, looks.KEY)
    deleted, tried = if_told(facts, looks.DELETED_SECRET), in_the_way.ended_the_portal(ctx)
    if isinstance(deleted.value, DeletedSecret):
        return _deleted(ctx, vault.value, (secret, deleted), deleted.value.scheduled_purge_date, wanted=wanted)
    if tried is not None and tried.kind is ProblemKind.NAME_IN_DELETED_STATE:  # told to the portal, and not shown
        return _deleted(ctx, vault.value, (secret, Seen(None, tried.source)), None, wanted=wanted)
    recover = _may_be_deleted(ctx.names, deleted)
    others = if_told(facts, looks.ALL_SECRETS)
    if not isinstance(others.value, AzureProblem) and others.value:
        return _under_other_name(ctx.names, secret, Seen(others.value, others.source), recover, wanted=wanted)
    elsewhere = _elsewhere(ctx.names, facts)
    if elsewhere is not None:
        return _in_other_vault(ctx.names, secret, elsewhere, wanted=wanted)
    return _not_made(ctx, facts, vault, (secret, others, deleted), recover, wanted=wanted)


def _may_be_deleted(names: Names, deleted: Seen[DeletedSecret | AzureProblem | None]) -> str:
    """What to add where the vault would not tell: only who has a right in it learns what is deleted there."""
    if not isinstance(deleted.value, AzureProblem):
        return ""
    return (
        " The vault did not tell the portal whether a deleted one keeps the name. If Azure says so when you create it, "
        f"recover that one: Secrets, Manage deleted secrets, or `{az.recover_secret(names)}`."
    )


def _deleted(ctx: Context, vault: Vault, seen: tuple[Seen[Any], ...], date: datetime | None, *, wanted: str) -> Finding:
    names, until = ctx.names, f" until {date:%d %B %Y}" if date else ""
    return not_yet(
        "secret_deleted",
        wanted=wanted,
        found=f"{names.secret} was deleted. {names.vault} keeps it{until}, and with it the name: no other secret can "
        "have it meanwhile.",
        next_step=in_the_way.sentences(
            f"Open {names.vault}, Objects, Secrets, Manage deleted secrets, and recover {names.secret}.",
            f"Or: `{az.recover_secret(names)}`.",
            in_the_way.own_right(ctx, vault, "recover"),
            in_the_way.network(names, vault),
        ),
        seen=seen,
    )


def _under_other_name(
    names: Names, secret: Seen[SecretInfo | None], others: Seen[tuple[SecretInfo, ...]], recover: str, *, wanted: str
) -> Finding:
    alike = sorted((one.name for one in others.value), key=lambda name: _difference(name, names.secret))
    named = alike[:_MOST_NAMES]
    more = f" and {len(alike) - len(named)} more" if len(alike) > len(named) else ""
    return not_yet(
        "secret_under_other_name",
        wanted=wanted,
        found=f"{names.vault} has no {names.secret}. It has: {', '.join(named)}{more}.",
        next_step=f"Create a secret named exactly {names.secret}. Or, if you mean {_one_of(named)}, choose it below; "
        f"under Your names you can change that later.{recover}",
        seen=(secret, others),
        choices=tuple(Choice("secret", name, f"Use the secret {name}") for name in named),
    )


def _one_of(named: list[str]) -> str:
    return named[0] if len(named) == 1 else "one of these"


def _difference(one: str, other: str) -> tuple[float, str]:
    return 1.0 - SequenceMatcher(None, one.casefold(), other.casefold()).ratio(), one


def _elsewhere(names: Names, facts: Facts) -> Seen[SecretInfo] | None:
    """The secret in another vault of the group."""
    vaults = if_told(facts, looks.ALL_VAULTS)
    if isinstance(vaults.value, AzureProblem):
        return None
    beside = [
        one.name
        for one in vaults.value
        if common.same(one.resource_group, names.resource_group) and not common.same(one.name, names.vault)
    ]
    asked = [looks.secret_in(name) for name in sorted(beside)[:_MOST_VAULTS]]
    facts.ask(*asked)
    for look in asked:
        seen = if_told(facts, look)
        if isinstance(seen.value, SecretInfo):
            return Seen(seen.value, seen.source)
    return None


def _in_other_vault(
    names: Names, secret: Seen[SecretInfo | None], elsewhere: Seen[SecretInfo], *, wanted: str
) -> Finding:
    other = elsewhere.value.vault_name
    return not_yet(
        "secret_in_other_vault",
        wanted=wanted,
        found=f"{names.vault} has no {names.secret}, but another vault of {names.resource_group} has one: {other}.",
        next_step=f"Create {names.secret} in {names.vault}, as the guide shows. Or, if {other} is the vault of your "
        "lab, choose it below: all tasks go on with it, and under Your names you can change that later.",
        seen=(secret, elsewhere),
        choices=(Choice("vault", other, f"Use the vault {other}"),),
        notes=made.offering(names, other),
    )


def _not_made(
    ctx: Context, facts: Facts, vault: Seen[Vault], looked: tuple[Seen[Any], ...], recover: str, *, wanted: str
) -> Finding:
    names = ctx.names
    if vault.value.rbac:
        refused = _without_role(ctx, facts, vault, looked, recover, wanted=wanted)
        if refused is not None:
            return refused
    elif not any(_sets(one.secrets) for one in vault.value.access_policies):
        return not_yet(
            "secret_missing_nobody_may_set",
            wanted=wanted,
            found=f"{names.vault} has no {names.secret}, and no access policy lets anybody set secrets there, you "
            "included. Owning a vault is no right to what is in it.",
            next_step=f"Add an access policy for yourself: {names.vault}, Access policies, Create, template Secret "
            f"Management, and your own account as the principal. Or `{az.set_policy(names, az.MYSELF)}`, if az is "
            "signed in with that account; if it is signed in as the identity of your connection, as in the practice "
            f"cloud: `{az.set_policy(names, f'--object-id {ctx.azure.caller_object_id()}')}`. Then create "
            f"{names.secret}.{recover}",
            seen=(vault, *looked),
        )
    shut_out = in_the_way.shut_out(ctx, vault.value, (vault, *looked), recover, wanted=wanted)
    if shut_out is not None:
        return shut_out
    before = common.same(secret_seen_in(ctx, names.vault), names.secret)
    first = (
        "If you have deleted it a moment ago, check again in half a minute: until Azure lists it among the deleted "
        "secrets, it takes no new one of that name. Otherwise create"
    )
    return not_yet(
        "secret_missing",
        wanted=wanted,
        found=f"{names.vault} has no {names.secret} {'any more' if before else 'yet'}.",
        next_step=in_the_way.sentences(
            f"{first if before else 'Create'} {names.secret} as the guide shows.",
            in_the_way.own_right(ctx, vault.value, "set"),
            in_the_way.network(names, vault.value),
            recover,
        ),
        seen=(vault, *looked),
    )


def _sets(rights: tuple[str, ...]) -> bool:
    return not {"set", "all"}.isdisjoint(rights)


def _without_role(
    ctx: Context, facts: Facts, vault: Seen[Vault], looked: tuple[Seen[Any], ...], recover: str, *, wanted: str
) -> Finding | None:
    """The finding when the portal's own identity has no role to set secrets; None if it has, or nobody could see."""
    names, caller = ctx.names, ctx.azure.caller_object_id()
    given = if_told(facts, looks.roles_of(caller, role_actions.vault_scope(names)))
    if isinstance(given.value, AzureProblem):
        return None
    if any(role_actions.lets(one, role_actions.SET) is not False for one in given.value):
        return None
    bound = any(own_role.on_condition(one, vault.value.id, caller) for one in given.value)
    first = f"{own_role.unbind(names.vault)} Then g" if bound else "G"
    command = az.assign_role(names, own_role.OFFICER, f"--assignee {caller}")
    return not_yet(
        "secret_missing_no_role_to_set",
        wanted=wanted,
        found=f"{names.vault} has no {names.secret}, and the identity of your connection (object id {caller}) has no "
        "role that lets it set secrets there. Owner and Contributor do not: they are about the vault, not about what "
        f"is in it.{f' {own_role.bound(names.vault)}' if bound else ''}",
        next_step=f"{first}ive yourself the role {own_role.OFFICER} on {names.vault} (Access control (IAM), Add role "
        f"assignment; or `{command}`), wait a few minutes, and create {names.secret}.{recover}",
        seen=(*looked, given),
    )
