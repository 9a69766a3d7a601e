"""Whether the condition on a role assignment lets an action through, as far as its text alone tells.

Azure writes a condition as pairs, "the action is another one, OR this expression holds", joined by AND. What an
expression compares (attributes of the resource, the request, the caller, the time) is Azure's to know: it counts as
unknown here, and so does a text that cannot be read. Key Vault has no suboperations.
Source: https://learn.microsoft.com/azure/role-based-access-control/conditions-format
"""

from __future__ import annotations

import re
from collections.abc import Callable

Told = bool | None
"""None where the text alone does not tell."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\() | (?P<close>\)) | (?P<not>!|NOT\b) | (?P<and>&&|AND\b) | (?P<or>\|\||OR\b)
    | ActionMatches\s*\{\s*'(?P<action>[^']*)'\s*\} | (?P<sub>SubOperationMatches\s*\{[^}]*\})
    | (?P<other>'[^']*' | \{[^}]*\} | \[[^\]]*\] | [^\s()!'{\[&|]+))""",
    re.IGNORECASE | re.VERBOSE,
)


def holds(condition: str, matches: Callable[[str], bool]) -> Told:
    """``matches`` says whether a pattern of actions is about the one in question. No condition holds always."""
    if not condition.strip():
        return True
    try:
        return _Reader(_tokens(condition), matches).whole()
    except (ValueError, RecursionError):
        return None


def _tokens(condition: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while condition[place:].strip():
        token = _TOKEN.match(condition, place)
        if token is None:
            raise ValueError("not a condition as Azure writes them")
        kind = token.lastgroup or ""
        found.append((kind, token[kind]))
        place = token.end()
    return found


class _Reader:
    """From the loosest to the tightest: OR, AND, NOT, and what stands in parentheses."""

    def __init__(self, tokens: list[tuple[str, str]], matches: Callable[[str], bool]) -> None:
        self._left = tokens[::-1]
        self._matches = matches

    def whole(self) -> Told:
        told = self._either()
        if self._left:
            raise ValueError("something stands behind the end")
        return told

    def _next(self, *kinds: str) -> str | None:
        """Takes the next token if it is of one of these kinds: its text."""
        return self._left.pop()[1] if self._left and self._left[-1][0] in kinds else None

    def _either(self) -> Told:
        told = [self._both()]
        while self._next("or") is not None:
            told.append(self._both())
        return True if True in told else None if None in told else False

    def _both(self) -> Told:
        told = [self._one()]
        while self._next("and") is not None:
            told.append(self._one())
        return False if False in told else None if None in told else True

    def _one(self) -> Told:
        if self._next("not") is not None:
            told = self._one()
            return None if told is None else not told
        if self._next("open") is not None:
            told = self._either()
            if self._next("close") is None:
                raise ValueError("a parenthesis is not closed")
            return told
        if (action := self._next("action")) is not None:
            return self._matches(action)
        if self._next("sub") is not None:
            return False
        return self._expression()

    def _expression(self) -> Told:
        if self._next("other") is None:
            raise ValueError("an expression is missing")
        while self._next("other") is not None:
            pass
        return None
