"""Operators that make text or take it apart: -match, -replace, -split, -join."""

from __future__ import annotations

import re

from practice_cloud.vm.arithmetic import whole
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.patterns import compiled, replaced
from practice_cloud.vm.signals import unsupported
from practice_cloud.vm.values import Hashtable, Value


def match(left: Value, pattern: str, budget: Budget, *, ignore_case: bool) -> tuple[Value, Hashtable | None]:
    """The result of ``-match`` and, for a single string that matches, ``$Matches``."""
    if isinstance(left, list):
        budget.array(len(left))
        found = [item for item in left if _search(to_text(item), pattern, budget, ignore_case)]
        return found, None
    hit = _search(to_text(left), pattern, budget, ignore_case)
    return hit is not None, _matches(hit) if hit else None


def _search(text: str, pattern: str, budget: Budget, ignore_case: bool) -> re.Match[str] | None:
    budget.work(len(text) + len(pattern))
    return compiled(pattern, len(text), budget, ignore_case=ignore_case).search(text)


def _matches(hit: re.Match[str]) -> Hashtable:
    named = set(hit.re.groupindex.values())
    plain = [number for number in range(1, hit.re.groups + 1) if number not in named]
    groups: list[tuple[Value, str | None]] = [(0, hit[0])]
    groups += [(at, hit[number]) for at, number in enumerate(plain, start=1)]  # .NET counts the named ones last
    groups += list(hit.groupdict().items())
    return Hashtable((key, value) for key, value in groups if value is not None)


def replace(left: Value, right: Value, budget: Budget, *, ignore_case: bool) -> Value:
    pattern, replacement = _two(right)
    if isinstance(left, list):
        return [_replace(to_text(item), pattern, replacement, budget, ignore_case) for item in left]
    return _replace(to_text(left), pattern, replacement, budget, ignore_case)


def _replace(text: str, pattern: str, replacement: str, budget: Budget, ignore_case: bool) -> str:
    budget.work(len(text) + len(pattern))
    expression = compiled(pattern, len(text), budget, ignore_case=ignore_case)
    made = replaced(expression, text, replacement, budget.text_limit)
    budget.text(len(made))
    return made


def _two(right: Value) -> tuple[str, str]:
    if not isinstance(right, list):
        return to_text(right), ""
    if len(right) > 2:
        raise unsupported("-replace with more than a pattern and a replacement")
    return to_text(right[0]) if right else "", to_text(right[1]) if len(right) > 1 else ""


def split(left: Value, right: Value, budget: Budget, *, ignore_case: bool) -> list[Value]:
    """``-split``: by a regular expression; a count of pieces and "SimpleMatch" may follow it."""
    options = right if isinstance(right, list) else [right]
    pattern = to_text(options[0]) if options else ""
    limit = whole(options[1]) if len(options) > 1 else 0
    style = to_text(options[2]).lower() if len(options) > 2 else "regexmatch"
    if style not in ("simplematch", "regexmatch") or limit < 0:
        raise unsupported("this form of -split")
    if style == "simplematch":
        pattern = re.escape(pattern)
    pieces: list[Value] = []
    for item in left if isinstance(left, list) else [left]:
        pieces += _split(to_text(item), pattern, limit, budget, ignore_case)
    return pieces


def _split(text: str, pattern: str, limit: int, budget: Budget, ignore_case: bool) -> list[Value]:
    budget.work(len(text) + len(pattern))
    if limit == 1:
        return [text]
    expression = compiled(pattern, len(text), budget, ignore_case=ignore_case)
    pieces = expression.split(text, max(limit - 1, 0))
    budget.array(len(pieces))
    return [piece for piece in pieces if piece is not None]


def split_words(left: Value, budget: Budget) -> list[Value]:
    """``-split 'a b'``: at white space."""
    texts = left if isinstance(left, list) else [left]
    words = [word for text in texts for word in to_text(text).split()]
    budget.array(len(words))
    return list(words)


def join(left: Value, separator: str, budget: Budget) -> str:
    texts: list[str] = []
    size = 0
    for item in left if isinstance(left, list | bytes) else [left]:
        texts.append(to_text(item))
        size += len(texts[-1]) + len(separator)
        budget.text_limit(size)
    budget.text(size)
    return separator.join(texts)
