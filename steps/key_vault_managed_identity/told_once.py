"""Azure in trouble, or a connection that does not work: what several checks of a task run into, one of them tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steps.key_vault_managed_identity import common
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem
from steps.kit.records import Seen
from steps.kit.task import Context, Facts, Look
from steps.kit.verdict import Finding

Judge = Callable[[Context, Facts], Finding]


def after(judge: Judge, title: str, *earlier: tuple[str, Look[Any]]) -> Judge:
    """``judge``, which waits where an ``earlier`` check, whose look is named with it, has met the same problem."""
    wanted = f"{title}: looked at when Azure answers."

    def judged(ctx: Context, facts: Facts) -> Finding:
        try:
            return judge(ctx, facts)
        except AzureProblem as problem:
            for check, look in earlier:
                if alike(if_told(facts, look).value, problem):
                    return waits(check, problem, wanted=wanted)
            raise

    return judged


def waits(check: str, problem: AzureProblem, *, wanted: str) -> Finding:
    return common.waits_for(check, "an answer from Azure", (Seen(None, problem.source),), wanted=wanted)


def alike(one: object, other: AzureProblem) -> bool:
    """The same cause, as far as Azure's words tell: what one may not do is told action by action."""
    if not isinstance(one, AzureProblem) or one.kind is not other.kind:
        return False
    return one is other or one.may_pass or one.message == other.message
