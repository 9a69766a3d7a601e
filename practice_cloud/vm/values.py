"""PowerShell's values. Strings, numbers, booleans, ``$null``, arrays, bytes and times are Python's own:
``str``, ``int`` (Int32 and Int64), ``float``, ``bool``, ``None``, ``list``, ``bytes``, ``datetime``, ``timedelta``,
``UUID``. Everything else is a class here. No attribute of a Python object is ever reached from a script: what a script
may see of a value stands in ``members.py`` and ``methods.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from practice_cloud.vm import ast

Value: TypeAlias = Any


class Char(str):
    """One character: ``[char]65``, ``'abc'[0]``."""

    __slots__ = ()


class Props:
    """Named values in order; names are found whatever their case."""

    __slots__ = ("_entries",)

    def __init__(self, pairs: Iterable[tuple[str, Value]] = ()) -> None:
        self._entries: dict[str, tuple[str, Value]] = {}
        for name, value in pairs:
            self[name] = value

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def __getitem__(self, name: str) -> Value:
        return self._entries[name.lower()][1]

    def __setitem__(self, name: str, value: Value) -> None:
        known = self._entries.get(name.lower())
        self._entries[name.lower()] = (known[0] if known else name, value)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: str, default: Value = None) -> Value:
        entry = self._entries.get(name.lower())
        return entry[1] if entry else default

    def names(self) -> list[str]:
        return [name for name, _ in self._entries.values()]

    def items(self) -> list[tuple[str, Value]]:
        return list(self._entries.values())


@dataclass(slots=True, eq=False)
class PSObject:
    """A PSCustomObject, or another object that is nothing but its properties."""

    props: Props
    type_name: str = "System.Management.Automation.PSCustomObject"

    @staticmethod
    def of(pairs: Iterable[tuple[str, Value]]) -> PSObject:
        return PSObject(Props(pairs))


class Hashtable:
    """``@{}`` and ``[ordered]@{}``. Both keep the order of insertion (Windows' own order of ``@{}`` is unspecified)."""

    __slots__ = ("_entries", "ordered")

    def __init__(self, pairs: Iterable[tuple[Value, Value]] = (), *, ordered: bool = False) -> None:
        self.ordered = ordered
        self._entries: dict[Any, tuple[Value, Value]] = {}
        for key, value in pairs:
            self.set(key, value)

    @staticmethod
    def _norm(key: Value) -> Any:
        if isinstance(key, str):
            return key.lower()
        if isinstance(key, bool | int | float | bytes | UUID | datetime | timedelta | EnumValue):
            return (type(key).__name__, key)
        return ("object", id(key))

    def get(self, key: Value) -> Value:
        entry = self._entries.get(self._norm(key))
        return entry[1] if entry else None

    def set(self, key: Value, value: Value) -> None:
        norm = self._norm(key)
        known = self._entries.get(norm)
        self._entries[norm] = (known[0] if known else key, value)

    def has(self, key: Value) -> bool:
        return self._norm(key) in self._entries

    def remove(self, key: Value) -> None:
        self._entries.pop(self._norm(key), None)

    def clear(self) -> None:
        self._entries.clear()

    def keys(self) -> list[Value]:
        return [key for key, _ in self._entries.values()]

    def values(self) -> list[Value]:
        return [value for _, value in self._entries.values()]

    def items(self) -> list[tuple[Value, Value]]:
        return list(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


class ArrayList(list[Value]):
    """A list that grows: ``System.Collections.ArrayList``."""

    __slots__ = ()


class GenericList(ArrayList):
    """``System.Collections.Generic.List``: it does not say where it put what was added."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    key: Value
    value: Value


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A member of a .NET enumeration, such as HttpStatusCode.Forbidden."""

    type_name: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class TypeRef:
    """``[int]`` as a value; the full .NET name."""

    name: str


@dataclass(frozen=True, slots=True)
class Encoding:
    codec: str


@dataclass(frozen=True, slots=True)
class Uri:
    text: str


@dataclass(frozen=True, slots=True)
class ScriptBlock:
    body: ast.ScriptBody
    text: str


@dataclass(slots=True, eq=False)
class Hasher:
    """An HMAC (with ``key``) or a plain hash (``key`` is None)."""

    type_name: str
    digest: str
    key: bytes | None = None


@dataclass(slots=True, eq=False)
class Reader:
    """A StreamReader over a response's body, or the stream itself."""

    text: str
    position: int = 0

    def rest(self) -> str:
        left, self.position = self.text[self.position :], len(self.text)
        return left


@dataclass(slots=True, eq=False)
class Builder:
    """A StringBuilder."""

    parts: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class WebResponse:
    """``$_.Exception.Response`` and what the web cmdlets keep of an answer."""

    status: EnumValue
    reason: str
    headers: Hashtable
    body: str
    uri: str


@dataclass(slots=True, eq=False)
class NetException:
    """A .NET exception: its full type name and message; of a WebException also its response, and the name of its
    status, "" where it has the one that such an exception has by itself."""

    type_name: str
    message: str
    inner: NetException | None = None
    response: WebResponse | None = None
    status: str = ""


@dataclass(slots=True, eq=False)
class ErrorRecord:
    """``$_`` in a catch block. ``category`` is CategoryInfo's text; ``command`` is shown before the message."""

    exception: NetException
    category: str
    error_id: str
    target: Value = None
    details: str | None = None
    command: str = ""
    span: ast.Span | None = None


@dataclass(slots=True, eq=False)
class Formatted:
    """What Format-List and Format-Table send down the pipeline: lines, ready to be shown."""

    lines: list[str]


def enumerate_value(value: Value) -> Iterator[Value]:
    """What a pipeline makes of a value: the elements of an array, nothing of an absent value's output, or itself."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, bytes):
        yield from list(value)
    else:
        yield value


def collapse(output: list[Value]) -> Value:
    """What an assignment makes of output: nothing is ``$null``, one is itself, more are an array."""
    if not output:
        return None
    return output[0] if len(output) == 1 else list(output)
