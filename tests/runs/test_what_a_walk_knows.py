"""What an attempt is told about the walk it belongs to."""

from __future__ import annotations

import pytest

from labportal.labs.models import LabSession
from labportal.runs import engine, services
from steps.kit.runner import Mode
from steps.kit.task import ActionDone, ActionPending, Context
from tests.runs.scripted import SOURCE, ScriptedTask

pytestmark = pytest.mark.usefixtures("wire")


def test_an_attempt_knows_when_its_walk_began(session: LabSession, task: ScriptedTask) -> None:
    heard: list[Context] = []

    def hears(ctx: Context, token: str | None) -> ActionDone:
        heard.append(ctx)
        return ActionDone("heard", did=True)

    task.tidy = hears
    engine.run(services.start(session, "tidy", Mode.CARRY_OUT, {}).attempt.pk)
    assert heard[0].began == session.started_at


def test_what_was_begun_and_cancelled_is_known_to_whoever_takes_it_back(
    session: LabSession, task: ScriptedTask
) -> None:
    """Azure makes it all the same."""
    heard: list[Context] = []

    def begins(ctx: Context, token: str | None) -> ActionPending:
        return ActionPending("token", 60.0, "at it", (SOURCE,), began=True, facts={"vault": "kv-ada"})

    def hears(ctx: Context, token: str | None) -> ActionDone:
        heard.append(ctx)
        return ActionDone("heard", did=False)

    task.steps, task.undo = [begins], [hears]
    begun = services.start(session, "task", Mode.CARRY_OUT, {}).attempt
    engine.run(begun.pk)
    services.cancel(begun)
    begun.refresh_from_db()
    assert begun.state == "cancelled"
    engine.run(services.start(session, "task", Mode.UNDO, {}).attempt.pk)
    assert heard[0].carried_out == {"step-0": ({"vault": "kv-ada"},)}
