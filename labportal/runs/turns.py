"""Taking back and making do not mix: in one walk, undoing, cleaning up and the challenge have the floor to themselves.

While the challenge has the machine's access away, nothing is checked either: what a check would miss then is not the
student's doing.
"""

from __future__ import annotations

from labportal.runs.courses import cleans_up, is_challenge
from labportal.runs.models import ACTIVE, Attempt
from steps.kit.course import Mode
from steps.kit.progress import Progress

PAUSE = 2.0
"""Seconds until it is looked again whether the others have ended."""
WAITS = "turn"
"""The step id under which waiting for them is told."""


def must_wait(attempt: Attempt, progress: Progress) -> bool:
    """Whether an older attempt of the walk has to end first. One that has begun never waits any more, and of two the
    older goes first: nobody waits for each other."""
    if progress != Progress():
        return False
    older = Attempt.objects.filter(session=attempt.session_id, pk__lt=attempt.pk, state__in=ACTIVE)
    changing = list(older.exclude(mode=Mode.VALIDATE.value).select_related("session"))
    if attempt.mode == Mode.VALIDATE:
        return any(is_challenge(one) for one in changing)
    return bool(changing) and (_takes_away(attempt) or any(_takes_away(one) for one in changing))


def _takes_away(attempt: Attempt) -> bool:
    return attempt.mode == Mode.UNDO or cleans_up(attempt) or is_challenge(attempt)
