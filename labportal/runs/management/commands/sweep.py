"""``manage.py sweep``: the sweeper's own process. Ends on SIGTERM or SIGINT."""

from __future__ import annotations

import logging
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from labportal.runs.sweeper import sweep

log = logging.getLogger(__name__)
INTERVAL = 0.5
AFTER_TROUBLE = 2.0


class Command(BaseCommand):
    help = "Enqueues what is due, never started, or left behind by a dead worker, twice a second."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        log.info("sweeper ready")
        while not stop.is_set():
            stop.wait(self._once())
        log.info("sweeper stopped")

    def _once(self) -> float:
        """Seconds until the next look. A database that is away is waited for, and said."""
        try:
            sweep()
        except DatabaseError as error:
            log.warning("the database is away, looking again soon: %s", error)
            connection.close()
            return AFTER_TROUBLE
        close_old_connections()
        return INTERVAL
