"""Whether it is done after all, where a step had noted what it was about to do, and Azure's answer never came."""

from __future__ import annotations

from collections.abc import Mapping

from steps.kit.azure import AzureProblem
from steps.kit.task import Action, ActionDone, ActionIntent, Context

DONE = "Azure's answer was lost, and it is done all the same."


def is_done(step: Action, ctx: Context, noted: Mapping[str, str], problem: AzureProblem) -> bool | None:
    """None where nobody knows. ``problem``: what it ended in. The step is asked itself: without a token it looks, and
    does nothing yet (``Do``). If it would do the very same once more, what it had ``noted`` is not done."""
    if problem.refused:
        return False
    try:
        answer = step.do(ctx, None)
    except AzureProblem:
        return None
    if isinstance(answer, ActionDone):
        return True
    return False if isinstance(answer, ActionIntent) and answer.facts == dict(noted) else None
