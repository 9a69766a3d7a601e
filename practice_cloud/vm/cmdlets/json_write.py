"""Objects to JSON in the form of Windows PowerShell 5.1: its indentation, its two blanks after a colon, its escapes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import float_text, to_text
from practice_cloud.vm.members import get, names, ticks
from practice_cloud.vm.values import Char, EnumValue, Hashtable, PSObject, Value

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r"[\"\\\x00-\x1f'<>&\x85\u2028\u2029]")
_EPOCH_TICKS = ticks(datetime(1970, 1, 1))  # noqa: DTZ001 - .NET counts without a zone


class JsonWriter:
    def __init__(self, *, depth: int, compress: bool, budget: Budget) -> None:
        self._depth = depth
        self._compress = compress
        self._budget = budget
        self._size = 0

    def write(self, value: Value) -> str:
        text = "".join(self._value(value, 0, 0))
        self._budget.text(len(text))
        return text

    def _value(self, value: Value, level: int, indent: int) -> Iterator[str]:
        self._budget.step()
        scalar = _scalar(value)
        if scalar is not None:
            yield self._counted(scalar)
        elif level > self._depth:
            yield self._counted(quoted(_flat(value)))
        elif isinstance(value, list | bytes):
            yield from self._list(list(value), level, indent)
        else:
            yield from self._object(_pairs(value), level, indent)

    def _counted(self, text: str) -> str:
        self._size += len(text)
        self._budget.text_limit(self._size)
        return text

    def _list(self, items: list[Value], level: int, indent: int) -> Iterator[str]:
        yield "["
        for at, item in enumerate(items):
            yield self._separator(at, indent + 4)
            yield from self._value(item, level + 1, indent + 4)
        yield self._end(items, indent) + "]"

    def _object(self, pairs: list[tuple[str, Value]], level: int, indent: int) -> Iterator[str]:
        yield "{"
        for at, (name, value) in enumerate(pairs):
            key = quoted(name)
            yield self._separator(at, indent + 4)
            yield self._counted(key + (":" if self._compress else ":  "))
            yield from self._value(value, level + 1, indent + 4 + len(key) + 3)
        yield self._end(pairs, indent) + "}"

    def _separator(self, at: int, indent: int) -> str:
        comma = "," if at else ""
        return comma if self._compress else self._counted(f"{comma}\r\n{' ' * indent}")

    def _end(self, items: list[Value] | list[tuple[str, Value]], indent: int) -> str:
        if self._compress:
            return ""
        return self._counted(("" if items else "\r\n") + f"\r\n{' ' * indent}")


def _scalar(value: Value) -> str | None:
    """The JSON of a value that is neither a list nor an object."""
    if value is None:
        return "null"
    writer = _SCALARS.get(type(value))
    if writer:
        return writer(value)
    if isinstance(value, list | bytes | Hashtable | PSObject) or names(value):
        return None
    return quoted(to_text(value))


def _float(value: float) -> str:
    text = float_text(value)
    return text if math.isfinite(value) else quoted(text)


def _date(value: datetime) -> str:
    return f'"\\/Date({(ticks(value) - _EPOCH_TICKS) // 10_000})\\/"'


def _flat(value: Value) -> str:
    """Below the depth an object is only its text, an array its elements' text."""
    return to_text(value)


def _pairs(value: Value) -> list[tuple[str, Value]]:
    if isinstance(value, Hashtable):
        return [(to_text(key), item) for key, item in value.items()]
    return [(name, get(value, name)) for name in names(value)]


def quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}"), text) + '"'


_SCALARS: dict[type, Callable[[Value], str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _float,
    str: quoted,
    Char: quoted,
    datetime: _date,
    EnumValue: lambda value: str(value.number),
}
