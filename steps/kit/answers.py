"""The looks of one sitting: each asked once, all at the same time, and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from steps.kit import problems
from steps.kit.records import Seen
from steps.kit.task import Action, Context, Look

T = TypeVar("T")


class Answers:
    """Implements ``Facts``. Looks must be leaves: a fetch that submits to the pool itself could starve."""

    def __init__(self, ctx: Context, pool: Executor) -> None:
        self._ctx = ctx
        self._pool = pool
        self._asked: dict[Look[Any], Future[Seen[Any]]] = {}

    def ask(self, *looks: Look[Any]) -> None:
        for look in looks:
            if look not in self._asked:
                self._asked[look] = self._pool.submit(look.fetch, self._ctx)

    def of(self, look: Look[T]) -> Seen[T]:
        self.ask(look)
        return self._asked[look].result()

    def told(self, step: Action) -> dict[str, str]:
        facts: Mapping[str, str] = self._ctx.facts.get(step.id, {})
        problem = problems.from_facts(dict(facts))
        if problem is not None:
            raise problem
        return dict(facts)

    def forget(self) -> None:
        """Nobody needs the answers any more: looks that have not begun never will."""
        for asked in self._asked.values():
            asked.cancel()
