"""What the vault stands on: the resource provider, the resource group, and that Azure Policy allows it."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import looks
from steps.key_vault_managed_identity.common import there
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.preflight.connection import needs_role_on_subscription
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import LOOKS_AGAIN, could_not_tell, not_yet, passed
from steps.kit.records import PolicyDenial, Provider, ResourceGroup, Seen
from steps.kit.task import ROLES, Context, Facts, Look, Names
from steps.kit.verdict import Choice, Finding

_MAY_NOT_ASK = frozenset({ProblemKind.NOT_AUTHORIZED, ProblemKind.NOT_REGISTERED})


def judge_provider(names: Names, facts: Facts, look: Look[Provider | None], namespace: str) -> Finding:
    wanted = f"The resource provider {namespace} is registered."
    seen = if_told(facts, look)
    if isinstance(seen.value, AzureProblem):
        return _provider_unseen(facts, Seen(seen.value, seen.source), namespace, wanted=wanted)
    state = seen.value.registration_state if seen.value else "not known to the subscription"
    if state == "Registered":
        return passed("provider_registered", wanted=wanted, found=f"{namespace} is registered.", seen=(seen,))
    if state == "Registering":
        return could_not_tell(
            "provider_registering",
            wanted=wanted,
            found=f"{namespace} is being registered; it takes a minute or two.",
            next_step=LOOKS_AGAIN,
            seen=(seen,),
        )
    told = "" if state in {"NotRegistered", "Unregistered"} else f" (Azure says: {state})"
    return not_yet(
        "provider_not_registered",
        wanted=wanted,
        found=f"{namespace} is not registered in your subscription{told}.",
        next_step=f"Register it: Subscriptions, yours, Settings, Resource providers, {namespace}, Register. "
        f"Or: `az provider register --namespace {namespace} --subscription {names.subscription_id}`. "
        "It takes a minute or two.",
        seen=(seen,),
    )


def _provider_unseen(facts: Facts, seen: Seen[AzureProblem], namespace: str, *, wanted: str) -> Finding:
    """Raises the problem, unless it is only that the caller may not ask: then what is there tells as much."""
    if seen.value.kind is not ProblemKind.NOT_AUTHORIZED:
        raise seen.value
    resource: Look[Any] = looks.VM if namespace == "Microsoft.Compute" else looks.VAULT
    one = if_told(facts, resource)
    if one.value is not None and not isinstance(one.value, AzureProblem):
        return passed(
            "provider_at_work",
            wanted=wanted,
            found=f"It must be: {one.value.name} is one of its resources. Your connection may not ask Azure itself.",
            seen=(seen, one),
        )
    return needs_role_on_subscription(f"Whether {namespace} is registered", seen, wanted=wanted)


def judge_group(ctx: Context, facts: Facts) -> Finding:
    wanted = f"The resource group {ctx.names.resource_group}."
    seen = facts.of(looks.GROUP)
    lacking = no_group(ctx.names, Seen(seen.value, seen.source), wanted=wanted)
    if lacking is not None:
        return lacking
    found = f"{ctx.names.resource_group} is there, in {there(seen).value.location}."
    return passed("group_there", wanted=wanted, found=found, seen=(seen,))


def no_group(names: Names, seen: Seen[ResourceGroup | AzureProblem | None], *, wanted: str) -> Finding | None:
    """The finding about a group that is missing or going; None if it is there, or could not be seen."""
    if seen.value is None:
        return group_missing(names, seen, wanted=wanted)
    going = isinstance(seen.value, ResourceGroup) and seen.value.provisioning_state == "Deleting"
    return group_going(names, seen, wanted=wanted) if going else None


def group_missing(names: Names, seen: Seen[Any], *, wanted: str) -> Finding:
    return not_yet(
        "group_missing",
        wanted=wanted,
        found=f"There is no resource group {names.resource_group} in your subscription.",
        next_step=f"Create {names.resource_group} in {names.location}, with a Windows VM {names.vm} in it. Or, for the "
        f"group: `az group create --name {names.resource_group} --location {names.location} --subscription "
        f"{names.subscription_id}`.",
        seen=(seen,),
    )


def group_going(names: Names, seen: Seen[Any], *, wanted: str) -> Finding:
    return not_yet(
        "group_being_deleted",
        wanted=wanted,
        found=f"Azure is deleting {names.resource_group}, and everything in it.",
        next_step=f"Wait until it is gone, which may take some minutes. Then create {names.resource_group} anew in "
        f"{names.location}, with a Windows VM {names.vm} in it, or connect again with another group.",
        seen=(seen,),
    )


def judge_policy(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"No Azure Policy is known that refuses a vault like {names.vault}."
    seen = if_told(facts, looks.DENIALS)
    if isinstance(seen.value, AzureProblem):
        if seen.value.kind not in _MAY_NOT_ASK:
            raise seen.value
        why = "the subscription has not registered Microsoft.PolicyInsights, which nothing else in this lab needs"
        if seen.value.kind is ProblemKind.NOT_AUTHORIZED:
            why = "your connection may not ask Azure Policy"
        return passed(
            "policy_not_looked_at",
            wanted=wanted,
            found=f"None is known. It could not be looked at, because {why}; should there be one, Task 1 will say so.",
            seen=(seen,),
        )
    if not seen.value:
        return passed("policy_allows_vault", wanted=wanted, found="None refuses it.", seen=(seen,))
    vault = facts.of(looks.VAULT)
    if vault.value is not None:
        return passed(
            "policy_denies_no_matter",
            wanted=wanted,
            found=f"{names.vault} is there already. A new one like it would be refused, though, and changing it may "
            f"be. {_listed(seen.value)}",
            seen=(seen, vault),
        )
    return policy_denies(names, facts, Seen(seen.value, seen.source), wanted=wanted)


def policy_denies(names: Names, facts: Facts, seen: Seen[tuple[PolicyDenial, ...]], *, wanted: str) -> Finding:
    """With a way out where only vaults of access policies are refused, as many organisations have it."""
    if not names.by_roles:
        by_roles = if_told(facts, looks.DENIALS_BY_ROLES)
        if by_roles.value == ():
            return _wants_roles(names, seen, by_roles, wanted=wanted)
    return not_yet(
        "policy_denies_vault",
        wanted=wanted,
        found=f"Azure Policy would refuse {names.vault}. {_listed(seen.value)}",
        next_step=f"Ask whoever looks after the subscription to exempt {names.resource_group} from "
        f"{', '.join(one.assignment for one in seen.value[:5])} (Policy, Assignments, Create exemption), or connect "
        "another subscription. If the rule only wants something more, such as a tag or purge protection, you can make "
        "the vault with it yourself: Task 1 takes that as well.",
        seen=(seen,),
    )


def _wants_roles(names: Names, seen: Seen[tuple[PolicyDenial, ...]], by_roles: Seen[Any], *, wanted: str) -> Finding:
    return not_yet(
        "policy_wants_roles",
        wanted=wanted,
        found=f"Azure Policy would refuse {names.vault} with access policies, and allow it with Azure roles. "
        f"{_listed(seen.value)}",
        next_step="Do this lab by roles: choose that below. Then make the vault with the permission model Azure "
        "role-based access control, and let the VM in by a role assignment in Task 3.",
        seen=(seen, by_roles),
        choices=(Choice("permission_model", ROLES, "Do this lab by roles"),),
    )


def _listed(denials: tuple[PolicyDenial, ...]) -> str:
    return " ".join(f"{one.assignment}: {one.reason}".rstrip(": .") + "." for one in denials[:5])
