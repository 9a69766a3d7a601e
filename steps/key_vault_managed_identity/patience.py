"""Waiting for what Azure works on: with growing pauses, and not for ever.

The token of such a wait is the number of its turn, a ``|``, and what Azure or the action itself goes on with.
"""

from __future__ import annotations

import re

from steps.key_vault_managed_identity.common import blocked
from steps.kit.problems import NOT_OVER
from steps.kit.task import ActionPending
from steps.kit.verdict import Source

PAUSES = (1.0, 2.0, 3.0, 5.0, 5.0, 10.0, 10.0, 20.0, 30.0, 30.0, 60.0, 60.0, 60.0, 60.0, 60.0, 60.0)
"""Seconds between two looks; after the last one the action gives up. Eight minutes together."""

ROLE_WAITS = (10.0, 20.0, 30.0, *(60.0 for _ in range(9)))
"""Seconds between two tries with a role that was given or taken a moment ago: the documents give it up to ten minutes
to count. For an access policy they name no time."""

_TOKEN = re.compile(r"(\d{1,3})\|(.*)", re.DOTALL)


def inside(token: str) -> str:
    """``token`` without its turn."""
    counted = _TOKEN.fullmatch(token)
    return counted[2] if counted else token


def later(
    token: str | None, going_on_with: str, summary: str, source: Source, *, retry_after: float = 0.0, began: bool = True
) -> ActionPending:
    """Come back for ``going_on_with``. ``token`` is what the action was called with: it knows how often that was.

    Raises a BLOCKED AzureProblem once it has been waited for as long as makes sense.
    """
    counted = _TOKEN.fullmatch(token or "")
    turn = int(counted[1]) + 1 if counted else 0
    if turn >= len(PAUSES):
        raise blocked(NOT_OVER, f"{summary} That has gone on for so long that the portal waits no more.", source)
    pause = max(PAUSES[turn], retry_after)
    return ActionPending(f"{turn}|{going_on_with}", pause, summary, (source,), began=began)
