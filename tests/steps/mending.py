"""Walks a remedy as the engine would: the repair, then the checks of the task whose finding offered it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

import pytest

from steps.kit.course import Mode
from steps.kit.reasons import Remedy
from steps.kit.task import Context, Task
from steps.kit.verdict import Verdict
from steps.registry import LABS
from tests.steps.fake_azure import FakeAzure
from tests.steps.walking import Killed, Tape, Walk, walk

LAB = LABS["key-vault-managed-identity"]
Made = Callable[[], tuple[FakeAzure, Context]]


def remedy(remedy_id: str) -> Remedy:
    return LAB.remedies[remedy_id]


def mend(remedy_id: str, task: Task, ctx: Context, pool: Executor, tape: Tape | None = None) -> Walk:
    return walk(task, Mode.REPAIR, ctx, pool, remedy=remedy(remedy_id).action, tape=tape)


def offered(task: Task, ctx: Context, pool: Executor) -> set[str]:
    """The remedies that the findings of a validation offer."""
    reasons = walk(task, Mode.VALIDATE, ctx, pool).reasons().values()
    return {one for reason in reasons if reason in LAB.reasons for one in LAB.reasons[reason].remedies}


def killed_at_every_event(
    remedy_id: str, task: Task, made: Made, pool: Executor, *, effect: str, most: int = 1
) -> None:
    """A worker gone at any event costs nothing: the next one ends well, the deed stays the portal's.

    ``most``: how often the effect may be ordered, where Azure does not show at once that it is done.
    """
    action = remedy(remedy_id).action
    _, ctx = made()
    whole = mend(remedy_id, task, ctx, pool)
    assert whole.verdict is Verdict.PASSED
    assert whole.finished.progress.did
    for last in range(len(whole.tape.events)):
        azure, ctx = made()

        def die(number: int, kind: str, last: int = last) -> None:
            if number == last:
                raise Killed

        tape = Tape(before_event=die)
        with pytest.raises(Killed):
            walk(task, Mode.REPAIR, ctx, pool, remedy=action, tape=tape)
        walked = walk(task, Mode.REPAIR, ctx, pool, remedy=action, progress=tape.stored)
        assert walked.verdict is Verdict.PASSED, last
        assert walked.finished.progress.did, last
        assert 1 <= azure.calls[effect] <= most, last


def killed_after_the_effect(remedy_id: str, task: Task, made: Made, pool: Executor, *, effect: str) -> FakeAzure:
    """The worker is gone when Azure has done it, and its answer with it."""
    azure, ctx = made()
    azure.after[effect] = [Killed()]
    tape = Tape()
    with pytest.raises(Killed):
        mend(remedy_id, task, ctx, pool, tape)
    walked = walk(task, Mode.REPAIR, ctx, pool, remedy=remedy(remedy_id).action, progress=tape.stored)
    assert walked.verdict is Verdict.PASSED
    assert walked.finished.progress.did
    return azure
