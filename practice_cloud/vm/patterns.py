"""Regular expressions and wildcards, within bounds.

A .NET pattern is translated to Python's. Python's matcher cannot be stopped once it runs, so a pattern whose worst case
on the given text is too dear is refused beforehand with an error that says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from practice_cloud.vm.budget import Budget
from practice_cloud.vm.signals import failed, unsupported

_WORST = 3e7
_UNITS_A_PIECE_OF_WORK = 32
"""A script that asks for the dearest pattern again and again is through with its budget after seven of them."""
_PATTERN_LENGTH = 1_000
_WILDCARD_WORST = 400_000
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?[:>]|\(\?P?<\w+>|\(\?[imsx-]+[:)]|\(|\)|\||\{\d+(?:,\d*)?\}|[*+?]|.",
    re.DOTALL,
)
_BACK = re.compile(r"\\[1-9k]")
_REPLACEMENT = re.compile(r"\$(?:(\$)|(&)|(\d{1,2})|\{(\w+)\})")


@dataclass(slots=True)
class _Cost:
    """What a pattern may cost: each open-ended repeat multiplies by the text's length, and so does each
    reference back to a group, which compares as much text as the group holds."""

    repeats: int = 0
    choices: float = 1.0
    nested: bool = False
    groups: list[bool] = field(default_factory=lambda: [False])
    closed: bool = False

    def piece(self, piece: str) -> None:
        if _BACK.match(piece):
            self.repeats += 1
        elif piece == "|":
            self.choices *= 2
            self.groups[-1] = True
        elif piece == ")":
            self.closed = self._close()
            return
        elif piece.startswith("(") and not piece.endswith(")"):
            self.groups.append(False)
        elif piece in ("*", "+", "?") or (piece.startswith("{") and len(piece) > 1):
            self._repeat(piece)
            return
        self.closed = False

    def _close(self) -> bool:
        inner = self.groups.pop() if len(self.groups) > 1 else False
        self.groups[-1] = self.groups[-1] or inner
        return inner

    def _repeat(self, piece: str) -> None:
        if piece == "?":
            self.choices *= 2
        elif "," in piece or piece in ("*", "+"):
            self.repeats += 1
        self.nested = self.nested or (self.closed and piece != "?")
        self.groups[-1] = True
        self.closed = False

    def on(self, length: int, *, anchored: bool) -> float:
        factors = self.repeats + (0 if anchored else 1)
        return self.choices * math.pow(max(length, 1), min(factors, 12)) / math.factorial(min(factors, 12))


def _translate(piece: str) -> str:
    if piece.startswith("(?<") and piece[3] not in "=!":
        return "(?P<" + piece[3:]
    if piece == r"\z":
        return r"\Z"
    if piece == r"\Z":
        return r"(?=\n?\Z)"
    return piece


def compiled(pattern: str, text_length: int, budget: Budget, *, ignore_case: bool = True) -> re.Pattern[str]:
    """The pattern, ready for a text of that length. PowerShell's error for one that cannot be read or is too dear."""
    if len(pattern) > _PATTERN_LENGTH:
        raise unsupported("a regular expression of that length")
    cost = _Cost()
    pieces = _TOKEN.findall(pattern)
    _only_known_groups(pieces)
    last = pieces[-1] if pieces else ""
    for piece in pieces:
        cost.piece(piece)
    if last in ("*", "+"):
        cost.repeats -= 1  # nothing follows that could fail, so nothing is tried again
    worst = cost.on(text_length, anchored=pattern.startswith("^"))
    if cost.nested or worst > _WORST:
        raise unsupported(f"the regular expression '{pattern}' on a text of this length, as it could take too long")
    budget.work(int(worst) // _UNITS_A_PIECE_OF_WORK)
    try:
        return re.compile("".join(map(_translate, pieces)), re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise failed(
            f"The regular expression pattern {pattern} is not valid.",
            "InvalidRegularExpression",
            category=f"InvalidOperation: ({pattern}:String) [], RuntimeException",
        ) from error


def _only_known_groups(pieces: list[str]) -> None:
    """Under the option x, in a comment and in Python's own constructs a bracket may mean nothing, or more than it
    seems: the cost of such a pattern cannot be told from its pieces."""
    for piece, following in pairwise([*pieces, ""]):
        if (piece == "(" and following == "?") or (piece.startswith("(?") and piece[-1] in ":)" and "x" in piece):
            raise unsupported("this kind of group in a regular expression")


def replaced(pattern: re.Pattern[str], text: str, replacement: str, check: Callable[[int], None]) -> str:
    """``-replace``; ``check`` is told the length of the result before it is made."""
    parts: list[str] = []
    size = position = 0
    for found in pattern.finditer(text):
        piece = text[position : found.start()] + _expanded(found, replacement)
        size += len(piece)
        check(size)
        parts.append(piece)
        position = found.end()
    return "".join(parts) + text[position:]


def _expanded(found: re.Match[str], replacement: str) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        if reference[2]:
            return found[0]
        name = reference[4] or reference[3]
        if name.isdecimal():
            return (found[int(name)] or "") if int(name) <= found.re.groups else reference[0]
        return (found[name] or "") if name in found.re.groupindex else reference[0]

    return _REPLACEMENT.sub(group, replacement)


_WILDCARD = re.compile(r"\*|\?|\[[^\]]+\]|`.|.", re.DOTALL)


def like(text: str, pattern: str, *, ignore_case: bool = True) -> bool:
    """Wildcards: ``*``, ``?``, ``[a-z]``. Time grows with the product of both lengths at most."""
    if ignore_case:
        text, pattern = text.lower(), pattern.lower()
    pieces = _WILDCARD.findall(pattern)
    if len(text) * len(pieces) > _WILDCARD_WORST:
        raise unsupported("a wildcard pattern on a text of this length")
    at = piece = 0
    star, retry = -1, 0
    while at < len(text):
        if piece < len(pieces) and pieces[piece] == "*":
            star, retry = piece, at
            piece += 1
        elif piece < len(pieces) and _one(text[at], pieces[piece]):
            at, piece = at + 1, piece + 1
        elif star >= 0:
            retry += 1
            at, piece = retry, star + 1
        else:
            return False
    return all(rest == "*" for rest in pieces[piece:])


def _one(char: str, piece: str) -> bool:
    if piece == "?":
        return True
    if piece.startswith("[") and len(piece) > 1:
        return any((piece[0] <= char <= piece[-1]) for piece in re.findall(r".-.|.", piece[1:-1], re.DOTALL))
    return char == piece[-1]
