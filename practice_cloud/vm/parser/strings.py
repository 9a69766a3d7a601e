"""Strings and variables: quotes, here-strings, backtick escapes, and ``$name``/``$(...)`` inside double quotes."""

from __future__ import annotations

import re

from practice_cloud.vm import ast
from practice_cloud.vm.lexer import Lexer

ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES = '"\u201c\u201d\u201e'
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>[^}\n]+)\}|(?P<special>[$^?])(?!\w)|(?P<name>(?:\w+:(?=[\w?]))?[\w?]+))")
_BAD_DRIVE = re.compile(r"\$\w+:(?![\w?:])")
_HERE_START = re.compile(r"[ \t\r]*\n")


class StringParser(Lexer):
    def statements(self, closers: str) -> ast.Block:
        """Statements up to (not over) one of ``closers``, or the end."""
        raise NotImplementedError

    def variable(self) -> ast.Variable | None:
        """The variable at the position, or None if ``$`` does not begin one."""
        start = self.pos
        found = self.match(_VARIABLE)
        if not found:
            return None
        text = found["braced"] or found["special"] or found["name"]
        scope, _, name = text.rpartition(":")
        return ast.Variable(self.span(start), scope.lower(), name)

    def sub_expression(self) -> ast.SubExpression:
        """``$( ... )`` at the position."""
        start = self.pos
        self.pos += 2
        self.enter()
        body = self.statements(")")
        self.leave()
        self.close(")", "Missing closing ')' in subexpression.", "MissingEndParenthesisInSubexpression")
        return ast.SubExpression(self.span(start), body)

    def single_quoted(self) -> ast.Constant:
        start = self.pos
        self.pos += 1
        parts: list[str] = []
        while self.char:
            char = self.char
            self.pos += 1
            if char not in SINGLE_QUOTES:
                parts.append(char)
            elif self.char and self.char in SINGLE_QUOTES:
                parts.append(char)
                self.pos += 1
            else:
                return ast.Constant(self.span(start), "".join(parts))
        raise self._unterminated(start, "'")

    def double_quoted(self) -> ast.Node:
        start = self.pos
        self.pos += 1
        parts = Parts(self)
        while self.char:
            if self.char not in DOUBLE_QUOTES:
                parts.take()
                continue
            self.pos += 1
            if not (self.char and self.char in DOUBLE_QUOTES):
                return parts.finish(start)
            parts.text.append(self.char)
            self.pos += 1
        raise self._unterminated(start, '"')

    def here_string(self, quote: str) -> ast.Node:
        """``@'`` or ``@"`` at the position; ends at a line that begins with the quote and ``@``."""
        start = self.pos
        self.pos += 2
        if not self.match(_HERE_START):
            raise self.failure(
                "No characters are allowed after a here-string header but before the end of the line.",
                "UnexpectedCharactersAfterHereStringHeader",
            )
        end = re.compile(rf"\r?\n{quote}@")
        self.pos -= 1  # the terminator may stand on the first line: then its line break is the header's
        if quote == "'":
            found = end.search(self.source, self.pos)
            if not found:
                raise self._unterminated(start, quote, here=True)
            text = self.source[self.pos + 1 : found.start()]
            self.pos = found.end()
            return ast.Constant(self.span(start), text)
        return self._expandable_here(start, end)

    def _expandable_here(self, start: int, end: re.Pattern[str]) -> ast.Node:
        parts = Parts(self)
        first = True
        while self.char:
            if self.match(end):
                return parts.finish(start)
            if first:
                self.pos += 1
                first = False
                continue
            parts.take()
        raise self._unterminated(start, '"', here=True)

    def _unterminated(self, start: int, quote: str, *, here: bool = False) -> Exception:
        span = ast.Span(start, min(start + 1, len(self.source)))
        return self.failure(
            f"The string is missing the terminator: {quote}{'@' if here else ''}.",
            f"TerminatorExpectedAtEndOf{'Here' if here else ''}String",
            span,
        )


class Parts:
    """The pieces of an expandable string while it is read."""

    def __init__(self, parser: StringParser) -> None:
        self.parser = parser
        self.text: list[str] = []
        self.nodes: list[ast.Node] = []
        self._start = parser.pos

    def take(self) -> None:
        """One character, escape, variable or sub-expression from the position."""
        parser = self.parser
        if parser.char == "`" and parser.pos + 1 < len(parser.source):
            following = parser.source[parser.pos + 1]
            self.text.append(ESCAPES.get(following, following))
            parser.pos += 2
        elif parser.ahead("$("):
            self.add(parser.sub_expression())
        elif parser.char == "$":
            self._dollar()
        else:
            self.text.append(parser.char)
            parser.pos += 1

    def _dollar(self) -> None:
        parser = self.parser
        if _BAD_DRIVE.match(parser.source, parser.pos):
            raise parser.failure(
                "Variable reference is not valid. ':' was not followed by a valid variable name character. "
                "Consider using ${} to delimit the name.",
                "InvalidVariableReferenceWithDrive",
            )
        variable = parser.variable()
        if variable:
            self.add(variable)
        else:
            self.text.append("$")
            parser.pos += 1

    def add(self, node: ast.Node) -> None:
        self._flush()
        self.nodes.append(node)

    def finish(self, start: int) -> ast.Node:
        """The whole: a constant if nothing in it needs to be looked up."""
        span = self.parser.span(start)
        if not self.nodes:
            return ast.Constant(span, "".join(self.text))
        self._flush()
        return ast.Expandable(span, tuple(self.nodes))

    def _flush(self) -> None:
        if self.text:
            self.nodes.append(ast.Constant(self.parser.span(self._start), "".join(self.text)))
            self.text.clear()
