"""Signals, turned into something to wait for.

A signal never interrupts the launcher in the middle of a step (between starting a process and writing it down, say):
it rings, and whoever waits wakes up.
"""

from __future__ import annotations

import os
import select
import signal
import time
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ONE_PRESS = 0.2  # seconds


class Interrupted(Exception):
    """Ctrl-C, SIGTERM or a closed terminal: stop what you do, cleanly."""


class Bell:
    """``with Bell() as bell``: inside, the stop signals and the death of a child wake :meth:`wait`."""

    def __init__(self) -> None:
        self.presses = 0
        self.stopping = False
        self._last_press = float("-inf")
        self._hear, self._ring = os.pipe()
        os.set_blocking(self._hear, False)
        os.set_blocking(self._ring, False)

    def __enter__(self) -> Bell:
        self._before = {number: signal.signal(number, self._pressed) for number in STOP_SIGNALS}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._child)
        self._wakeup_before = signal.set_wakeup_fd(self._ring, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._hear)
        os.close(self._ring)

    def _pressed(self, _number: int, _frame: FrameType | None) -> None:
        """Some programs (``timeout``, an editor's stop button) send the same wish twice at once: that is one press."""
        now = time.monotonic()
        if now - self._last_press > ONE_PRESS:
            self.presses += 1
        self._last_press = now

    def _child(self, _number: int, _frame: FrameType | None) -> None:
        """Only there so that the signal wakes the wait."""

    def check(self) -> None:
        if self.presses and not self.stopping:
            raise Interrupted

    def wait(self, seconds: float) -> None:
        """Sleeps until something rings, at most ``seconds``. Raises Interrupted when asked to stop."""
        self.check()
        select.select([self._hear], [], [], max(seconds, 0))
        try:
            while os.read(self._hear, 512):
                pass
        except BlockingIOError:
            pass
        self.check()
