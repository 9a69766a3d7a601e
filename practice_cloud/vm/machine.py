"""Runs the evaluation without Python's call stack: a script may nest as deep as its budget says, and no deeper.

An evaluation is a coroutine. Where it needs another one it awaits ``Nested(coroutine)``, which ``drive`` puts on its
own stack; where it needs the world outside (a web request, a pause) it awaits ``Outside(...)``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar, cast

from practice_cloud.vm.budget import Budget, BudgetExceeded
from practice_cloud.vm.signals import Signal

T = TypeVar("T")
_TURN = 0.005  # seconds after which other tasks of the event loop get their turn


class Nested(Generic[T]):
    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self.coroutine = coroutine

    def __await__(self) -> Generator[Nested[T], T, T]:
        return (yield self)


class Outside(Generic[T]):
    """Something of the event loop. ``failures`` are the exceptions that are given back to the script's evaluation."""

    def __init__(self, start: Callable[[], Awaitable[T]], failures: tuple[type[Exception], ...] = ()) -> None:
        self.start = start
        self.failures = failures

    def __await__(self) -> Generator[Outside[T], T, T]:
        return (yield self)


async def drive(main: Coroutine[Any, Any, T], budget: Budget) -> T:
    """Run ``main`` and all it nests. Raises what it raises, and ``BudgetExceeded``."""
    stack: list[Coroutine[Any, Any, Any]] = [main]
    value: Any = None
    error: Exception | None = None
    turn_ends = time.monotonic() + _TURN
    try:
        while stack:
            budget.step(len(stack))
            if time.monotonic() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + _TURN
            value, error, ended = await _advance(stack, value, error)
            if ended:
                del stack[-1]
        if error:
            raise error
        return cast(T, value)  # the last one to end was main
    finally:
        while stack:
            stack.pop().close()


async def _advance(
    stack: list[Coroutine[Any, Any, Any]], value: Any, error: Exception | None
) -> tuple[Any, Exception | None, bool]:
    """Let the innermost evaluation go on: what goes into the next one, and whether this one has ended."""
    try:
        request = stack[-1].throw(error) if error else stack[-1].send(value)
    except StopIteration as stop:
        return stop.value, None, True
    except (Signal, BudgetExceeded) as raised:
        return None, raised, True
    if isinstance(request, Nested):
        stack.append(request.coroutine)
        return None, None, False
    try:
        return await request.start(), None, False
    except request.failures as failure:
        return None, failure, False
