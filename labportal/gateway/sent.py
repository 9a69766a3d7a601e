"""What is told of a request that has left, for whoever keeps a list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoAnswer(StrEnum):
    """Why there is none. Only of the first is it certain that Azure has not seen the request."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, once its answer is there or will not come. Never a header or a body, and of the query only
    ``api-version``. ``at`` is when it left, by this machine's clock; ``writes`` is what the guard's lists say of it;
    ``status`` is None and ``no_answer`` says why where none came; ``request_id`` is Azure's, "" without one."""

    at: datetime
    method: str
    host: str
    path: str
    status: int | None
    request_id: str
    writes: bool
    milliseconds: int
    no_answer: NoAnswer | None


Hear = Callable[[Sent], None]
"""Called once for each request, in the thread that sent it, and so by several at once."""


def unheard(_: Sent) -> None:
    """Nobody keeps a list."""
