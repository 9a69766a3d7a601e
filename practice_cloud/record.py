"""What the cloud received: enough to count and place a request, never a header or a body."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Received:
    """One answered (or dropped, or never finished: ``status`` 0) request. ``origin`` is "proxy", "imds" or "vm"."""

    seq: int
    at: str
    host: str
    method: str
    path: str
    query: str
    status: int
    request_id: str
    caller_oid: str
    subscription_id: str
    origin: str


class RequestLog:
    """The last ``KEPT`` requests, in memory: they are about this process, not about the cloud's state."""

    def __init__(self) -> None:
        self._received: deque[Received] = deque(maxlen=KEPT)
        self._next = 1

    def add(self, **fields: Any) -> None:
        self._received.append(Received(seq=self._next, **fields))
        self._next += 1

    def clear(self) -> None:
        """``seq`` goes on rising, so that a reader's ``since`` stays true."""
        self._received.clear()

    def select(
        self, *, since: int = 0, host: str = "", method: str = "", path: str = "", subscription_id: str = ""
    ) -> list[dict[str, Any]]:
        """Requests after ``since``, oldest first. ``host`` and ``path`` are regular expressions that are searched
        for; raises re.error for a bad one."""
        in_host, in_path = re.compile(host), re.compile(path)
        return [
            asdict(one)
            for one in self._received
            if one.seq > since
            and in_host.search(one.host)
            and in_path.search(one.path)
            and method.upper() in ("", one.method)
            and subscription_id.lower() in ("", one.subscription_id)
        ]
