"""The challenge takes from the VM what lets it read, and puts back precisely that."""

from __future__ import annotations

from steps.key_vault_managed_identity import common, role_actions
from steps.key_vault_managed_identity.challenge.access import (
    Access,
    by_hand,
    in_words,
    key_of,
    missing,
    still_there,
)
from steps.key_vault_managed_identity.challenge.look import LOOK_ID, taken
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.patience import LONGEST_WAIT
from steps.kit.problems import LastingProblem
from steps.kit.records import RoleAssignment, Seen
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context, Look, Names
from steps.kit.verdict import Source


def _missing(ctx: Context) -> Seen[Access | None]:
    """None where nothing was taken."""
    access = taken(ctx)
    if access is None:
        vault = ctx.azure.vault(ctx.names.resource_group, ctx.names.vault)
        return Seen(None, vault.source)
    there = still_there(ctx, access)
    return Seen(missing(access, there.value), there.source)


MISSING: Look[Access | None] = Look("challenge-missing", "What is missing of the machine's access", _missing)


def take_away(ctx: Context, token: str | None) -> ActionDone | ActionIntent:
    """Only what ``look`` has noted down."""
    names, access = ctx.names, taken(ctx)
    if access is None:
        raise ValueError("nothing was looked at")
    there = still_there(ctx, access)
    said = f"{names.vm} has lost {in_words(access)} in {names.vault}, for the while."
    if not there.value:
        return ActionDone(said, token is not None, (there.source,))
    if token is None:
        return ActionIntent(common.INTENT)
    if not access.roles:
        answer = ctx.azure.remove_access_policy(names.resource_group, names.vault, there.value.policy)
        return ActionDone(said, True, (answer.source,))
    sources = tuple(ctx.azure.remove_role(one.id).source for one in _assigned(ctx, there.value))
    return ActionDone(said, True, sources)


def _assigned(ctx: Context, access: Access) -> list[RoleAssignment]:
    given = ctx.azure.role_assignments(role_actions.secret_scope(ctx.names), access.principal).value
    wanted = {key_of(one.scope, one.role_id) for one in access.roles}
    mine = (one for one in given if common.same(one.principal_id, access.principal))
    return [one for one in mine if key_of(one.scope, one.role_id) in wanted]


_WAITS = (5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0, 60.0, *(300.0 for _ in range(23)))
"""What was taken must not stay away: Azure in trouble is waited for longer than anywhere else, two hours."""
_TROUBLE = "trouble:"


def _once_more(names: Names, token: str | None, problem: AzureProblem) -> ActionPending:
    """Tokens: "trouble:<n>", how often Azure could not. Raises ``problem`` when that has gone on for too long."""
    tries = int(token.removeprefix(_TROUBLE)) if token and token.startswith(_TROUBLE) else 0
    if tries >= len(_WAITS):
        raise LastingProblem(problem.kind, code=problem.code, message=problem.message, source=problem.source)
    said = f"Azure is in trouble: the access of {names.vm} is put back as soon as that is over."
    pause = max(_WAITS[tries], problem.retry_after or 0.0)
    return ActionPending(f"{_TROUBLE}{tries + 1}", min(pause, LONGEST_WAIT), said, (problem.source,), began=True)


def put_back(ctx: Context, token: str | None) -> ActionDone | ActionIntent | ActionPending:
    """All that ``look`` has noted down and that is not there. Facts: ``runs``, which are over then.

    Raises BLOCKED, with the commands that do it by hand, where Azure refuses for good.
    """
    names, access = ctx.names, taken(ctx)
    if access is None:
        raise ValueError("nothing was taken")
    try:
        there = still_there(ctx, access)
        lacking = missing(access, there.value)
        if lacking and token is None:
            return ActionIntent(common.INTENT)
        sources = _give(ctx, lacking) or (there.source,)
    except AzureProblem as problem:
        if problem.transient:
            return _once_more(names, token, problem)
        if problem.may_pass or problem.kind is ProblemKind.BLOCKED:
            raise
        said = f"The access of {names.vm} could not be put back. {by_hand(names, access)}"
        raise common.blocked("NotPutBack", f"{said} Azure's words: {problem.message}", problem.source) from problem
    said = f"{names.vm} has {in_words(access)} in {names.vault} again."
    return ActionDone(said, token is not None, sources, {"runs": ctx.facts[LOOK_ID]["runs"]})


def _give(ctx: Context, lacking: Access) -> tuple[Source, ...]:
    names = ctx.names
    if lacking.roles:
        who = lacking.principal
        given = (
            ctx.azure.assign_role(one.scope, one.role_id, who, one.condition, one.description) for one in lacking.roles
        )
        return tuple(one.source for one in given)
    if not lacking:
        return ()
    return (ctx.azure.add_access_policy(names.resource_group, names.vault, lacking.policy).source,)
