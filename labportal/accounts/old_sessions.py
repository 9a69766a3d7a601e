"""Sign-ins that have run out: their rows are removed, a few at a time.

Django leaves that to a command that somebody has to run, and which deletes all of them in one statement: on SQLite
nobody else writes meanwhile, so the first time it is run every click waits for it.
"""

from __future__ import annotations

from time import monotonic

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from labportal.writes import writing

AT_ONCE = 100
"""Rows in one transaction: in a table of 300,000, three milliseconds on SQLite."""
EVERY = 600
"""Seconds from when none was left to the next look."""


class OldSessions:
    """One process has one, and lets it have its turn as often as it likes."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def turn(self) -> int:
        """Removes at most ``AT_ONCE``; answers how many. One that finds fewer is the last for a while."""
        if monotonic() < self._rests_until:
            return 0
        number = _remove_some()
        if number < AT_ONCE:
            self._rests_until = monotonic() + EVERY
        return number


def run_out() -> QuerySet[Session]:
    """By the index of when they run out."""
    return Session.objects.filter(expire_date__lt=timezone.now())


def _remove_some() -> int:
    keys = list(run_out().order_by("expire_date").values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    with writing():
        return run_out().filter(pk__in=keys).delete()[0]  # not one that was renewed meanwhile
