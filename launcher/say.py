"""How the launcher talks: short lines on standard output, problems on standard error."""

from __future__ import annotations

import errno
import sys
import time
from typing import TextIO


class Stop(Exception):
    """The command cannot go on. The text says what is wrong and what to do about it."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def say(text: str, end: str = "\n") -> None:
    _write(sys.stdout, text + end)


def complain(text: str) -> None:
    _write(sys.stderr, text + "\n")


def _write(stream: TextIO, text: str) -> None:
    """A reader that went away (a closed terminal, ``| head``) must not keep the launcher from stopping cleanly."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        if error.errno not in {errno.EPIPE, errno.EIO}:
            raise


class Progress:
    """One line that grows on a terminal; elsewhere a new line every few seconds, so that a log stays short."""

    EVERY = 5.0

    def __init__(self, title: str) -> None:
        self._title = title
        self._terminal = sys.stdout.isatty()
        self._began = self._said = time.monotonic()
        if not self._terminal:
            say(f"{title} …")

    def show(self, text: str) -> None:
        now = time.monotonic()
        if self._terminal:
            say(f"\r\033[K{self._title} … {text} ({now - self._began:.0f} s)", end="")
        elif now - self._said >= self.EVERY:
            self._said = now
            say(f"  {text} ({now - self._began:.0f} s)")

    def done(self) -> None:
        taken = f"{self._title}: done in {time.monotonic() - self._began:.1f} s"
        say(f"\r\033[K{taken}" if self._terminal else taken)

    def broken(self) -> None:
        if self._terminal:
            say("")
