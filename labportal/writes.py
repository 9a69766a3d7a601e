"""Write transactions, one at a time where the database takes only one at a time.

SQLite lets a waiting writer sleep and try again, for up to 100 ms a time, so among many the unlucky ones wait for
seconds while others pass. Here they queue instead: the threads of a process for its lock, the processes for a lock on
a file beside the database, which the kernel hands on, also when its holder is killed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from threading import Lock

from django.db import connection, transaction

_turn = Lock()


@contextmanager
def writing() -> Iterator[None]:
    """``transaction.atomic()``, entered when it is this thread's turn. May be nested.

    Inside a transaction there is nothing to queue for: waiting for a turn while holding the database's only lock
    would stop whoever has the turn and waits for that lock.
    """
    queues = connection.vendor == "sqlite" and not connection.in_atomic_block
    turn = _in_turn(str(connection.settings_dict["NAME"])) if queues else nullcontext()
    with turn, transaction.atomic():
        yield


@contextmanager
def _in_turn(database: str) -> Iterator[None]:
    with _turn:
        place = _place_in_the_queue(f"{database}-turn")
        fcntl.flock(place, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(place, fcntl.LOCK_UN)


@lru_cache(maxsize=4)
def _place_in_the_queue(path: str) -> int:
    """A file of no content, open as long as the process lives."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
