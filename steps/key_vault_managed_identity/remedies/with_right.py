"""What takes a right that a role on the resource group does not give: a refusal says which, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from steps.key_vault_managed_identity.common import blocked
from steps.kit.azure import AzureProblem, ProblemKind

T = TypeVar("T")


def with_right(do: Callable[[], T], said: str) -> T:
    """What ``do`` answers. Raises a BLOCKED AzureProblem that says ``said`` where Azure does not let the connection."""
    try:
        return do()
    except AzureProblem as problem:
        if problem.kind is not ProblemKind.NOT_AUTHORIZED:
            raise
        raise blocked("RightMissing", said, problem.source) from problem
