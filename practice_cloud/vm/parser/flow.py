"""The keywords: conditions, loops, try, functions, ``param``."""

from __future__ import annotations

import re
from collections.abc import Callable

from practice_cloud.vm import ast
from practice_cloud.vm.parser.expressions import ExpressionParser
from practice_cloud.vm.words import words

_TYPE_LIST = re.compile(r"\[\s*([A-Za-z_][\w.]*)\s*\]")
_ELSE = re.compile(r"(elseif|else)(?![\w-])", re.IGNORECASE)
_CATCH = re.compile(r"(catch|finally)(?![\w-])", re.IGNORECASE)
_IN = re.compile(r"in(?![\w-])", re.IGNORECASE)
_DO_END = re.compile(r"(while|until)(?![\w-])", re.IGNORECASE)
_SWITCH_OPTION = re.compile(r"-(\w+)")
_DEFAULT = re.compile(r"default(?![\w-])", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w:-]*")
_PARAM = re.compile(r"param\s*(?=\()", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\[\s*(\w+)\s*\(")
_BARE_TYPE = re.compile(r"\[\s*([A-Za-z_][\w.]*(?:\[\])?)\s*\]")
_NAMED_BLOCK = re.compile(r"(begin|process|end)\s*(?=\{)", re.IGNORECASE)

UNSUPPORTED_KEYWORDS = words(
    "class enum using trap data workflow parallel sequence dynamicparam configuration inlinescript filter"
)


class FlowParser(ExpressionParser):
    def keywords(self) -> dict[str, Callable[[int], ast.Node]]:
        return {
            "if": self._if,
            "switch": self._switch,
            "foreach": self._foreach,
            "for": self._for,
            "while": self._while,
            "do": self._do,
            "try": self._try,
            "throw": self._throw,
            "function": self._function,
            **{word: self._leave(word) for word in ("return", "exit", "break", "continue")},
        }

    def block(self, after: str) -> ast.Block:
        self.skip_lines()
        if not self.accept("{"):
            raise self.failure(f"Missing statement block after '{after}'.", "MissingStatementBlock")
        body = self.statements("}")
        self.close("}", "Missing closing '}' in statement block or type definition.", "MissingEndCurlyBrace")
        return body

    def _condition(self, after: str) -> ast.Node:
        self._open(after)
        node = self.pipeline_statement()
        self._shut(after)
        return node

    def _open(self, after: str) -> None:
        self.skip_lines()
        if not self.accept("("):
            raise self.failure(
                f"Missing '(' after '{after}' in {after} statement.", "MissingOpenParenthesisInIfStatement"
            )
        self.skip_lines()

    def _shut(self, after: str) -> None:
        self.close(")", f"Missing ')' after expression in '{after}' statement.", "MissingEndParenthesisAfterStatement")

    def _if(self, start: int) -> ast.Node:
        branches = [(self._condition("if"), self.block("if"))]
        otherwise = None
        while otherwise is None:
            end = self.pos
            self.skip_lines()
            found = self.match(_ELSE)
            if not found:
                self.pos = end
                break
            if found[1].lower() == "elseif":
                branches.append((self._condition("elseif"), self.block("elseif")))
            else:
                otherwise = self.block("else")
        return ast.If(self.span(start), tuple(branches), otherwise)

    def _switch(self, start: int) -> ast.Node:
        options = self._switch_options()
        subject = self._condition("switch")
        self.skip_lines()
        if not self.accept("{"):
            raise self.failure("Missing '{' in switch statement.", "MissingCurlyBraceInSwitchStatement")
        clauses: list[tuple[ast.Node, ast.Block]] = []
        default: ast.Block | None = None
        while True:
            self._skip_separators()
            if not self.char or self.char == "}":
                break
            if self.match(_DEFAULT):
                default = self.block("default")
            else:
                clauses.append((self._switch_pattern(), self.block("switch clause")))
        self.close("}", "Missing closing '}' in switch statement.", "MissingEndCurlyBrace")
        mode = next((option for option in options if option in ("wildcard", "regex")), "exact")
        return ast.Switch(self.span(start), subject, mode, "casesensitive" in options, tuple(clauses), default)

    def _switch_options(self) -> list[str]:
        options: list[str] = []
        while True:
            self.skip_space()
            found = self.match(_SWITCH_OPTION)
            if not found:
                return options
            option = found[1].lower()
            if option not in ("wildcard", "regex", "exact", "casesensitive"):
                raise self.failure(f"The practice VM does not support switch -{option}.", "StatementNotSupported")
            options.append(option)

    def _switch_pattern(self) -> ast.Node:
        start = self.pos
        found = self.match(_NAME)
        return ast.Constant(self.span(start), found[0]) if found else self.expression()

    def _foreach(self, start: int) -> ast.Node:
        self._open("foreach")
        variable = self.variable()
        if not variable:
            raise self.failure("Missing variable name after foreach.", "MissingVariableNameAfterForeach")
        self.skip_lines()
        if not self.match(_IN):
            raise self.failure("Missing 'in' after variable in foreach loop.", "MissingInInForeach")
        self.skip_lines()
        source = self.pipeline_statement()
        self._shut("foreach")
        return ast.ForEach(self.span(start), variable, source, self.block("foreach"))

    def _for(self, start: int) -> ast.Node:
        self._open("for")
        parts: list[ast.Node | None] = []
        for closer in (";", ";", ")"):
            self.skip_lines()
            parts.append(None if self.char in (closer, ")") else self.pipeline_statement())
            self.skip_lines()
            if closer == ";":
                self.accept(";")
        self._shut("for")
        return ast.For(self.span(start), parts[0], parts[1], parts[2], self.block("for"))

    def _while(self, start: int) -> ast.Node:
        condition = self._condition("while")
        return ast.While(self.span(start), condition, self.block("while"))

    def _do(self, start: int) -> ast.Node:
        body = self.block("do")
        self.skip_lines()
        found = self.match(_DO_END)
        if not found:
            raise self.failure("Missing while or until keyword in do loop.", "MissingWhileOrUntilInDoWhile")
        word = found[1].lower()
        return ast.While(self.span(start), self._condition(word), body, body_first=True, until=word == "until")

    def _try(self, start: int) -> ast.Node:
        body = self.block("try")
        catches: list[tuple[tuple[str, ...], ast.Block]] = []
        final: ast.Block | None = None
        while final is None:
            end = self.pos
            self.skip_lines()
            found = self.match(_CATCH)
            if not found:
                self.pos = end
                break
            if found[1].lower() == "catch":
                catches.append((self._caught_types(), self.block("catch")))
            else:
                final = self.block("finally")
        if not catches and final is None:
            raise self.failure("The Try statement is missing its Catch or Finally block.", "MissingCatchOrFinally")
        return ast.Try(self.span(start), body, tuple(catches), final)

    def _caught_types(self) -> tuple[str, ...]:
        types: list[str] = []
        while True:
            self.skip_lines()
            self.accept(",")
            self.skip_lines()
            found = self.match(_TYPE_LIST)
            if not found:
                return tuple(types)
            types.append(found[1])

    def _throw(self, start: int) -> ast.Node:
        value = self._optional_value()
        return ast.Throw(self.span(start), value)

    def _leave(self, kind: str) -> Callable[[int], ast.Node]:
        def read(start: int) -> ast.Node:
            return ast.Leave(self.span(start), kind, self._optional_value())

        return read

    def _optional_value(self) -> ast.Node | None:
        end = self.pos
        self.skip_space()
        if not self.char or self.char in "\n;})":
            self.pos = end
            return None
        return self.pipeline_statement()

    def _function(self, start: int) -> ast.Node:
        self.skip_space()
        name = self.match(_NAME)
        if not name:
            raise self.failure("Missing name after function keyword.", "MissingNameAfterKeyword")
        self.skip_lines()
        declared = self._parameters() if self.accept("(") else ()
        self.skip_lines()
        if not self.accept("{"):
            raise self.failure("Missing function body in function declaration.", "MissingFunctionBody")
        body = self.script_body()
        self.close("}", "Missing closing '}' in statement block or type definition.", "MissingEndCurlyBrace")
        if declared:
            body = ast.ScriptBody(body.span, declared, body.begin, body.process, body.end)
        return ast.Function(self.span(start), name[0], body)

    def script_body(self) -> ast.ScriptBody:
        start = self.pos
        parameters = self._param_block()
        named: dict[str, ast.Block] = {}
        while True:
            self._skip_separators()
            found = self.match(_NAMED_BLOCK)
            if not found:
                break
            named[found[1].lower()] = self.block(found[1])
        rest = self.statements("}")
        end = named.get("end", rest)
        return ast.ScriptBody(self.span(start), parameters, named.get("begin"), named.get("process"), end)

    def _param_block(self) -> tuple[ast.Parameter, ...]:
        before = self.pos
        self._skip_separators()
        self._attributes()
        if not self.match(_PARAM):
            self.pos = before
            return ()
        self.pos += 1
        return self._parameters()

    def _parameters(self) -> tuple[ast.Parameter, ...]:
        """Declarations up to and over ``)``."""
        found: list[ast.Parameter] = []
        self.skip_lines()
        while self.char and self.char != ")":
            found.append(self._parameter())
            self.skip_lines()
            if not self.accept(","):
                break
            self.skip_lines()
        self.close(")", "Missing ')' in function parameter list.", "MissingEndParenthesisInFunctionParameterList")
        return tuple(found)

    def _parameter(self) -> ast.Parameter:
        start = self.pos
        mandatory = self._attributes()
        type_name: str | None = None
        while found := self.match(_BARE_TYPE):
            type_name = found[1]
            mandatory = self._attributes() or mandatory
        variable = self.variable()
        if not variable:
            raise self.failure("Missing parameter name in the parameter list.", "MissingExpressionAfterToken")
        self.skip_lines()
        default = None
        if self.accept("="):
            self.skip_lines()
            default = self.expression(lists=False)
        return ast.Parameter(self.span(start), variable.name, type_name, default, mandatory)

    def _attributes(self) -> bool:
        """Over ``[CmdletBinding()]``, ``[Parameter(...)]`` and their like; true if one says Mandatory."""
        mandatory = False
        while True:
            self.skip_lines()
            start = self.pos
            found = self.match(_ATTRIBUTE)
            if not found:
                return mandatory
            name = found[1].lower()
            if name not in (
                "parameter",
                "cmdletbinding",
                "outputtype",
                "alias",
                "validatenotnullorempty",
                "validatenotnull",
            ):
                raise self.failure(
                    f"The practice VM does not support the attribute '{found[1]}'.",
                    "AttributeNotSupported",
                    self.span(start),
                )
            text = re.compile(r"[^()\n]*").match(self.source, self.pos)
            self.pos = text.end() if text else self.pos
            mandatory = mandatory or bool(
                re.search(r"mandatory(?!\s*=\s*\$false)", self.source[start : self.pos], re.I)
            )
            self.close(")", "Missing ')' in attribute.", "MissingEndParenthesisInAttribute")
            self.close("]", "Missing ']' after attribute.", "MissingEndSquareBracket")
