"""Text to rows: commas, semicolons or tabs between the cells, as spreadsheets of the world write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from labportal.classes.roster.columns import known_in
from labportal.classes.roster.decoding import Unreadable

MOST_LINES = 10_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
TOO_MANY = f"A roster may have {MOST_LINES:,} lines, and this has more. Split it, and import one part after the other."
BROKEN = "Line {line} cannot be read: a quotation mark is missing there, or stands where none belongs."
NOTHING = "There is nothing in it."
_SAID_BY_EXCEL = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is the one of the text on which it begins, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``first`` is a header or not. ``separator`` in words."""

    separator: str
    first: Row
    rest: tuple[Row, ...]


def read_table(text: str) -> Table:
    """Raises Unreadable, before any line is judged if there are too many."""
    said = _SAID_BY_EXCEL.match(text)
    separator = said[1] if said else _separator_of(text)
    rows = tuple(_rows(text, separator, skip=1 if said else 0))
    if not rows:
        raise Unreadable(NOTHING)
    return Table(SEPARATORS.get(separator, f"“{separator}”"), rows[0], rows[1:])


def _separator_of(text: str) -> str:
    """The one that makes the most known columns of the first line that has something; else the most cells."""
    first = next((line for line in StringIO(text, newline="") if line.strip()), "")

    def finds(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=separator), [])
        return known_in(cells), len(cells)

    return max(SEPARATORS, key=finds)


def _rows(text: str, separator: str, *, skip: int) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    count, begins = 0, 1
    try:
        for cells in reader:
            if begins > skip and any(cell.strip() for cell in cells):
                count += 1
                if count > MOST_LINES + 1:  # one is the header
                    raise Unreadable(TOO_MANY)
                yield Row(begins, tuple(cell.strip() for cell in cells))
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable(BROKEN.format(line=begins)) from None
