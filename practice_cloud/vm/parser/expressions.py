"""Expressions: operators by precedence, casts, members, calls, indexes, and the literals of arrays and hashtables."""

from __future__ import annotations

import re
from collections.abc import Callable

from practice_cloud.vm import ast
from practice_cloud.vm.parser.strings import DOUBLE_QUOTES, SINGLE_QUOTES, StringParser
from practice_cloud.vm.words import words

_COMPARE = words("eq ne gt ge lt le like notlike match notmatch replace contains notcontains in notin split")
_CASED = {prefix + name for name in _COMPARE for prefix in ("", "c", "i")}
LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"-and", "-or", "-xor"}),
    frozenset({"-band", "-bor", "-bxor"}),
    frozenset(f"-{name}" for name in _CASED | {"join", "is", "isnot", "as"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%", "-shl", "-shr"}),
    frozenset({"-f"}),
    frozenset({".."}),
)
_LEVEL = {operator: level for level, operators in enumerate(LEVELS) for operator in operators}
_WORD_OPERATOR = re.compile(r"-[A-Za-z]+(?![\w-])")
_SYMBOL_OPERATOR = re.compile(r"\.\.|[-+*/%](?![=])")
_UNARY_WORD = re.compile(r"(?:-(?:not|bnot|join|[ci]?split)(?![\w-])|!)", re.IGNORECASE)
_TYPE = re.compile(r"\[\s*([A-Za-z_][\w.]*(?:\[[\w.,\s]*\])?)\s*\]")
_MEMBER_NAME = re.compile(r"[A-Za-z_]\w*")
_HASH_NAME = re.compile(r"-?[A-Za-z_][\w-]*|-?\d+")


class ExpressionParser(StringParser):
    def pipeline_statement(self) -> ast.Node:
        """An assignment, a pipeline or a statement with a value."""
        raise NotImplementedError

    def script_body(self) -> ast.ScriptBody:
        """The inside of a script block, up to (not over) ``}``."""
        raise NotImplementedError

    def expression(self, level: int = 0, *, lists: bool = True) -> ast.Node:
        """An expression; ``lists`` says whether a comma makes an array of it."""
        start = self.pos
        left = self.comma_list() if lists else self.unary()
        while True:
            found = self._operator(level)
            if not found:
                return left
            operator, its_level = found
            self.skip_lines()
            if not self.char:
                raise self._value_expected(operator)
            right = self.expression(its_level + 1, lists=lists)
            left = ast.Binary(self.span(start), operator, left, right)

    def _operator(self, level: int) -> tuple[str, int] | None:
        """The operator ahead, if it binds at least as strongly as ``level``; the position moves behind it."""
        before = self.pos
        self.skip_space()
        found = self.match(_WORD_OPERATOR) or self.match(_SYMBOL_OPERATOR)
        operator = found[0].lower() if found else ""
        its_level = _LEVEL.get(operator, -1)
        doubled = operator in "+-" and self.char == operator
        if its_level < level or doubled:
            self.pos = before
            return None
        return operator, its_level

    def _value_expected(self, operator: str) -> Exception:
        return self.failure(
            f"You must provide a value expression following the '{operator}' operator.", "ExpectedValueExpression"
        )

    def comma_list(self) -> ast.Node:
        start = self.pos
        if self.char == ",":
            self.pos += 1
            self.skip_lines()
            only = self.unary()
            return ast.ArrayLiteral(self.span(start), (only,))
        return self.one_or_list(
            self.unary, ends=")};", missing=("Missing expression after ','.", "MissingExpressionAfterToken")
        )

    def one_or_list(self, item: Callable[[], ast.Node], *, ends: str, missing: tuple[str, str]) -> ast.Node:
        """One value, or an array where commas follow. ``missing`` is the error when one of ``ends`` follows a comma."""
        start = self.pos
        items = [item()]
        while True:
            end = self.pos
            self.skip_space()
            if not self.accept(","):
                self.pos = end
                break
            self.skip_lines()
            if not self.char or self.char in ends:
                raise self.failure(*missing)
            items.append(item())
        return ast.ArrayLiteral(self.span(start), tuple(items)) if len(items) > 1 else items[0]

    def unary(self) -> ast.Node:
        start = self.pos
        self.enter()
        try:
            return self._unary(start)
        finally:
            self.leave()

    def _unary(self, start: int) -> ast.Node:
        word = self.match(_UNARY_WORD)
        if word:
            self.skip_lines()
            operand = self.unary()
            return ast.Unary(self.span(start), word[0].lower(), operand)
        for sign in ("++", "--"):
            if self.accept(sign):
                self.skip_space()
                target = self.unary()
                return ast.Increment(self.span(start), target, 1 if sign == "++" else -1, prefix=True)
        if self.char and self.char in "+-":
            return self._signed(start)
        found = self.match(_TYPE)
        if found:
            return self._after_type(start, found[1])
        return self.postfix(self.primary())

    def _signed(self, start: int) -> ast.Node:
        sign = self.char
        self.pos += 1
        self.skip_space()
        if not self.char:
            raise self._value_expected(sign)
        operand = self.unary()
        if isinstance(operand, ast.Constant) and isinstance(operand.value, int | float):
            return ast.Constant(self.span(start), -operand.value if sign == "-" else operand.value)
        return ast.Unary(self.span(start), sign, operand)

    def _after_type(self, start: int, name: str) -> ast.Node:
        """A static member, a cast, or the type itself."""
        type_name = re.sub(r"\s", "", name)
        literal = ast.TypeLiteral(self.span(start), type_name)
        if self.ahead("::") or self.char == ".":
            return self.postfix(literal)
        end = self.pos
        self.skip_space()
        begins = self.char and (self.char in "$@([{'\".!" + SINGLE_QUOTES + DOUBLE_QUOTES or self.char.isalnum())
        signed = self.char and self.char in "+-" and self.source[self.pos + 1 : self.pos + 2].isdigit()
        if begins or signed:
            operand = self.unary()
            return ast.Cast(self.span(start), type_name, operand)
        self.pos = end
        return literal

    def postfix(self, node: ast.Node) -> ast.Node:
        """Members, calls, indexes and ``++`` that follow without a blank."""
        start = node.span.start
        while True:
            if self.ahead("::"):
                self.pos += 2
                node = self._member(node, start, static=True)
            elif self.char == "." and not self.ahead(".."):
                self.pos += 1
                node = self._member(node, start, static=False)
            elif self.char == "[":
                self.pos += 1
                self.skip_lines()
                index = self.expression()
                self.close("]", "Missing ']' after array index expression.", "MissingEndSquareBracket")
                node = ast.Index(self.span(start), node, index)
            elif self.ahead("++") or self.ahead("--"):
                by = 1 if self.char == "+" else -1
                self.pos += 2
                return ast.Increment(self.span(start), node, by, prefix=False)
            else:
                return node

    def _member(self, target: ast.Node, start: int, *, static: bool) -> ast.Node:
        self.skip_lines()
        name = self._member_name()
        if self.char != "(":
            return ast.Member(self.span(start), target, name, static)
        self.pos += 1
        args: list[ast.Node] = []
        self.skip_lines()
        while self.char and self.char != ")":
            args.append(self.expression(lists=False))
            self.skip_lines()
            if not self.accept(","):
                break
            self.skip_lines()
        self.close(")", "Missing ')' in method call.", "MissingEndParenthesisInMethodCall")
        return ast.Invoke(self.span(start), target, name, tuple(args), static)

    def _member_name(self) -> ast.Node:
        start = self.pos
        found = self.match(_MEMBER_NAME)
        if found:
            return ast.Constant(self.span(start), found[0])
        if self.char and self.char in "$(" + SINGLE_QUOTES + DOUBLE_QUOTES:
            return self.primary()
        raise self.failure("Missing property name after reference operator.", "MissingPropertyName")

    def primary(self) -> ast.Node:
        char = self.char
        if char and char in SINGLE_QUOTES:
            return self.single_quoted()
        if char and char in DOUBLE_QUOTES:
            return self.double_quoted()
        readers = {"$": self._dollar, "@": self._at, "(": self._paren, "{": self._script_block}
        if char in readers:
            return readers[char]()
        start = self.pos
        number = self.number()
        if number is not None:
            return ast.Constant(self.span(start), number)
        raise self._unexpected()

    def _unexpected(self) -> Exception:
        if not self.char:
            return self.failure("An expression was expected.", "ExpectedExpression")
        token = re.compile(r"[\w-]+|.", re.DOTALL).match(self.source, self.pos)
        text = token[0] if token else self.char
        return self.failure(
            f"Unexpected token '{text.strip() or 'newline'}' in expression or statement.",
            "UnexpectedToken",
            ast.Span(self.pos, self.pos + len(text)),
        )

    def _dollar(self) -> ast.Node:
        if self.ahead("$("):
            return self.sub_expression()
        variable = self.variable()
        if variable:
            return variable
        raise self._unexpected()

    def _at(self) -> ast.Node:
        start = self.pos
        following = self.source[self.pos + 1 : self.pos + 2]
        if following and following in SINGLE_QUOTES + DOUBLE_QUOTES:
            return self.here_string(following)
        if following == "{":
            return self._hash()
        if following == "(":
            self.pos += 2
            self.enter()
            body = self.statements(")")
            self.leave()
            self.close(")", "Missing closing ')' in array expression.", "MissingEndParenthesisInExpression")
            return ast.ArrayExpression(self.span(start), body)
        raise self.failure("Unrecognized token in source text.", "UnrecognizedToken")

    def _paren(self) -> ast.Node:
        start = self.pos
        self.pos += 1
        self.enter()
        self.skip_lines()
        if self.char == ")":
            raise self.failure("An expression was expected after '('.", "ExpectedExpression")
        inner = self.pipeline_statement()
        self.leave()
        self.close(")", "Missing closing ')' in expression.", "MissingEndParenthesisInExpression")
        return ast.Paren(self.span(start), inner)

    def _script_block(self) -> ast.Node:
        start = self.pos
        self.pos += 1
        self.enter()
        body = self.script_body()
        self.leave()
        self.close("}", "Missing closing '}' in statement block or type definition.", "MissingEndCurlyBrace")
        return ast.ScriptBlockExpression(self.span(start), body)

    def _hash(self) -> ast.Node:
        start = self.pos
        self.pos += 2
        self.enter()
        pairs: list[tuple[ast.Node, ast.Node]] = []
        while True:
            self._skip_separators()
            if not self.char or self.char == "}":
                break
            pairs.append(self._hash_pair())
            self.skip_space()
            if self.char and self.char not in ";\n}":
                break
        self.leave()
        self.close("}", "The hash literal was incomplete.", "IncompleteHashLiteral")
        return ast.HashLiteral(self.span(start), tuple(pairs))

    def _hash_pair(self) -> tuple[ast.Node, ast.Node]:
        start = self.pos
        found = self.match(_HASH_NAME)
        key = ast.Constant(self.span(start), _hash_key(found[0])) if found else self.unary()
        self.skip_space()
        if not self.accept("="):
            raise self.failure("Missing '=' operator after key in hash literal.", "MissingEqualsInHashLiteral")
        self.skip_lines()
        if not self.char or self.char in "};":
            raise self.failure("Missing statement after '=' in hash literal.", "MissingStatementInHashLiteral")
        return key, self.pipeline_statement()

    def _skip_separators(self) -> None:
        while True:
            self.skip_lines()
            if not self.accept(";"):
                return


def _hash_key(text: str) -> str | int:
    return int(text) if text.lstrip("-").isdigit() and len(text) < 10 else text
