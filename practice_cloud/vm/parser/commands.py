"""Commands and pipelines: the words after a command's name, barewords with variables in them, streams sent to $null."""

from __future__ import annotations

import re

from practice_cloud.vm import ast
from practice_cloud.vm.lexer import bareword_number
from practice_cloud.vm.parser.expressions import ExpressionParser
from practice_cloud.vm.parser.strings import DOUBLE_QUOTES, SINGLE_QUOTES, Parts

_PARAMETER = re.compile(r"-([A-Za-z_?][\w-]*)(:)?(?=[\s;|)}'\"$@({,\[]|:|\d|\w|$)")
_REDIRECTION = re.compile(r"([\d*]?)>(>?)(?:&(\d))?")
_WORD_END = frozenset(" \t\r\n;|(){},&<>")
_ARGUMENTS_END = "\n;|)}"
_EXPRESSION_START = re.compile(
    r"[$@({'\"\[!\u2018-\u201e]|\.?\d|[-+]{1,2}\s*[\d.$(@\[\'\"]|,|-(?:not|bnot|join|[ci]?split)\b", re.IGNORECASE
)
_SPLAT = re.compile(r"@(\w+)")


class CommandParser(ExpressionParser):
    def pipeline(self) -> ast.Node:
        """Elements joined by ``|``; a single expression is itself."""
        start = self.pos
        first = self._element()
        elements = [first]
        while True:
            end = self.pos
            self.skip_space()
            if self.char != "|":
                self.pos = end
                break
            if self.ahead("||"):
                raise self.failure(
                    "The token '||' is not a valid statement separator in this version.", "InvalidEndOfLine"
                )
            self.pos += 1
            self.skip_lines()
            if not self.char or self.char in ")}|;":
                raise self.failure("An empty pipe element is not allowed.", "EmptyPipeElement")
            elements.append(self._element())
        if len(elements) == 1 and not isinstance(first, ast.Command):
            return first
        return ast.Pipeline(self.span(start), tuple(elements))

    def _element(self) -> ast.Node:
        start = self.pos
        if self.char == "&" or re.match(r"\.\s", self.source[self.pos : self.pos + 2]):
            if self.ahead("&&"):
                raise self.failure(
                    "The token '&&' is not a valid statement separator in this version.", "InvalidEndOfLine"
                )
            self.pos += 1
            self.skip_space()
            return self._command(start, self._invoked_name(), invoked=True)
        if _EXPRESSION_START.match(self.source, self.pos):
            return self._expression_element()
        return self._command(start, self._word(), invoked=False)

    def _expression_element(self) -> ast.Node:
        node = self.expression()
        end = self.pos
        self.skip_space()
        if self.ahead("2>") or self.char == ">":
            self._redirections()  # only to $null, which an expression's own output does not notice
            return node
        self.pos = end
        return node

    def _invoked_name(self) -> ast.Node:
        if self.char and self.char in "$({'\"":
            return self.postfix(self.primary())
        return self._word()

    def _command(self, start: int, name: ast.Node, *, invoked: bool) -> ast.Command:
        args: list[ast.Argument] = []
        muted: list[str] = []
        while True:
            end = self.pos
            self.skip_space()
            if not self.char or self.char in _ARGUMENTS_END:
                self.pos = end
                break
            redirected = self._redirections()
            if redirected:
                muted += redirected
                continue
            args.append(self._argument())
        return ast.Command(self.span(start), name, tuple(args), invoked, tuple(muted))

    def _redirections(self) -> list[str]:
        """``> $null``, ``2>$null``, ``*>$null``; a file is beyond the practice VM, and said so."""
        start = self.pos
        found = self.match(_REDIRECTION)
        if not found:
            return []
        self.skip_space()
        if not found[3] and self.source[self.pos : self.pos + 5].lower() == "$null":
            self.pos += 5
            return [found[1] or "1"]
        raise self.failure(
            "The practice VM supports redirection to $null only.", "RedirectionNotSupported", self.span(start)
        )

    def _argument(self) -> ast.Argument:
        start = self.pos
        found = self.match(_PARAMETER)
        if not found:
            splat = self.match(_SPLAT)
            value = ast.Splat(self.span(start), splat[1]) if splat else self._argument_value()
            return ast.Argument(self.span(start), None, value)
        if not found[2]:
            return ast.Argument(self.span(start), found[1])
        self.skip_space()
        return ast.Argument(self.span(start), found[1], self._argument_value())

    def _argument_value(self) -> ast.Node:
        missing = ("Missing argument in parameter list.", "MissingArgument")
        return self.one_or_list(self._argument_item, ends=_ARGUMENTS_END, missing=missing)

    def _argument_item(self) -> ast.Node:
        if self.char == "<":
            raise self.failure("The '<' operator is reserved for future use.", "RedirectionNotSupported")
        if self.char == "&":
            raise self.failure(
                "The ampersand (&) character is not allowed. The & operator is reserved for future use; wrap an "
                'ampersand in double quotation marks ("&") to pass it as part of a string.',
                "AmpersandNotAllowed",
            )
        if (self.char and self.char in "({'\"" + SINGLE_QUOTES + DOUBLE_QUOTES) or re.match(r"@[({'\"]", self._two()):
            return self._argument_postfix(self.primary())
        if self.char == "$":
            return self._argument_variable()
        return self._word()

    def _two(self) -> str:
        return self.source[self.pos : self.pos + 2]

    def _argument_postfix(self, node: ast.Node) -> ast.Node:
        return self.postfix(node) if self.char and self.char in ".[" else node

    def _argument_variable(self) -> ast.Node:
        """``$x``, ``$x.y``, ``$x[0]``; or, where more text touches it, a bareword such as ``$x/secrets``."""
        start = self.pos
        node = self.sub_expression() if self.ahead("$(") else self.variable()
        if node:
            value = self._argument_postfix(node)
            if not self.char or self.char in _WORD_END:
                return value
        self.pos = start
        return self._word()

    def _word(self) -> ast.Node:
        """A bareword: up to a blank or a character that ends an argument; variables and quotes in it are expanded."""
        start = self.pos
        parts = Parts(self)
        while self.char and self.char not in _WORD_END:
            if self.char in SINGLE_QUOTES:
                parts.text.append(str(self.single_quoted().value))
            elif self.char in DOUBLE_QUOTES:
                parts.add(self.double_quoted())
            else:
                parts.take()
        if self.pos == start:
            raise self._unexpected()
        node = parts.finish(start)
        number = bareword_number(node.value) if isinstance(node, ast.Constant) and self._plain(start) else None
        return node if number is None else ast.Constant(node.span, number)

    def _plain(self, start: int) -> bool:
        return not any(quote in self.source[start : self.pos] for quote in "'\"`")
