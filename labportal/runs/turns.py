"""Taking back and making do not mix: in one walk, undoing and cleaning up have the floor to themselves."""

from __future__ import annotations

from labportal.runs.courses import cleans_up
from labportal.runs.models import ACTIVE, Attempt
from steps.kit.runner import Mode, Progress

PAUSE = 2.0
"""Seconds until it is looked again whether the others have ended."""
WAITS = "turn"
"""The step id under which waiting for them is told."""


def must_wait(attempt: Attempt, progress: Progress) -> bool:
    """Whether an older attempt of the walk has to end first. One that has begun never waits any more, and of two the
    older goes first: nobody waits for each other."""
    if attempt.mode == Mode.VALIDATE or progress != Progress():
        return False
    older = Attempt.objects.filter(session=attempt.session_id, pk__lt=attempt.pk, state__in=ACTIVE)
    changing = list(older.exclude(mode=Mode.VALIDATE.value).select_related("session"))
    return bool(changing) and (_takes_back(attempt) or any(_takes_back(one) for one in changing))


def _takes_back(attempt: Attempt) -> bool:
    return attempt.mode == Mode.UNDO or cleans_up(attempt)
