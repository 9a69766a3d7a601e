"""Conditions, loops, try, throw, return."""

from __future__ import annotations

from practice_cloud.vm import ast
from practice_cloud.vm.comparison import equal
from practice_cloud.vm.convert import to_bool, to_text, type_name
from practice_cloud.vm.evaluator.runtime import Runtime, Sink, statement
from practice_cloud.vm.names import full_type_name
from practice_cloud.vm.patterns import compiled, like
from practice_cloud.vm.signals import (
    RUNTIME,
    BreakLoop,
    ExitScript,
    NextTurn,
    PSError,
    ReturnFromCall,
    Signal,
    short_name,
)
from practice_cloud.vm.values import ErrorRecord, NetException, ScriptBlock, Value


@statement(ast.Block)
async def _block(runtime: Runtime, node: ast.Block, out: Sink) -> None:
    await runtime.block(node, out)


@statement(ast.If)
async def _if(runtime: Runtime, node: ast.If, out: Sink) -> None:
    for condition, body in node.branches:
        if to_bool(await runtime.value(condition)):
            await runtime.block(body, out)
            return
    if node.otherwise:
        await runtime.block(node.otherwise, out)


async def _turn(runtime: Runtime, body: ast.Block, out: Sink) -> bool:
    """One turn of a loop; False when the loop is to end."""
    try:
        await runtime.block(body, out)
    except NextTurn:
        return True
    except BreakLoop:
        return False
    return True


@statement(ast.ForEach)
async def _foreach(runtime: Runtime, node: ast.ForEach, out: Sink) -> None:
    source = await runtime.value(node.source)
    items = list(source) if isinstance(source, list | bytes) else ([] if source is None else [source])
    runtime.budget.array(len(items))
    for item in items:
        runtime.scope.write(node.variable.scope, node.variable.name, item)
        if not await _turn(runtime, node.body, out):
            return


@statement(ast.For)
async def _for(runtime: Runtime, node: ast.For, out: Sink) -> None:
    if node.start:
        await runtime.captured(node.start)
    while node.condition is None or to_bool(await runtime.value(node.condition)):
        runtime.budget.step()
        if not await _turn(runtime, node.body, out):
            return
        if node.step:
            await runtime.captured(node.step)


@statement(ast.While)
async def _while(runtime: Runtime, node: ast.While, out: Sink) -> None:
    first = node.body_first
    while first or to_bool(await runtime.value(node.condition)) != node.until:
        runtime.budget.step()
        first = False
        if not await _turn(runtime, node.body, out):
            return


@statement(ast.Switch)
async def _switch(runtime: Runtime, node: ast.Switch, out: Sink) -> None:
    subject = await runtime.value(node.subject)
    for item in list(subject) if isinstance(subject, list) else [subject]:
        try:
            await _switch_item(runtime, node, item, out)
        except NextTurn:
            continue
        except BreakLoop:
            return


async def _switch_item(runtime: Runtime, node: ast.Switch, item: Value, out: Sink) -> None:
    before = runtime.scope.variables.get("_")
    runtime.scope.variables["_"] = item
    matched = False
    for pattern, body in node.clauses:
        if await _clause_matches(runtime, node, pattern, item):
            matched = True
            await runtime.block(body, out)
    if not matched and node.default:
        await runtime.block(node.default, out)
    runtime.scope.variables["_"] = before


async def _clause_matches(runtime: Runtime, node: ast.Switch, pattern: ast.Node, item: Value) -> bool:
    wanted = await runtime.value(pattern)
    if isinstance(wanted, ScriptBlock):
        output: list[Value] = []
        await runtime.block(wanted.body.end, output)
        return to_bool(output)
    ignore_case = not node.case_sensitive
    if node.mode == "exact":
        return equal(item, wanted, ignore_case=ignore_case)
    text = to_text(item)
    runtime.budget.work(len(text))
    if node.mode == "wildcard":
        return like(text, to_text(wanted), ignore_case=ignore_case)
    expression = compiled(to_text(wanted), len(text), runtime.budget, ignore_case=ignore_case)
    return expression.search(text) is not None


@statement(ast.Leave)
async def _leave(runtime: Runtime, node: ast.Leave, out: Sink) -> None:
    if node.kind == "return" and node.value:
        await runtime.emit(node.value, out)
    raise {"return": ReturnFromCall, "break": BreakLoop, "continue": NextTurn, "exit": ExitScript}[node.kind]


@statement(ast.Throw)
async def _throw(runtime: Runtime, node: ast.Throw, out: Sink) -> None:
    value = await runtime.value(node.value) if node.value else runtime.scope.read("", "_")
    if isinstance(value, ErrorRecord):
        raise PSError(value, fatal=True)
    raise PSError(_thrown(value, node.span), fatal=True)


def _thrown(value: Value, span: ast.Span) -> ErrorRecord:
    if isinstance(value, NetException):
        exception = value
        target = "(:)"
    else:
        exception = NetException(RUNTIME, "ScriptHalted" if value is None else to_text(value))
        target = f"({exception.message}:{short_name(type_name(value))})" if value is not None else "(:)"
    category = f"OperationStopped: {target} [], {short_name(exception.type_name)}"
    return ErrorRecord(exception, category, exception.message, value, None, "", span)


@statement(ast.Try)
async def _try(runtime: Runtime, node: ast.Try, out: Sink) -> None:
    pending: Signal | None = None
    try:
        await _guarded(runtime, node, out)
    except Signal as signal:
        pending = signal
    if node.final:
        await runtime.block(node.final, out)
    if pending:
        raise pending


async def _guarded(runtime: Runtime, node: ast.Try, out: Sink) -> None:
    if not node.catches:
        await runtime.block(node.body, out)
        return
    runtime.tries += 1
    try:
        await runtime.block(node.body, out)
        return
    except PSError as error:
        caught = error
    finally:
        runtime.tries -= 1
    body = next((body for types, body in node.catches if _takes(types, caught.record.exception)), None)
    if body is None:
        raise caught
    before = runtime.scope.variables.get("_")
    runtime.scope.variables["_"] = caught.record
    await runtime.block(body, out)
    runtime.scope.variables["_"] = before


_BASES = {
    "WebException": ("InvalidOperationException",),
    "WriteErrorException": ("RuntimeException",),
    "CommandNotFoundException": ("RuntimeException",),
    "MethodInvocationException": ("RuntimeException",),
    "DivideByZeroException": ("ArithmeticException",),
}


def _takes(types: tuple[str, ...], exception: NetException) -> bool:
    """Whether a catch clause is for the exception, or for the .NET one inside it."""
    if not types:
        return True
    names = {short_name(each.type_name) for each in (exception, exception.inner) if each}
    names |= {base for name in names for base in _BASES.get(name, ())} | {"Exception", "SystemException"}
    wanted = {short_name(full_type_name(name) or name).lower() for name in types}
    return bool(wanted & {name.lower() for name in names})
