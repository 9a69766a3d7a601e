"""Each line of a roster judged by itself and by those before it. No database here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from labportal.classes.models import LONGEST_NAME
from labportal.classes.roster.columns import Columns, columns_of
from labportal.classes.roster.decoding import Decoded, Unreadable
from labportal.classes.roster.table import MOST_LINES, TOO_MANY, Row, read_table
from labportal.classes.sheets import begins_a_formula

LONGEST_ADDRESS = 254  # what a model's field for addresses takes


class State(StrEnum):
    FINE = "fine"
    IN = "in"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` is the line of the roster. ``email`` in small letters, "" where there is none. ``why`` says what is
    the matter, "" where all is well."""

    number: int
    name: str
    email: str
    state: State = State.FINE
    why: str = ""

    @property
    def key(self) -> str:
        """What makes two lines the same person: the address, and the name only where there is none."""
        return self.email or self.name.casefold()


@dataclass(frozen=True, slots=True)
class Roster:
    """``encoding`` and ``separator`` in words."""

    lines: tuple[Line, ...]
    columns: Columns
    encoding: str
    separator: str
    guessed: bool


def read_roster(decoded: Decoded) -> Roster:
    """Raises Unreadable."""
    table = read_table(decoded.text)
    columns = columns_of(table.first.cells)
    rows = table.rest if columns.titled else (table.first, *table.rest)
    if len(rows) > MOST_LINES:
        raise Unreadable(TOO_MANY)
    seen: dict[str, int] = {}
    lines = tuple(_judge(row, columns, seen) for row in rows)
    return Roster(lines, columns, decoded.encoding, table.separator, decoded.guessed)


def _judge(row: Row, columns: Columns, seen: dict[str, int]) -> Line:
    """``seen``: the lines before it by their keys, those in trouble apart; it is added."""
    line = Line(row.line, columns.name_in(row.cells), columns.email_in(row.cells).lower())
    why = _wrong_with(row, columns, line)
    if not why:
        before = seen.setdefault(line.key, line.number)
        if before != line.number:
            what = "The same address" if line.email else "The same name, and no address to tell them apart,"
            why = f"{what} as in line {before}."
    return replace(line, state=State.TROUBLE, why=why) if why else line


def _wrong_with(row: Row, columns: Columns, line: Line) -> str:
    """A formula is refused rather than kept as a text: nobody is called so, and nothing that follows need mind it."""
    used = columns.used_of(row.cells)
    if any(row.cells[columns.width :]):
        return "More cells than the first line has: a name with a comma in it has to stand in quotation marks."
    if any(re.search(r"[\r\n]", cell) for cell in used):
        return "A cell goes over several lines: a quotation mark is missing, or too many."
    if any(begins_a_formula(cell) for cell in used):
        return "A cell begins like a formula, with = + - or @."
    return _wrong_with_name(line.name) or _wrong_with_address(line.email)


def _wrong_with_name(name: str) -> str:
    if not name:
        return "There is no name."
    if len(name) > LONGEST_NAME:
        return f"The name has {len(name)} letters; {LONGEST_NAME} is the most."
    return "The name is an address." if "@" in name else ""


def _wrong_with_address(email: str) -> str:
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        return f"“{email[:60]}” is no e-mail address."
    return "" if len(email) <= LONGEST_ADDRESS else f"The address has more than {LONGEST_ADDRESS} letters."
