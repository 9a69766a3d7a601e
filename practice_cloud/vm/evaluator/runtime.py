"""What a running script has: its variables, its output, its errors, its way to the network, its budget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar

import httpx

from practice_cloud.vm import ast
from practice_cloud.vm.budget import Budget
from practice_cloud.vm.convert import VERSION, to_text
from practice_cloud.vm.host import Host
from practice_cloud.vm.machine import Nested
from practice_cloud.vm.scope import Scope
from practice_cloud.vm.signals import PSError, failed, unsupported
from practice_cloud.vm.values import ErrorRecord, Hashtable, Props, PSObject, Value, collapse, enumerate_value
from practice_cloud.vm.words import words

Send = Callable[[httpx.Request], Awaitable[httpx.Response]]
N = TypeVar("N", bound=ast.Node)


class Sink(Protocol):
    """Where output goes: a list that captures it, or the host that shows it."""

    def append(self, value: Value, /) -> None: ...


ExpressionHandler = Callable[["Runtime", Any], Coroutine[Any, Any, Value]]
StatementHandler = Callable[["Runtime", Any, Sink], Coroutine[Any, Any, None]]
EXPRESSIONS: dict[type[ast.Node], ExpressionHandler] = {}
STATEMENTS: dict[type[ast.Node], StatementHandler] = {}
_QUIET = frozenset({"silentlycontinue", "ignore"})
_ACTIONS = _QUIET | {"stop", "continue"}


def expression(kind: type[ast.Node]) -> Callable[[ExpressionHandler], ExpressionHandler]:
    def register(handler: ExpressionHandler) -> ExpressionHandler:
        EXPRESSIONS[kind] = handler
        return handler

    return register


def statement(kind: type[ast.Node]) -> Callable[[StatementHandler], StatementHandler]:
    def register(handler: StatementHandler) -> StatementHandler:
        STATEMENTS[kind] = handler
        return handler

    return register


class Runtime:
    def __init__(self, source: str, *, send: Send, clock: Callable[[], datetime], budget: Budget, host: Host) -> None:
        self.source = source
        self.send = send
        self.clock = clock
        self.budget = budget
        self.host = host
        self.scope = Scope()
        self.tries = 0
        self.calls = 0
        self.succeeded = True
        self.errors: list[Value] = []

    async def value(self, node: ast.Node) -> Value:
        """What an expression is; of a statement, what its output makes."""
        handler = EXPRESSIONS.get(type(node))
        if handler:
            return await Nested(handler(self, node))
        return collapse(await self.captured(node))

    async def captured(self, node: ast.Node) -> list[Value]:
        output: list[Value] = []
        await self.emit(node, output)
        return output

    async def emit(self, node: ast.Node, out: Sink) -> None:
        """Run a statement; what an expression is goes to the output, an array element by element."""
        handler = STATEMENTS.get(type(node))
        if handler:
            await Nested(handler(self, node, out))
            return
        value = await self.value(node)
        if value is None and isinstance(node, ast.Invoke):
            return  # a method without a result
        for item in enumerate_value(value):
            self.budget.step()
            out.append(item)

    async def text(self, node: ast.Node) -> str:
        return to_text(await self.value(node))

    async def block(self, block: ast.Block, out: Sink) -> None:
        """Statements one after another. An error ends its statement; whether it ends more is decided here."""
        for each in block.statements:
            try:
                await self.emit(each, out)
                self.succeeded = True
            except PSError as error:
                self.settle(error, each)

    def settle(self, error: PSError, node: ast.Node) -> None:
        """Report a terminating error and go on, or raise it further."""
        self.succeeded = False
        record = error.record
        if record.span is None:
            record.span = node.span
        self.remember(record)
        action = self.preference()
        if error.fatal or self.tries or action == "stop":
            error.fatal = error.fatal or action == "stop"
            raise error
        if action not in _QUIET:
            self.host.error(record)

    def remember(self, record: ErrorRecord) -> None:
        """``$Error``, the newest first."""
        if not self.errors or self.errors[0] is not record:
            self.errors.insert(0, record)
            del self.errors[256:]

    def preference(self, given: Value = None) -> str:
        """What to do with an error: of ``-ErrorAction``, else of ``$ErrorActionPreference``; in lower case."""
        chosen = given if given is not None else self.scope.read("", "ErrorActionPreference")
        action = to_text(chosen).lower() or "continue"
        if action not in _ACTIONS:
            if action in ("inquire", "suspend"):
                raise unsupported(f"the error action '{action}'")
            raise failed(f'Cannot convert value "{action}" to type ActionPreference.', "InvalidCastFromStringToEnum")
        return action

    def report(self, record: ErrorRecord, action: Value = None) -> None:
        """A non-terminating error of a command."""
        self.succeeded = False
        chosen = self.preference(action)
        if chosen == "stop":
            raise PSError(record, fatal=True)
        if chosen != "ignore":
            self.remember(record)
        if chosen not in _QUIET:
            self.host.error(record)

    def variable(self, node: ast.Variable) -> Value:
        special = _AUTOMATIC.get(node.name.lower()) if not node.scope else None
        if special:
            return special(self)
        return self.scope.read(node.scope, node.name)


def _version(runtime: Runtime) -> Hashtable:
    version = PSObject(Props([("Major", 5), ("Minor", 1), ("Build", 17763), ("Revision", 1)]), VERSION)
    return Hashtable([("PSVersion", version), ("PSEdition", "Desktop")])


def _beyond(name: str) -> Callable[[Runtime], Value]:
    def refuse(runtime: Runtime) -> Value:
        raise unsupported(f"the variable ${name}")

    return refuse


_BEYOND = words("Host PID HOME PWD PSScriptRoot PSCommandPath MyInvocation ExecutionContext Profile ShellId PSCmdlet")
_AUTOMATIC: dict[str, Callable[[Runtime], Value]] = {
    "true": lambda runtime: True,
    "false": lambda runtime: False,
    "null": lambda runtime: None,
    "?": lambda runtime: runtime.succeeded,
    "error": lambda runtime: list(runtime.errors),
    "psversiontable": _version,
    **{name.lower(): _beyond(name) for name in _BEYOND},
}
