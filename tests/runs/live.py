"""Following a session as a page does, and waiting for what it is told. Tests wait for events, never for time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import httpx

from labportal.labs.models import LabSession
from labportal.runs.stream import token_for

Message = dict[str, Any]


class Stream:
    """Server-sent events of one session, one by one. Raises httpx.ReadTimeout when none but pings comes."""

    def __init__(self, response: httpx.Response, timeout: float) -> None:
        self.response = response
        self._lines = response.iter_lines()
        self._timeout = timeout

    def next(self) -> tuple[str, str, Message]:
        """``(event, id, data)`` of the next message; comments and pings are passed over."""
        fields: dict[str, str] = {}
        end = monotonic() + self._timeout
        for line in self._lines:
            if monotonic() > end:
                raise httpx.ReadTimeout(f"no message in {self._timeout:g} s")
            if not line and "data" in fields:
                return fields.get("event", "message"), fields.get("id", ""), json.loads(fields["data"])
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise EOFError("the stream ended")

    def until_state(self, attempt_id: int, *states: str) -> list[Message]:
        """Everything up to the first message that says the attempt is in one of these states."""
        heard: list[Message] = []
        while not (heard and heard[-1].get("attempt") == attempt_id and heard[-1].get("state") in states):
            heard.append(self.next()[2])
        return heard


@contextmanager
def stream(
    web: str, session: LabSession, *, after: int = 0, last_event_id: int | None = None, timeout: float = 30
) -> Iterator[Stream]:
    headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
    token = token_for(session.user, session)
    address = f"{web}/events/sessions/{session.pk}/"
    with (
        httpx.Client(timeout=timeout, trust_env=False) as client,
        client.stream("GET", address, params={"token": token, "after": after}, headers=headers) as response,
    ):
        response.raise_for_status()
        yield Stream(response, timeout)
