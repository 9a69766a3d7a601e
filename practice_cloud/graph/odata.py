"""``$filter``: comparisons by eq and in, startswith, any, joined by and / or, in brackets.

The grammar is OData 4.01's, cut to what az sends. Texts compare without case, as Graph does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
Test = Callable[[Item], bool]
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_][\w/]*)|(?P<mark>[(),:]))")


class BadFilter(ValueError):
    """The filter is malformed, or goes beyond what is known here."""


def parse_filter(text: str) -> Test:
    """A test for items. Raises BadFilter."""
    parser = _Parser(_tokens(text))
    test = parser.either()
    if parser.peek() is not None:
        raise BadFilter(f"unexpected {parser.peek()}")
    return test


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadFilter(f"cannot read {text[at : at + 20]!r}")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def either(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return lambda item: any(test(item) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda item: all(test(item) for test in tests)

    def _one(self) -> Test:
        if self._take("("):
            test = self.either()
            self._need(")")
            return test
        name = self._word()
        if name.lower() == "startswith":
            return self._starts_with()
        if name.endswith("/any"):
            return self._any(name.removesuffix("/any"))
        if self._take("eq"):
            wanted = self._text()
            return lambda item: _equal(item.get(name), wanted)
        if self._take("in"):
            choices = self._choices()
            return lambda item: any(_equal(item.get(name), one) for one in choices)
        raise BadFilter(f"after {name} only eq and in are known")

    def _starts_with(self) -> Test:
        self._need("(")
        name = self._word()
        self._need(",")
        start = self._text().lower()
        self._need(")")
        return lambda item: str(item.get(name) or "").lower().startswith(start)

    def _any(self, name: str) -> Test:
        """``name/any(x:x eq 'text')``"""
        self._need("(")
        variable = self._word()
        self._need(":")
        if self._word() != variable or not self._take("eq"):
            raise BadFilter(f"inside any only {variable} eq is known")
        wanted = self._text()
        self._need(")")
        return lambda item: any(_equal(one, wanted) for one in item.get(name) or [])

    def _choices(self) -> list[str]:
        self._need("(")
        choices = [self._text()]
        while self._take(","):
            choices.append(self._text())
        self._need(")")
        return choices

    def _take(self, token: str) -> bool:
        found = (self.peek() or "").lower() == token
        self._at += found
        return found

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise BadFilter(f"expected {token}, found {self.peek() or 'the end'}")

    def _word(self) -> str:
        token = self._next()
        if not (token[0].isalpha() or token[0] == "_"):
            raise BadFilter(f"expected a name, found {token}")
        return token

    def _text(self) -> str:
        token = self._next()
        if not token.startswith("'"):
            raise BadFilter(f"expected a text in quotes, found {token}")
        return token[1:-1].replace("''", "'")

    def _next(self) -> str:
        token = self.peek()
        if token is None:
            raise BadFilter("the filter ends too early")
        self._at += 1
        return token


def _equal(value: Any, wanted: str) -> bool:
    return isinstance(value, str) and value.lower() == wanted.lower()
