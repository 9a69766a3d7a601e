"""Listening to the stream of a class, as an open page does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import httpx


class Events:
    """``(event, data)``, one by one; comments and pings are passed over. ``id`` is the last that was told."""

    def __init__(self, response: httpx.Response) -> None:
        self.id = ""
        self._lines = response.iter_lines()
        self._pings = 0

    def _pinged(self) -> bool:
        self._pings += 1
        return self._pings > 1

    def next(self) -> tuple[str, str]:
        event, data = "", ""
        for line in self._lines:
            name, _, value = line.partition(": ")
            if line.startswith(": ping") and self._pinged():
                raise TimeoutError("nothing but pings")
            if name == "event":
                event = value
            elif name == "id":
                self.id = value
            elif name == "data":
                data += value
            elif not line and event:
                return event, data
        raise EOFError("the stream ended")

    def until(self, event: str) -> str:
        """Raises TimeoutError: the stream's own pings would keep a test waiting for ever."""
        end = monotonic() + 20
        while (heard := self.next())[0] != event:
            if monotonic() > end:
                raise TimeoutError(event)
        return heard[1]


@contextmanager
def listening(web: str, address: str) -> Iterator[Events]:
    with (
        httpx.Client(timeout=30, trust_env=False) as client,
        client.stream("GET", web + address) as response,
    ):
        response.raise_for_status()
        yield Events(response)
