"""JSON to objects, as ConvertFrom-Json and Invoke-RestMethod of Windows PowerShell read it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import narrowed
from practice_cloud.vm.values import Props, PSObject, Value

_DATE = re.compile(r"/Date\((-?\d{1,14})\)/")
_MARKS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
_MAX_DEPTH = 100


class JsonProblem(ValueError):
    """The text is not JSON, or nested too deeply."""


def parse_json(text: str, budget: Budget) -> Value:
    """The text's value. Names that differ in case only cannot both be properties: the later one counts."""
    budget.text(len(text))
    budget.work(len(text))
    if _depth(text) > _MAX_DEPTH:
        raise JsonProblem("RecursionLimit exceeded.")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)
    except ValueError as error:
        raise JsonProblem(_message(text, error)) from error


def _depth(text: str) -> int:
    """How deep the brackets nest, before a reader's own stack would find out."""
    deepest = depth = 0
    quoted = False
    for found in _MARKS.finditer(text):
        mark = found[0]
        if mark == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
            deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Value]]) -> PSObject:
    return PSObject(Props((name, _text(value)) for name, value in pairs))


def _text(value: Value) -> Value:
    """Only ``/Date(milliseconds)/`` becomes a time; ISO 8601 stays text, as in Windows PowerShell."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value
    milliseconds = int(found[1])
    if abs(milliseconds) > 6e13:
        return value
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _integer(digits: str) -> int | float:
    return narrowed(int(digits)) if len(digits) < 40 else float(digits)


def _constant(name: str) -> Value:
    raise ValueError(f"Invalid JSON primitive: {name}.")


def _message(text: str, error: ValueError) -> str:
    """The words of Windows PowerShell's reader."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    rest = text[error.pos :].lstrip()
    word = re.match(r"[^\s,:\[\]{}\"]+", rest)
    if word:
        return f"Invalid JSON primitive: {word[0][:60]}."
    return f"Invalid object passed in, ':' or '}}' expected. ({error.pos}): {text[:80]}"
