"""Looks that only explain: one that fails must not hide what was found without it."""

from __future__ import annotations

from typing import TypeVar

from steps.kit.azure import AzureProblem
from steps.kit.records import Seen
from steps.kit.task import Facts, Look

T = TypeVar("T")


def if_told(facts: Facts, look: Look[T]) -> Seen[T | AzureProblem]:
    """What the look answers, or the problem it ended in, with the request that met it.

    For a finding that stands already. It must say what could not be seen, and never take it for not being there.
    """
    try:
        seen = facts.of(look)
    except AzureProblem as problem:
        return Seen(problem, problem.source)
    return Seen(seen.value, seen.source)
