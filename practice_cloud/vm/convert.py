"""What PowerShell makes of a value where a string, a number or a truth is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from practice_cloud.vm.names import TYPE_NAMES
from practice_cloud.vm.signals import PSError, failed
from practice_cloud.vm.values import (
    ArrayList,
    Builder,
    Char,
    EnumValue,
    ErrorRecord,
    Formatted,
    Hasher,
    Hashtable,
    NetException,
    PSObject,
    ScriptBlock,
    TypeRef,
    Uri,
    Value,
)

INT_MIN, INT_MAX = -(1 << 31), (1 << 31) - 1
LONG_MIN, LONG_MAX = -(1 << 63), (1 << 63) - 1
_NUMERIC = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_HEX = re.compile(r"0x[0-9a-f]{1,16}", re.IGNORECASE)
_NESTING_SHOWN = 4
MAX_SHOWN = 200_000
VERSION = "System.Version"


def type_name(value: Value) -> str:
    """The full .NET name of the value's type."""
    if isinstance(value, bool):
        return "System.Boolean"
    if isinstance(value, int):
        return "System.Int32" if INT_MIN <= value <= INT_MAX else "System.Int64"
    if isinstance(value, PSObject | NetException | Hasher | EnumValue):
        return value.type_name
    if isinstance(value, Hashtable) and value.ordered:
        return "System.Collections.Specialized.OrderedDictionary"
    return TYPE_NAMES.get(type(value), "System.Object")


def to_text(value: Value, depth: int = 0) -> str:
    """The string that interpolation, ``[string]`` and ``-join`` see."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    writer = _TEXT.get(type(value))
    if writer:
        return writer(value)
    if isinstance(value, list):
        return _joined(value, depth) if depth < _NESTING_SHOWN else type_name(value)
    if isinstance(value, PSObject):
        return object_text(value, depth)
    return type_name(value)


def _joined(values: list[Value], depth: int) -> str:
    parts: list[str] = []
    size = 0
    for value in values:
        text = to_text(value, depth + 1) if not isinstance(value, list) else type_name(value)
        size += len(text)
        _refuse_long(size)
        parts.append(text)
    return " ".join(parts)


def object_text(value: PSObject, depth: int = 0) -> str:
    """``@{name=value; ...}``, as a PSCustomObject is written inside something else; a version has its own form."""
    if value.type_name == VERSION:
        return ".".join(to_text(part) for _, part in value.props.items())
    if depth >= _NESTING_SHOWN:
        return ""
    pairs: list[str] = []
    size = 0
    for name, item in value.props.items():
        pairs.append(f"{name}={to_text(item, depth + 1)}")
        size += len(pairs[-1])
        _refuse_long(size)
    return "@{" + "; ".join(pairs) + "}"


def _refuse_long(size: int) -> None:
    if size > MAX_SHOWN:
        raise failed("The text of a collection is longer than the practice VM allows.", "StringTooLong")


def _bytes_text(value: bytes) -> str:
    _refuse_long(len(value) * 4)
    return " ".join(map(str, value))


def float_text(value: float) -> str:
    """.NET Framework's general format: 15 digits, ``1E+15``, ``∞`` and ``NaN``."""
    if value != value:  # noqa: PLR0124 - the one value that differs from itself
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "\u221e" if value > 0 else "-\u221e"
    return format(value, ".15g").replace("e", "E")


def invariant_date(value: datetime) -> str:
    return f"{value.month:02}/{value.day:02}/{value.year:04} {value.hour:02}:{value.minute:02}:{value.second:02}"


def span_text(value: timedelta) -> str:
    seconds = int(abs(value).total_seconds())
    days, rest = divmod(seconds, 86_400)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    ticks = value.microseconds * 10
    sign = "-" if value < timedelta() else ""
    return sign + (f"{days}." if days else "") + text + (f".{ticks:07}" if ticks else "")


def error_text(record: ErrorRecord) -> str:
    return record.details or record.exception.message


_TEXT: dict[type, Callable[[Value], str]] = {
    bool: lambda value: "True" if value else "False",
    int: str,
    float: float_text,
    bytes: _bytes_text,
    datetime: invariant_date,
    timedelta: span_text,
    UUID: str,
    EnumValue: lambda value: value.name,
    Uri: lambda value: value.text,
    TypeRef: lambda value: value.name,
    ScriptBlock: lambda value: value.text,
    Builder: lambda value: "".join(value.parts),
    ErrorRecord: error_text,
    NetException: lambda value: f"{value.type_name}: {value.message}",
    Formatted: lambda value: "Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData",
}


def to_bool(value: Value) -> bool:
    for _ in range(_NESTING_SHOWN):
        if not isinstance(value, list) or isinstance(value, ArrayList) or len(value) != 1:
            break
        value = value[0]  # an array of one is as true as its element
    if isinstance(value, str | list | bytes):
        return len(value) > 0
    if isinstance(value, EnumValue):
        return value.number != 0
    if isinstance(value, Hashtable | PSObject):
        return True
    return value is not None and value is not False and value != 0


def parse_number(text: str) -> int | float | None:
    """The number a string is, or None."""
    text = text.strip()
    if text == "":
        return 0
    if _HEX.fullmatch(text):
        return int(text, 16)
    if not _NUMERIC.fullmatch(text) or len(text) > 400:
        return None
    return narrowed(int(text)) if re.fullmatch(r"[+-]?\d{1,40}", text) else float(text)


def narrowed(number: int | float) -> int | float:
    """Integers end at Int64; what is beyond is a Double."""
    return number if isinstance(number, float) or LONG_MIN <= number <= LONG_MAX else float(number)


def to_number(value: Value) -> int | float:
    """The number for arithmetic; PowerShell's error where there is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    if isinstance(value, Char):
        return ord(value)
    if isinstance(value, EnumValue):
        return value.number
    number = parse_number(value) if isinstance(value, str) else None
    if number is None:
        raise cannot_convert(value, "System.Int32")
    return number


def cannot_convert(value: Value, target: str, reason: str | None = None) -> PSError:
    if reason is None and isinstance(value, str):
        reason = "Input string was not in a correct format."
    shown = to_text(value)
    shown = shown if len(shown) <= 200 else shown[:200] + "..."
    tail = f' Error: "{reason}"' if reason else ""
    return failed(
        f'Cannot convert value "{shown}" to type "{target}".{tail}',
        "InvalidCastFromStringToInteger" if isinstance(value, str) else "ConvertToFinalInvalidCastException",
        category="InvalidArgument: (:) [], RuntimeException",
    )


def to_datetime(value: Value) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return _parsed_date(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return from_ticks(value)
    raise cannot_convert(value, "System.DateTime")


def from_ticks(ticks: int) -> datetime:
    """100-nanosecond steps since the year 1, as .NET counts."""
    try:
        return datetime(1, 1, 1) + timedelta(microseconds=ticks // 10)  # noqa: DTZ001 - .NET's "unspecified" kind
    except OverflowError:
        raise cannot_convert(ticks, "System.DateTime") from None


def _parsed_date(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        pass
    for pattern in ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y/%m/%d"):
        try:
            return datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - .NET's "unspecified" kind
        except ValueError:
            continue
    raise cannot_convert(text, "System.DateTime", "String was not recognized as a valid DateTime.")
