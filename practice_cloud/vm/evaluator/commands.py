"""Pipelines and commands: who is meant by a name, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass

from practice_cloud.vm import ast
from practice_cloud.vm.convert import to_text
from practice_cloud.vm.evaluator.functions import call_function
from practice_cloud.vm.evaluator.invocation import CMDLETS, Given, Invocation
from practice_cloud.vm.evaluator.runtime import Runtime, Sink, statement
from practice_cloud.vm.names import ALIASES, is_windows_command
from practice_cloud.vm.signals import NOT_SUPPORTED_ID, PSError, failed
from practice_cloud.vm.values import Hashtable, ScriptBlock, Value


@statement(ast.Pipeline)
async def _pipeline(runtime: Runtime, node: ast.Pipeline, out: Sink) -> None:
    """Each element runs to its end before the next one begins; Windows PowerShell runs them in step."""
    given: list[Value] | None = None
    for at, element in enumerate(node.elements):
        produced: list[Value] = []
        target = out if at == len(node.elements) - 1 else produced
        if isinstance(element, ast.Command):
            await run_command(runtime, element, given, target)
        elif given is None:
            await runtime.emit(element, target)
        else:
            raise failed(
                "Expressions are only allowed as the first element of a pipeline.", "ExpressionsMustBeFirstInPipeline"
            )
        runtime.budget.array(len(produced))
        given = produced


@dataclass(slots=True)
class _Nowhere:
    """``> $null``."""

    def append(self, value: Value, /) -> None:
        return None


async def run_command(runtime: Runtime, node: ast.Command, given: list[Value] | None, out: Sink) -> None:
    target = await runtime.value(node.name)
    args = await _arguments(runtime, node)
    if set(node.muted) & {"1", "*"}:
        out = _Nowhere()
    try:
        if isinstance(target, ScriptBlock):
            await call_function(runtime, "", target.body, args, given=given, out=out)
        else:
            await _run(runtime, Call(node, to_text(target), args, given, out))
    except PSError as error:
        if error.record.span is None:
            error.record.span = node.span
        if error.fatal or runtime.tries or not set(node.muted) & {"2", "*"}:
            raise
        runtime.remember(error.record)
        runtime.succeeded = False


@dataclass(frozen=True, slots=True)
class Call:
    """A command by name, with what it is given."""

    node: ast.Command
    name: str
    args: list[Given]
    given: list[Value] | None
    out: Sink


async def _run(runtime: Runtime, call: Call) -> None:
    body = runtime.scope.function(call.name)
    if body:
        await call_function(runtime, call.name, body, call.args, given=call.given, out=call.out)
        return
    cmdlet = CMDLETS.get(ALIASES.get(call.name.lower(), call.name).lower())
    if cmdlet is None:
        raise unknown_command(call.name, call.node.span)
    invocation = Invocation(runtime, cmdlet.signature, call.args, given=call.given, out=call.out, span=call.node.span)
    if set(call.node.muted) & {"2", "*"}:
        invocation.action = invocation.action or "SilentlyContinue"
    await cmdlet.run(invocation)
    runtime.budget.remaining()


def unknown_command(name: str, span: ast.Span) -> PSError:
    """Two different truths: Windows has no such command, or the practice VM has not."""
    shown = name[:200]
    if is_windows_command(name):
        return failed(
            f"The practice VM does not support the command '{shown}'. It runs the commands that the lab needs: web "
            "requests, JSON, and the formatting of output.",
            NOT_SUPPORTED_ID,
            category=f"NotImplemented: ({shown}:String) [], NotSupportedException",
            type_name="System.NotSupportedException",
            command=shown,
            span=span,
        )
    return failed(
        f"The term '{shown}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
        "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        "CommandNotFoundException",
        category=f"ObjectNotFound: ({shown}:String) [], CommandNotFoundException",
        type_name="System.Management.Automation.CommandNotFoundException",
        command=shown,
        span=span,
    )


async def _arguments(runtime: Runtime, node: ast.Command) -> list[Given]:
    found: list[Given] = []
    for argument in node.args:
        if isinstance(argument.value, ast.Splat):
            found += _splatted(runtime, argument.value)
        elif argument.value is None:
            found.append(Given(argument.parameter))
        else:
            found.append(Given(argument.parameter, await runtime.value(argument.value), has_value=True))
    return found


def _splatted(runtime: Runtime, splat: ast.Splat) -> list[Given]:
    """``@parameters``: the entries of a hashtable by name, the elements of an array in their order."""
    value = runtime.scope.read("", splat.name)
    if isinstance(value, Hashtable):
        return [Given(to_text(key), item, has_value=True) for key, item in value.items()]
    items = value if isinstance(value, list) else [value]
    return [Given(None, item, has_value=True) for item in items]
