"""How long somebody worked at each task, told from the signs of life that their attempts are.

Nobody can see a student read. What lies between two signs counts for the task of the later one, up to ``BREAK``: who
is away for longer has made a break, and only that much of it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from labportal.standings.reading import Tried

BREAK = timedelta(minutes=10)


def seconds_by_task(begun_at: datetime, attempts: Sequence[Tried]) -> Counter[str]:
    """Whole seconds by task id. ``begun_at``: when the walk was begun; the attempts from the first to the last."""
    worked = Counter[str]()
    last = begun_at
    for at, task_id in _signs(attempts):
        worked[task_id] += round(max(timedelta(), min(at - last, BREAK)).total_seconds())
        last = max(last, at)
    return worked


def last_sign(attempts: Iterable[Tried]) -> datetime | None:
    """Of the student's own: that the portal ended something is none, nor that an instructor asked for a check."""
    return max((attempt.began_at for attempt in attempts if not attempt.on_behalf), default=None)


def _signs(attempts: Sequence[Tried]) -> list[tuple[datetime, str]]:
    theirs = [attempt for attempt in attempts if not attempt.on_behalf]
    began = [(attempt.began_at, attempt.task_id) for attempt in theirs]
    ended = [(attempt.ended_at, attempt.task_id) for attempt in theirs if attempt.ended_at is not None]
    return sorted(began + ended)
