"""What the gateway told becomes rows, in one statement that is written out: a sitting waits for it
(as in labportal/runs/statements.py, and for the same reason). A test compares its columns with the model's."""

# ruff: noqa: S608 - what is put together is this file's own names; every value goes as a parameter

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from labportal.gateway.sent import Sent

_OF = ("connection_id", "attempt_id")
_TOLD = ("at", "method", "host", "path", "status", "request_id", "writes", "milliseconds", "no_answer")
COLUMNS = (*_OF, *_TOLD)
_INSERT = f"INSERT INTO ledger_azurecall ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
_LONGEST_ID = 128


def keep(connection_id: int, attempt_id: int | None, calls: Sequence[Sent]) -> None:
    """Stores them in their order, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [(connection_id, attempt_id, *_row(call)) for call in calls])


def _row(call: Sent) -> tuple[Any, ...]:
    """As ``_TOLD`` has it. What an answer calls itself is somebody else's text: it is kept if it is one to read."""
    request_id = call.request_id[:_LONGEST_ID] if call.request_id.isprintable() else ""
    at = connection.ops.adapt_datetimefield_value(call.at)
    answer = (call.status, request_id, call.writes, call.milliseconds, call.no_answer or "")
    return (at, call.method, call.host, call.path, *answer)
