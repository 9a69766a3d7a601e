"""The whole ledger of a student as a table, written line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from labportal.classes.sheets import Cell, write_lines
from labportal.labs.attempts import AttemptSummary
from labportal.labs.models import LabSession
from labportal.ledger.models import AzureCall
from labportal.ledger.reading import about, calls_of

HEAD = (
    "when (UTC)",
    "method",
    "host",
    "path",
    "read or write",
    "status",
    "no answer because it",
    "request id",
    "milliseconds",
    "attempt",
    "what the attempt is",
)
_AT_A_TIME = 1000


def write_csv(file: IO[bytes], session: LabSession) -> None:
    """All that was asked in this student's name for this lab, the newest first, however the page is narrowed."""
    write_lines(file, HEAD, _lines(session))


def _lines(session: LabSession) -> Iterator[list[Cell]]:
    for call in calls_of(session).iterator(chunk_size=_AT_A_TIME):
        yield [
            call.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
            *(call.method, call.host, call.path),
            "write" if call.writes else "read",
            call.status,
            "" if call.status is not None else AzureCall.NoAnswer(call.no_answer).label,
            *(call.request_id, call.milliseconds, call.attempt_id),
            "" if call.attempt is None else _in_words(about(call.attempt)),
        ]


def _in_words(attempt: AttemptSummary) -> str:
    return f"{attempt.mode_words}: {attempt.task_title}"
