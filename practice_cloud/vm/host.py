"""The two streams of a run: what is shown, and the errors, as Windows PowerShell's console host writes them."""

from __future__ import annotations

from practice_cloud.vm.ast import Span
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.formats import display_text
from practice_cloud.vm.formatting import default_lines
from practice_cloud.vm.lexer import ParseFailure
from practice_cloud.vm.values import ErrorRecord, Value

_LINE_SHOWN = 69
_CONTEXT = 12


class Host:
    """``append`` takes objects for the default output, ``write`` text for the screen, ``error`` a record."""

    def __init__(self, budget: Budget, source: str) -> None:
        self._budget = budget
        self._source = source
        self._out: list[str] = []
        self._err: list[str] = []
        self._pending: list[Value] = []

    def append(self, value: Value, /) -> None:
        """Objects wait until something else is shown, so that a table knows its columns; plain values do not."""
        if isinstance(value, str | int | float) and not self._pending:
            self._write(display_text(value) + "\n")
            return
        if isinstance(value, ErrorRecord):
            self.write("\n".join(error_lines(value, self._source)) + "\n")
            return
        self._budget.array_limit(len(self._pending) + 1)
        self._pending.append(value)

    def flush(self) -> None:
        pending, self._pending = self._pending, []
        for line in default_lines(pending, self._budget):
            self._write(line + "\n")

    def write(self, text: str) -> None:
        self.flush()
        self._write(text)

    def _write(self, text: str) -> None:
        self._budget.output(len(text))
        self._out.append(text.replace("\r\n", "\n"))

    def error(self, record: ErrorRecord) -> None:
        self._error_lines(error_lines(record, self._source))

    def parse_error(self, failure: ParseFailure) -> None:
        category = "ParserError: (:) [], ParentContainsErrorRecordException"
        lines = [*position(failure.span, self._source), failure.message, *_tail(category, failure.error_id)]
        self._error_lines(lines)

    def stopped(self, message: str) -> None:
        """The practice VM ended the script: no limit may keep this from being said."""
        category = "LimitsExceeded: (:) [], PracticeVmLimitException"
        self._err.append("\n".join([message, *_tail(category, "PracticeVmLimit")]) + "\n")

    def _error_lines(self, lines: list[str]) -> None:
        text = "\n".join(lines) + "\n"
        self._budget.output(len(text))
        self._err.append(text)

    @property
    def stdout(self) -> str:
        return _well_formed("".join(self._out))

    @property
    def stderr(self) -> str:
        return _well_formed("".join(self._err))


def _well_formed(text: str) -> str:
    """.NET strings may hold half a character; nothing that is stored or sent may."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def error_lines(record: ErrorRecord, source: str) -> list[str]:
    """An error as the console shows it: what happened, where, and its category and id."""
    message = record.details or record.exception.message
    head = f"{record.command} : {message}" if record.command else message
    return [head, *position(record.span, source), *_tail(record.category, record.error_id)]


def _tail(category: str, error_id: str) -> list[str]:
    return [f"    + CategoryInfo          : {category}", f"    + FullyQualifiedErrorId : {error_id}", " "]


def position(span: Span | None, source: str) -> list[str]:
    """``At line:1 char:5``, the line, and the tildes under what went wrong."""
    if span is None:
        return []
    start = min(span.start, len(source))
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", start)
    line = source[line_start : len(source) if line_end < 0 else line_end].rstrip("\r")
    number, column = source.count("\n", 0, start) + 1, start - line_start
    length = max(1, min(span.end, line_start + len(line)) - start)
    shown, offset, length = _window(line, column, length)
    return [f"At line:{number} char:{column + 1}", f"+ {shown}", f"+ {' ' * offset}{'~' * length}"]


def _window(line: str, column: int, length: int) -> tuple[str, int, int]:
    """A long line is cut around the error, with three dots for what is left out."""
    if len(line) <= _LINE_SHOWN:
        return line, column, length
    start = max(0, column - _CONTEXT) if column + length > _LINE_SHOWN else 0
    end = min(len(line), start + _LINE_SHOWN)
    prefix = "... " if start else ""
    suffix = " ..." if end < len(line) else ""
    return prefix + line[start:end] + suffix, column - start + len(prefix), min(length, end - column)
