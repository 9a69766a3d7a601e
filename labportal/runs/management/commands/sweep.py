"""``manage.py sweep``: the sweeper's own process. Ends on SIGTERM or SIGINT."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from labportal.accounts.old_sessions import OldSessions
from labportal.runs.sweeper import sweep
from labportal.turning import turn_until_told

INTERVAL = 0.5


class Command(BaseCommand):
    help = (
        "Enqueues what is due, never started, or left behind by a dead worker, twice a second; and removes sign-ins "
        "that have run out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        old_sessions = OldSessions()

        def turn() -> None:
            sweep()
            old_sessions.turn()

        turn_until_told("sweeper", turn, INTERVAL)
