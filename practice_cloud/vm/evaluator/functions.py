"""Functions and script blocks: parameters, ``$args``, ``$input``, begin/process/end."""

from __future__ import annotations

from practice_cloud.vm import ast
from practice_cloud.vm.casts import cast
from practice_cloud.vm.evaluator.invocation import Given, Param, Signature, bind
from practice_cloud.vm.evaluator.runtime import Runtime, Sink, statement
from practice_cloud.vm.scope import Scope
from practice_cloud.vm.signals import ReturnFromCall
from practice_cloud.vm.values import Hashtable, ScriptBlock, Value


@statement(ast.Function)
async def _define(runtime: Runtime, node: ast.Function, out: Sink) -> None:
    name = node.name.lower().removeprefix("global:").removeprefix("script:")
    runtime.scope.functions[name] = node.body


async def call_function(
    runtime: Runtime, name: str, body: ast.ScriptBody, args: list[Given], *, given: list[Value] | None, out: Sink
) -> None:
    """Run a function or a script block in a scope of its own."""
    scope = Scope(runtime.scope)
    outer, runtime.scope = runtime.scope, scope
    runtime.calls += 1
    runtime.budget.functions(runtime.calls)
    try:
        await bind_parameters(runtime, name, body, args)
        await _run_blocks(runtime, body, given, out)
    except ReturnFromCall:
        pass
    finally:
        runtime.calls -= 1
        runtime.scope = outer


async def _run_blocks(runtime: Runtime, body: ast.ScriptBody, given: list[Value] | None, out: Sink) -> None:
    scope = runtime.scope
    scope.variables["input"] = list(given or [])
    if body.begin:
        await runtime.block(body.begin, out)
    if body.process:
        for item in [None] if given is None else given:
            scope.variables["_"] = item
            await runtime.block(body.process, out)
    await runtime.block(body.end, out)


async def bind_parameters(runtime: Runtime, name: str, body: ast.ScriptBody, args: list[Given]) -> None:
    """Arguments to the parameters that the body declares; the rest are ``$args``."""
    declared = tuple(
        Param(
            parameter.name,
            position=None if _is_switch(parameter) else at,
            switch=_is_switch(parameter),
            mandatory=parameter.mandatory,
        )
        for at, parameter in enumerate(body.parameters)
    )
    extra: list[Value] = []
    bound = bind(Signature(name or "script block", declared), args, overflow=extra)
    scope = runtime.scope
    scope.variables["args"] = extra
    scope.variables["psboundparameters"] = Hashtable(
        (parameter.name, bound[parameter.name.lower()])
        for parameter in body.parameters
        if parameter.name.lower() in bound
    )
    for parameter in body.parameters:
        await _set_parameter(runtime, parameter, bound)


def _is_switch(parameter: ast.Parameter) -> bool:
    return (parameter.type_name or "").lower() == "switch"


async def _set_parameter(runtime: Runtime, parameter: ast.Parameter, bound: dict[str, Value]) -> None:
    key = parameter.name.lower()
    if key in bound:
        value = bound[key]
    elif parameter.default:
        value = await runtime.value(parameter.default)
    else:
        value = _empty(parameter)
    if parameter.type_name and (key in bound or parameter.default or value is not None):
        value = cast(parameter.type_name, value, runtime.budget)
        runtime.scope.types[key] = parameter.type_name
    runtime.scope.variables[key] = value


def _empty(parameter: ast.Parameter) -> Value:
    """What a typed parameter is when nothing was given."""
    kind = (parameter.type_name or "").lower()
    return {"string": "", "int": 0, "long": 0, "double": 0.0, "bool": False, "switch": False}.get(kind)


async def invoke_block(runtime: Runtime, block: ScriptBlock, args: list[Value], out: Sink) -> None:
    """``& { ... }`` with positional arguments, or ``$block.Invoke(...)``."""
    given = [Given(None, value, has_value=True) for value in args]
    await call_function(runtime, "", block.body, given, given=None, out=out)


async def block_with_item(runtime: Runtime, block: ScriptBlock, item: Value, out: Sink) -> None:
    """``ForEach-Object {}`` and ``Where-Object {}``: in the scope of the caller, with ``$_``."""
    scope = runtime.scope
    before = scope.variables.get("_")
    scope.variables["_"] = item
    try:
        await runtime.block(block.body.process or block.body.end, out)
    except ReturnFromCall:
        pass
    finally:
        scope.variables["_"] = before
