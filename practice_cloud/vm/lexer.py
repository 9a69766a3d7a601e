"""Characters to words: white space, comments, names, numbers, and where a script cannot be read.

PowerShell has no one set of tokens: what a character means depends on whether an expression, a command's argument or a
string is being read. So the parser asks for what it expects at a position, and this class finds it.
"""

from __future__ import annotations

import re
from typing import Any

from practice_cloud.vm.ast import Span

_SPACE = re.compile(r"(?:[ \t\xa0\r\ufeff]|`\r?\n|<#.*?#>|#[^\n]*)+", re.DOTALL)
_LINES = re.compile(r"(?:[ \t\xa0\r\n\ufeff]|`\r?\n|<#.*?#>|#[^\n]*)+", re.DOTALL)
_NUMBER = re.compile(
    r"(?:0x(?P<hex>[0-9a-f]{1,16})|(?P<decimal>(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:e[+-]?\d+)?))(?P<long>l)?(?P<unit>[kmgtp]b)?"
    r"(?![\w$])",
    re.IGNORECASE,
)
_UNITS = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}
MAX_NESTING = 60


class ParseFailure(Exception):
    """The script cannot be read: PowerShell's words, its error id, and where."""

    def __init__(self, message: str, error_id: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.error_id = error_id
        self.span = span


class Lexer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.pos = 0
        self._nesting = 0

    @property
    def char(self) -> str:
        """The character at the position, "" at the end."""
        return self.source[self.pos : self.pos + 1]

    def ahead(self, text: str) -> bool:
        return self.source.startswith(text, self.pos)

    def accept(self, text: str) -> bool:
        if not self.ahead(text):
            return False
        self.pos += len(text)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The pattern at the position, which moves behind it."""
        found = pattern.match(self.source, self.pos)
        if found:
            self.pos = found.end()
        return found

    def skip_space(self) -> None:
        """Over blanks, comments and continued lines, not over the end of a line."""
        self.match(_SPACE)

    def skip_lines(self) -> None:
        self.match(_LINES)

    def span(self, start: int) -> Span:
        return Span(start, max(self.pos, start))

    def failure(self, message: str, error_id: str, span: Span | None = None) -> ParseFailure:
        return ParseFailure(message, error_id, span or Span(self.pos, min(self.pos + 1, len(self.source))))

    def enter(self) -> None:
        """One level of brackets deeper. Scripts by hand do not come near the limit; the parser's own stack would."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self.failure(
                f"The practice VM reads scripts that are nested up to {MAX_NESTING} levels deep.", "ScriptTooComplex"
            )

    def leave(self) -> None:
        self._nesting -= 1

    def close(self, closer: str, message: str, error_id: str) -> None:
        self.skip_lines()
        if not self.accept(closer):
            raise self.failure(message, error_id)

    def number(self) -> Any:
        """A number at the position, or None."""
        found = self.match(_NUMBER)
        return _number(found) if found else None


def _number(found: re.Match[str]) -> int | float:
    unit = _UNITS.get((found["unit"] or "").lower(), 1)
    if found["hex"]:
        return int(found["hex"], 16) * unit
    text = found["decimal"]
    if text.isdigit() and len(text) < 20 and int(text) < 1 << 63:
        return int(text) * unit
    value = float(text) * unit
    return int(value) if found["long"] and abs(value) < 1 << 63 else value


def bareword_number(text: str) -> Any:
    """The number that a whole argument such as ``20`` is, or None."""
    sign = -1 if text.startswith("-") else 1
    found = _NUMBER.fullmatch(text.removeprefix("-"))
    return sign * _number(found) if found else None
