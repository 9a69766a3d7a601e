"""A process that does the same small thing again and again, until it is told to end."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from threading import Event

from django.db import DatabaseError, close_old_connections, connection

log = logging.getLogger(__name__)
AFTER_TROUBLE = 2.0


def turn_until_told(name: str, turn: Callable[[], object], interval: float) -> None:
    """Calls ``turn`` every ``interval`` seconds, until SIGTERM or SIGINT. The log says when it is ready.

    A database that is away is waited for, and said.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("%s ready", name)
    while not stop.is_set():
        stop.wait(_once(turn, interval))
    log.info("%s stopped", name)


def _once(turn: Callable[[], object], interval: float) -> float:
    """Seconds until the next turn."""
    try:
        turn()
    except DatabaseError as error:
        log.warning("the database is away, looking again soon: %s", error)
        connection.close()
        return AFTER_TROUBLE
    close_old_connections()
    return interval
