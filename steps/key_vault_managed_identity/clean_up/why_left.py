"""Why something of the lab is still there, and what to do about it."""

from __future__ import annotations

from steps.key_vault_managed_identity import locks
from steps.key_vault_managed_identity.clean_up import look
from steps.kit.task import Action, Context, Facts


def why_left(
    ctx: Context, facts: Facts, *steps: Action, what: str, by_hand: str, by_contributor: bool = True
) -> locks.Told:
    """Before the portal has tried, it is what does it; after that the cause comes first, and then one's own hands."""
    problem = locks.ended(facts, *steps, look.LOOK)
    if problem is None:
        return locks.Told(f"{what}.", f"Choose Clean up: the portal removes exactly this. {by_hand}", ())
    again = "clean up once more"
    return locks.because(ctx.names, problem, what=what, by_hand=by_hand, again=again, by_contributor=by_contributor)
