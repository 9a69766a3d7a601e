"""Tables for spreadsheets, which take a cell that begins like a formula for one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet begins to compute at, and what it passes over before it looks."""


def harmless(cell: str) -> str:
    """The same to read; an apostrophe before what would be computed makes it a text."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_file(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark at its beginning: without one, Excel takes it for something else."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
