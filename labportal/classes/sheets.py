"""Tables for spreadsheets, which take a cell that begins like a formula for one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO, TextIOWrapper
from typing import IO

Cell = str | int | None

_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide ones of East Asian keyboards, which spreadsheets take for the others."""
_PASSED_OVER = ("\t", "\r", "\n")


def begins_a_formula(cell: str) -> bool:
    """A spreadsheet would compute it, or might."""
    return cell.lstrip().startswith(_STARTS) or cell.startswith(_PASSED_OVER)


def harmless(cell: str) -> str:
    """What a spreadsheet would take for a formula begins with an apostrophe, by which it takes it for text."""
    return f"'{cell}" if begins_a_formula(cell) else cell


def write_lines(file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """As spreadsheets open it right: UTF-8 that says so, commas, lines as in RFC 4180. Written row by row, and ``file``
    stays open."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    sheet = csv.writer(text)
    sheet.writerow(head)
    sheet.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    text.detach()  # which writes what is left, and does not close the file


def csv_file(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark at its beginning: without one, Excel takes it for something else."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
