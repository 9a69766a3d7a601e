"""The public face: a script in, its two streams out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from practice_cloud.vm import ast
from practice_cloud.vm.budget import Budget, BudgetExceeded, Limits
from practice_cloud.vm.cmdlets import json, misc, objects, output, web
from practice_cloud.vm.evaluator import access, binary, commands, expressions, flow
from practice_cloud.vm.evaluator.functions import bind_parameters
from practice_cloud.vm.evaluator.invocation import Given
from practice_cloud.vm.evaluator.runtime import Runtime
from practice_cloud.vm.host import Host
from practice_cloud.vm.lexer import ParseFailure
from practice_cloud.vm.machine import drive
from practice_cloud.vm.parser import parse
from practice_cloud.vm.signals import PSError, Signal

LANGUAGE = (access, binary, commands, expressions, flow, json, misc, objects, output, web)
"""The modules that teach the runtime its nodes and its cmdlets by being imported."""


@dataclass(frozen=True, slots=True)
class ScriptResult:
    stdout: str
    stderr: str


async def run_script(
    script: str,
    *,
    send: Callable[[httpx.Request], Awaitable[httpx.Response]],
    parameters: dict[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
    limits: Limits | None = None,
) -> ScriptResult:
    """Run a script as Run Command would; never raises for what a script does.

    ``send`` performs the web requests (``httpx.ConnectError`` for a host that the VM cannot reach, of the kind in
    ``unreached`` where it is known why); ``parameters`` go to the script's ``param()`` block; ``now`` is the VM's
    clock, in UTC; ``limits`` replaces the practice VM's own.
    """
    budget = Budget(limits)
    host = Host(budget, script)
    try:
        if len(script) > budget.limits.script:
            raise BudgetExceeded(f"A script may have {budget.limits.script} characters.")
        body = parse(script)
        runtime = Runtime(script, send=send, clock=now or _utc_now, budget=budget, host=host)
        await drive(_whole(runtime, body, parameters or {}), budget)
        host.flush()
    except ParseFailure as failure:
        host.parse_error(failure)
    except BudgetExceeded as reached:
        host.stopped(str(reached))
    return ScriptResult(host.stdout, host.stderr)


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def _whole(runtime: Runtime, body: ast.ScriptBody, parameters: dict[str, str]) -> None:
    """The script from its parameters to its end; an error that nothing caught is shown."""
    args = [Given(name, value, has_value=True) for name, value in parameters.items()]
    try:
        await bind_parameters(runtime, "", body, args)
        for block in (body.begin, body.process, body.end):
            if block:
                await runtime.block(block, runtime.host)
    except PSError as error:
        runtime.host.flush()
        runtime.host.error(error.record)
    except Signal:
        return  # return, exit, or a break outside of a loop: the script ends
