"""The connection and its subscription: what everything else of the preflight waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from steps.key_vault_managed_identity import common, looks
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.preflight.rights import EVERYTHING, give_role, lacking
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.findings import could_not_tell, not_yet, passed
from steps.kit.records import Provider, ResourceGroup, Seen, Subscription
from steps.kit.task import Context, Facts
from steps.kit.verdict import Finding

Judge = Callable[[Context, Facts], Finding]

_OTHER_DIRECTORY = "InvalidAuthenticationTokenTenant"


def judge_connection(ctx: Context, facts: Facts) -> Finding:
    """Raises the problem of the first look, unless it shows that Azure knows who is asking."""
    seen = if_told(facts, looks.SUBSCRIPTION)
    if isinstance(seen.value, AzureProblem) and not _known_caller(seen.value):
        raise seen.value
    wanted = "Azure accepts the credential of your connection."
    return passed("credential_accepted", wanted=wanted, found="It does.", seen=(seen,))


def _known_caller(problem: AzureProblem) -> bool:
    return problem.kind is ProblemKind.NOT_AUTHORIZED or problem.code == _OTHER_DIRECTORY


def judge_subscription(ctx: Context, facts: Facts) -> Finding:
    wanted = "A subscription that your connection may see, and that is enabled."
    seen = if_told(facts, looks.SUBSCRIPTION)
    if isinstance(seen.value, AzureProblem):
        if not _known_caller(seen.value):
            return common.waits_for("connection", "the credential of your connection", (seen,), wanted=wanted)
        if seen.value.code == _OTHER_DIRECTORY:
            return _in_other_directory(ctx, seen, wanted=wanted)
    if not isinstance(seen.value, Subscription):
        return _not_visible(ctx, seen, wanted=wanted)
    subscription = Seen(seen.value, seen.source)
    unusable = nothing_can_be_made(subscription, wanted=wanted)
    return unusable or _usable(subscription, wanted=wanted)


def _not_visible(ctx: Context, seen: Seen[Subscription | AzureProblem | None], *, wanted: str) -> Finding:
    """403 and 404 mean the same here: a subscription that may not be seen might as well not be there."""
    names = ctx.names
    return not_yet(
        "subscription_not_visible",
        wanted=wanted,
        found=f"Your connection does not see the subscription {names.subscription_id}: it has no role in it, "
        "or there is no such subscription.",
        next_step="Check the subscription id of your connection. If it is right, give the connection's identity the "
        f"role {EVERYTHING} on {names.resource_group}: open {names.resource_group}, Access control (IAM), Add role "
        f"assignment. Or: {give_role(names, EVERYTHING, ctx.azure.caller_object_id())}.",
        seen=(seen,),
    )


def _in_other_directory(ctx: Context, seen: Seen[Subscription | AzureProblem | None], *, wanted: str) -> Finding:
    return not_yet(
        "subscription_in_other_directory",
        wanted=wanted,
        found=f"The subscription {ctx.names.subscription_id} belongs to another directory (tenant) than "
        f"{ctx.names.tenant_id}, which your connection signs in to.",
        next_step="See the directory id in the Azure portal on the subscription's Overview. Connect again with that "
        "tenant id and an app registration of that directory, or with a subscription of this one.",
        seen=(seen,),
    )


def _usable(seen: Seen[Subscription], *, wanted: str) -> Finding:
    name = seen.value.display_name
    if seen.value.state == "Enabled":
        return passed("subscription_enabled", wanted=wanted, found=f"The subscription {name} is enabled.", seen=(seen,))
    return passed(
        "subscription_past_due",
        wanted=wanted,
        found=f"The subscription {name} works. A payment for it is outstanding, though: if it stays so, "
        "Azure will disable the subscription.",
        seen=(seen,),
    )


def nothing_can_be_made(seen: Seen[Subscription], *, wanted: str) -> Finding | None:
    """The finding about a subscription in which Azure makes nothing; None for one that works. What each state lets do:
    learn.microsoft.com, "Azure subscription states"."""
    name, state = seen.value.display_name, seen.value.state
    if state in {"Enabled", "PastDue"}:
        return None
    if state == "Warned":
        return not_yet(
            "subscription_warned",
            wanted=wanted,
            found=f"Azure has warned about the subscription {name}: it will be disabled shortly, and until the cause "
            "is settled things can be looked at and deleted, but not made.",
            next_step=f"Open Subscriptions, {name} in the Azure portal and follow the notice there (mostly an "
            "outstanding bill, or a spending limit that was reached), or connect another subscription.",
            seen=(seen,),
        )
    return not_yet(
        "subscription_not_enabled",
        wanted=wanted,
        found=f"The subscription {name} is {state}: nothing can be made or changed in it.",
        next_step=_reactivate(name, state),
        seen=(seen,),
    )


def _reactivate(name: str, state: str) -> str:
    if state == "Deleted":
        return "Connect another subscription: what was in this one is gone."
    return (
        f"Open Subscriptions, {name} in the Azure portal: the notice there tells why (a spending limit that was "
        "reached, a credit that ran out, a bill), and how to reactivate it. Or connect another subscription."
    )


def in_turn(judge: Judge, title: str, *, needs_group: bool = False) -> Judge:
    """``judge``, but what another check of the preflight tells already is not told once more."""
    wanted = f"{title}: looked at when what it builds on is there."

    def judged(ctx: Context, facts: Facts) -> Finding:
        first = if_told(facts, looks.SUBSCRIPTION)
        if first.value is None:
            return common.waits_for("subscription", "a subscription your connection can see", (first,), wanted=wanted)
        if _sees_nothing(first, facts):
            return common.waits_for("subscription", "a role for your connection", (first,), wanted=wanted)
        if needs_group:
            group = if_told(facts, looks.GROUP)
            if group.value is None or _is_going(group.value):
                return common.waits_for("resource-group", ctx.names.resource_group, (group,), wanted=wanted)
        try:
            return judge(ctx, facts)
        except AzureProblem as problem:
            cause = _told_by(problem, ctx, facts)
            if cause is None:
                raise
            return common.waits_for(*cause, (Seen(problem, problem.source),), wanted=wanted)

    return judged


def _sees_nothing(first: Seen[Subscription | AzureProblem | None], facts: Facts) -> bool:
    """Azure knows the caller, who has no role anywhere here: whatever else is asked ends in the same refusal."""
    if not isinstance(first.value, AzureProblem) or first.value.kind is not ProblemKind.NOT_AUTHORIZED:
        return False
    rights = if_told(facts, looks.RIGHTS).value
    return not isinstance(rights, tuple) or not any(one.actions for one in rights)


def _is_going(group: ResourceGroup | AzureProblem) -> bool:
    return isinstance(group, ResourceGroup) and group.provisioning_state == "Deleting"


def _told_by(problem: AzureProblem, ctx: Context, facts: Facts) -> tuple[str, str] | None:
    """The check that tells why ``problem`` came, and what it is about; None if none does."""
    first = if_told(facts, looks.SUBSCRIPTION).value
    if isinstance(first, AzureProblem) and first.kind is problem.kind:
        if _known_caller(first):
            return "subscription", "a subscription your connection can see"
        return "connection", "your connection"
    if problem.kind is ProblemKind.NOT_AUTHORIZED:
        rights = if_told(facts, looks.RIGHTS).value
        if isinstance(rights, tuple) and lacking(ctx.names, rights):
            return "rights", "the rights your connection lacks"
    if problem.kind is ProblemKind.NOT_REGISTERED:
        return _unregistered(problem, facts)
    return None


_PROVIDERS = {
    "Microsoft.Compute": ("provider-compute", looks.COMPUTE_PROVIDER),
    "Microsoft.KeyVault": ("provider-keyvault", looks.KEY_VAULT_PROVIDER),
}


def _unregistered(problem: AzureProblem, facts: Facts) -> tuple[str, str] | None:
    where = f"{problem.source.path} {problem.message}".casefold()
    for namespace, (check, look) in _PROVIDERS.items():
        provider = if_told(facts, look).value
        registered = isinstance(provider, Provider) and provider.registration_state == "Registered"
        if namespace.casefold() in where and not registered and not isinstance(provider, AzureProblem):
            return check, f"the registration of {namespace}"
    return None


def needs_role_on_subscription(what: str, seen: Seen[AzureProblem], *, wanted: str) -> Finding:
    """For what only somebody with a role on the whole subscription may ask: no fault of one who has it on the group.
    Looking again would tell no more, and the subscription is where it can be mended."""
    told = could_not_tell(
        "needs_role_on_subscription",
        wanted=wanted,
        found=f"{what} is a question to the whole subscription, and your connection may only ask about "
        "its resource group.",
        next_step="You can go on: Task 1 will show it. To have it looked at beforehand, give the connection's identity "
        "the role Reader on the subscription too.",
        seen=(seen,),
    )
    return replace(told, waits_for="subscription")
