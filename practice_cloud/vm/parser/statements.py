"""Statements: blocks, assignments, keywords, functions and ``param``."""

from __future__ import annotations

import re
from collections.abc import Callable

from practice_cloud.vm import ast
from practice_cloud.vm.parser.commands import CommandParser
from practice_cloud.vm.parser.flow import UNSUPPORTED_KEYWORDS, FlowParser

_WORD = re.compile(r"[A-Za-z]+(?![\w-])")
_ASSIGNMENT = re.compile(r"=(?!=)|[-+*/%]=")
_ASSIGNABLE = (ast.Variable, ast.Member, ast.Index, ast.ArrayLiteral, ast.Cast)


class StatementParser(FlowParser, CommandParser):
    def script(self) -> ast.ScriptBody:
        body = self.script_body()
        self.skip_lines()
        if self.char:
            raise self._unexpected()
        return body

    def statements(self, closers: str) -> ast.Block:
        start = self.pos
        found: list[ast.Node] = []
        while True:
            self._skip_separators()
            if not self.char or self.char in closers:
                break
            found.append(self._statement())
            end = self.pos
            self.skip_space()
            if self.char and self.char not in ";\n" + closers:
                raise self._unexpected()
            if not self.char:
                self.pos = end
                break
        return ast.Block(self.span(start), tuple(found))

    def _statement(self) -> ast.Node:
        keyword = self._keyword()
        if keyword:
            return keyword
        return self._assignment_or_pipeline()

    def pipeline_statement(self) -> ast.Node:
        return self._statement()

    def _keyword(self) -> ast.Node | None:
        start = self.pos
        found = _WORD.match(self.source, self.pos)
        word = found[0].lower() if found else ""
        if word in UNSUPPORTED_KEYWORDS:
            raise self.failure(
                f"The practice VM does not support the '{word}' statement.",
                "StatementNotSupported",
                ast.Span(start, start + len(word)),
            )
        reader: Callable[[int], ast.Node] | None = self.keywords().get(word)
        if not reader:
            return None
        self.pos += len(word)
        self.enter()
        node = reader(start)
        self.leave()
        return node

    def _assignment_or_pipeline(self) -> ast.Node:
        start = self.pos
        node = self.pipeline()
        if not isinstance(node, _ASSIGNABLE):
            return node
        end = self.pos
        self.skip_space()
        operator = self.match(_ASSIGNMENT)
        if not operator:
            self.pos = end
            return node
        self.skip_lines()
        if not self.char or self.char in ";)}":
            raise self._value_expected(operator[0])
        self.enter()
        value = self._statement()
        self.leave()
        return ast.Assign(self.span(start), node, operator[0], value)
