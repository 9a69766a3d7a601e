"""What goes to Redis goes by a thread of its own: no click and no sitting waits for a Redis that hangs.

All of it may be lost: the sweeper finds what was not enqueued, pages look at the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Full, Queue
from threading import Event, Lock, Thread

log = logging.getLogger(__name__)
WAITING_AT_MOST = 1000
"""Letters that Redis has not taken yet; what comes beyond them is dropped."""


class Post:
    def __init__(self, waiting_at_most: int = WAITING_AT_MOST) -> None:
        self._letters: Queue[Callable[[], object]] = Queue(waiting_at_most)
        self._lock = Lock()
        self._thread: Thread | None = None

    def send(self, letter: Callable[[], object]) -> None:
        """Has ``letter`` called soon, in the order they came. It must report its own failures and not raise."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._carry, name="post", daemon=True)
                self._thread.start()
        try:
            self._letters.put_nowait(letter)
        except Full:
            log.warning("Redis does not keep up: a message was dropped")

    def until_sent(self, seconds: float) -> bool:
        """Waits until everything handed in so far is with Redis, or has failed. False when it takes longer."""
        sent = Event()
        self.send(sent.set)
        return sent.wait(seconds)

    def _carry(self) -> None:
        while True:
            letter = self._letters.get()
            try:
                letter()
            except Exception:  # the thread must live on: without it nothing would be sent any more
                log.exception("a message was not sent, by a fault of our own")


_post = Post()
send, until_sent = _post.send, _post.until_sent
