"""The ``-f`` operator and ``ToString('...')``: .NET's format strings, as far as scripts use them (en-US)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import float_text, to_text
from practice_cloud.vm.signals import failed, unsupported
from practice_cloud.vm.values import Value
from practice_cloud.vm.words import words

_ITEM = re.compile(r"\{\{|\}\}|\{(\d{1,4})(?:,(-?\d{1,6}))?(?::((?:[^{}])*))?\}|[{}]")
_STANDARD = re.compile(r"([a-zA-Z])(\d{0,2})")
_DATE_TOKEN = re.compile(
    r"d{1,4}|M{1,4}|y{1,5}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|t{1,2}|z{1,3}|K|'[^']*'|\\.|.", re.DOTALL
)
_STANDARD_DATES = {
    "d": "M/d/yyyy",
    "D": "dddd, MMMM d, yyyy",
    "f": "dddd, MMMM d, yyyy h:mm tt",
    "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "g": "M/d/yyyy h:mm tt",
    "G": "M/d/yyyy h:mm:ss tt",
    "s": "yyyy-MM-dd'T'HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "o": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "O": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "t": "h:mm tt",
    "T": "h:mm:ss tt",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}


def format_items(template: str, values: list[Value], budget: Budget) -> str:
    """``template -f values``."""
    budget.work(len(template))
    parts: list[str] = []
    size = position = 0
    for found in _ITEM.finditer(template):
        piece = template[position : found.start()] + _item(found, values, budget)
        size += len(piece)
        budget.text_limit(size)
        parts.append(piece)
        position = found.end()
    text = "".join(parts) + template[position:]
    budget.text(len(text))
    return text


def _item(found: re.Match[str], values: list[Value], budget: Budget) -> str:
    if found[1] is None:
        if len(found[0]) == 2:
            return found[0][0]
        raise _bad("Input string was not in a correct format.")
    index = int(found[1])
    if index >= len(values):
        raise _bad(
            "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
        )
    text = format_value(values[index], found[3] or "")
    width = int(found[2] or 0)
    budget.text_limit(abs(width))
    return text.ljust(-width) if width < 0 else text.rjust(width)


def _bad(reason: str) -> Exception:
    return failed(
        f"Error formatting a string: {reason}",
        "FormatError",
        category="InvalidOperation: (:String) [], RuntimeException",
    )


def format_value(value: Value, spec: str) -> str:
    """A value by a .NET format string; "" is the general form of the culture."""
    if isinstance(value, datetime):
        return format_date(value, spec or "G")
    if spec == "" or value is None or isinstance(value, str | bool):
        return to_text(value)
    if isinstance(value, int | float):
        return _number(value, spec)
    if isinstance(value, timedelta):
        return _span(value, spec)
    return to_text(value)


def _number(value: int | float, spec: str) -> str:
    found = _STANDARD.fullmatch(spec)
    if not found:
        return _custom_number(value, spec)
    letter, digits = found[1].upper(), int(found[2]) if found[2] else None
    if letter in "NFP":
        shown = abs(value) * (100 if letter == "P" else 1)
        text = format(shown, f"{'' if letter == 'F' else ','}.{2 if digits is None else digits}f")
        return ("-" if value < 0 else "") + text + (" %" if letter == "P" else "")
    if letter in "DX" and isinstance(value, int):
        return _integer(value, found[1], digits or 0)
    if letter == "G" and digits is None:
        return to_text(value)
    if letter == "C":
        text = "$" + format(abs(value), f",.{2 if digits is None else digits}f")
        return f"({text})" if value < 0 else text
    raise _bad("Format specifier was invalid.")


def _integer(value: int, letter: str, digits: int) -> str:
    if letter in "Dd":
        return ("-" if value < 0 else "") + str(abs(value)).rjust(digits, "0")
    bits = 32 if -(1 << 31) <= value < 1 << 31 else 64
    return format(value % (1 << bits), letter).rjust(digits, "0")


def _custom_number(value: int | float, spec: str) -> str:
    found = re.fullmatch(r"([^0#,.%]*)((?:[0#,]*))(?:\.([0#]*))?(%?)([^0#,.%]*)", spec)
    if not found or len(spec) > 60:
        raise unsupported(f"the number format '{spec}'")
    whole, decimals = found[2], found[3] or ""
    shown = abs(value) * (100 if found[4] else 1)
    text = format(shown, f"{',' if ',' in whole else ''}.{len(decimals)}f")
    head, dot, tail = text.partition(".")
    optional = len(decimals) - len(decimals.rstrip("#"))
    while optional and tail.endswith("0"):
        tail, optional = tail[:-1], optional - 1
    head = head.rjust(whole.count("0"), "0")
    head = "" if head == "0" and "0" not in whole and tail else head
    return ("-" if value < 0 else "") + found[1] + head + (dot + tail if tail else "") + found[4] + found[5]


def _span(value: timedelta, spec: str) -> str:
    if spec in ("c", "g"):
        return to_text(value)
    seconds = int(abs(value).total_seconds())
    parts = {"d": seconds // 86400, "h": seconds // 3600 % 24, "m": seconds // 60 % 60, "s": seconds % 60}
    return re.sub(r"\\(.)|([dhms])\2*", lambda f: f[1] or str(parts[f[2]]).rjust(len(f[0]), "0"), spec)


def format_date(value: datetime, spec: str) -> str:
    """A time by a standard letter or a custom pattern such as ``yyyy-MM-dd``."""
    if len(spec) == 1 and spec not in _STANDARD_DATES:
        raise _bad("Input string was not in a correct format.")
    if spec in ("u", "R", "r") and value.tzinfo:
        value = value.astimezone(UTC)
    pattern = _STANDARD_DATES.get(spec, spec.removeprefix("%"))
    return "".join(_date_token(value, token) for token in _DATE_TOKEN.findall(pattern))


def _date_token(value: datetime, part: str) -> str:
    letter, length = part[0], len(part)
    if letter in "'\\":
        return part.strip("'") if letter == "'" else part[1:]
    maker = _DATE_PARTS.get(letter)
    return maker(value, letter, length) if maker else part


def _number_part(value: datetime, letter: str, length: int) -> str:
    numbers = {
        "y": value.year % (100 if length <= 2 else 10_000),
        "H": value.hour,
        "h": value.hour % 12 or 12,
        "m": value.minute,
        "s": value.second,
    }
    return str(numbers[letter]).rjust(length, "0")


def _fraction(value: datetime, letter: str, length: int) -> str:
    digits = f"{value.microsecond:06}0"[:length]
    return digits if letter == "f" else digits.rstrip("0")


def _half_day(value: datetime, letter: str, length: int) -> str:
    return ("AM" if value.hour < 12 else "PM")[:length]


def _zone(value: datetime, letter: str, length: int) -> str:
    if letter == "K":
        return "Z" if value.tzinfo else ""
    return "+00:00"[: 3 if length < 3 else 6]


_DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = words("January February March April May June July August September October November December")


def _day_or_month(value: datetime, letter: str, length: int) -> str:
    if length < 3:
        return str(value.day if letter == "d" else value.month).rjust(length, "0")
    name = _DAYS[value.weekday()] if letter == "d" else _MONTHS[value.month - 1]
    return name if length == 4 else name[:3]


_DATE_PARTS: dict[str, Callable[[datetime, str, int], str]] = {
    **dict.fromkeys("yHhms", _number_part),
    **dict.fromkeys("dM", _day_or_month),
    **dict.fromkeys("fF", _fraction),
    **dict.fromkeys("zK", _zone),
    "t": _half_day,
}


def display_text(value: Value) -> str:
    """A value as it stands in a table or a list: times in the culture's form, doubles rounded as the culture does."""
    if isinstance(value, datetime):
        return format_date(value, "G")
    return float_text(value) if isinstance(value, float) else to_text(value)
