"""Exports: the same columns and rows as CSV and as XLSX, written row by row.

Both go to a file that they are given (``labportal.long_answers``), so that neither is ever in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from textwrap import wrap
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from labportal.classes.sheets import Cell, write_lines
from labportal.results.columns import Column, Value
from labportal.results.reading import StudentRow

_TIME = "yyyy-mm-dd hh:mm:ss"
_LINE = 15
"""Points."""


def write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[StudentRow]) -> None:
    lines = ([_in_csv(column.of(row)) for column in columns] for row in rows)
    write_lines(file, [column.title for column in columns], lines)


def _in_csv(value: Value) -> Cell:
    match value:
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return value.isoformat(" ")
        case _:
            return value


def write_xlsx(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[StudentRow], about: Sequence[tuple[str, str]]
) -> None:
    """A sheet of results, whose first row and names stay in sight, and one that says what they are."""
    with Workbook(file, {"constant_memory": True}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E5F0FB"})
        time = book.add_format({"num_format": _TIME, "align": "left"})
        sheet = book.add_worksheet("Results")
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, _LINE * max(len(wrap(column.title, column.width - 2)) for column in columns))
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.title, head)
        last = _write_rows(sheet, columns, rows, time)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
        _write_about(book.add_worksheet("About"), about, bold, wrapped)


def _write_rows(sheet: Worksheet, columns: Sequence[Column], rows: Iterable[StudentRow], time: Any) -> int:
    """The number of the last row."""
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            match column.of(row):
                case str() as text if text:
                    sheet.write_string(number, place, text)
                case int() | Decimal() as amount:
                    sheet.write_number(number, place, float(amount))
                case datetime() as moment:
                    sheet.write_datetime(number, place, moment, time)
    return number


def _write_about(sheet: Worksheet, about: Sequence[tuple[str, str]], bold: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 80)
    for number, (what, words) in enumerate(about):
        sheet.write_string(number, 0, what, bold)
        sheet.write_string(number, 1, words, wrapped)
