"""Write transactions, one at a time in a process where the database takes only one at a time.

SQLite lets a waiting writer sleep and try again, for up to 100 ms a time, so with many threads the
unlucky ones wait for seconds while others pass. Threads of one process queue here instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
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
    turn: AbstractContextManager[object] = _turn if queues else nullcontext()
    with turn, transaction.atomic():
        yield
