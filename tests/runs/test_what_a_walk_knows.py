"""What an attempt is told about the walk it belongs to."""

from __future__ import annotations

import pytest

from labportal.labs.models import LabSession
from labportal.runs import engine, services
from labportal.runs.models import TaskResult
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context
from steps.kit.verdict import Finding, Verdict
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


def test_what_was_about_to_be_done_when_it_was_cancelled_is_known_too(session: LabSession, task: ScriptedTask) -> None:
    """Azure may have done it, though its answer got lost."""
    heard: list[Context] = []

    def makes(ctx: Context, token: str | None) -> ActionIntent:
        if token is None:
            return ActionIntent("intent", {"vault": "kv-ada"})
        services.cancel(begun)
        raise AzureProblem(ProblemKind.TIMED_OUT, code="", message="no answer", source=SOURCE)

    def hears(ctx: Context, token: str | None) -> ActionDone:
        heard.append(ctx)
        return ActionDone("heard", did=False)

    task.steps, task.undo = [makes], [hears]
    begun = services.start(session, "task", Mode.CARRY_OUT, {}).attempt
    engine.run(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, begun.progress["did"]) == ("cancelled", False)
    engine.run(services.start(session, "task", Mode.UNDO, {}).attempt.pk)
    assert heard[0].carried_out == {"step-0": ({"vault": "kv-ada"},)}


def noting(kind: str, text: str) -> Finding:
    return Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,), notes={kind: text})


def test_what_two_attempts_note_at_once_is_kept_and_nothing_else_of_the_walk_is_written(
    session: LabSession, task: ScriptedTask
) -> None:
    """The second notes, and a name is changed, while the first is between reading the walk and writing to it."""
    other = services.start(session, "second", Mode.VALIDATE, {}).attempt

    def first(_ctx: Context) -> Finding:
        task.finding = lambda _ctx: noting("vault", "/second")
        engine.run(other.pk)
        LabSession.objects.filter(pk=session.pk).update(secret_name="changed")
        return noting("vault", "/first")

    task.finding = first
    engine.run(services.start(session, "task", Mode.VALIDATE, {}).attempt.pk)
    session.refresh_from_db()
    assert session.noted == {"vault": ["/second", "/first"]}
    assert session.secret_name == "changed"


def test_no_token_is_noted(session: LabSession, task: ScriptedTask) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJ4In0xMjM0.c2lnbmF0dXJlMTIz"
    task.finding = lambda _ctx: noting("answer", f"Bearer {token}")
    for _ in range(2):
        engine.run(services.start(session, "task", Mode.VALIDATE, {}).attempt.pk)
    session.refresh_from_db()
    assert token not in str(session.noted)
    assert len(session.noted["answer"]) == 1


def test_the_hints_that_were_seen_stay_seen_when_a_task_is_undone(session: LabSession, task: ScriptedTask) -> None:
    services.count_hints(session, "task", 2)
    task.steps = [lambda _ctx, _token: ActionDone("made it", did=True)]
    for mode in (Mode.CARRY_OUT, Mode.UNDO, Mode.VALIDATE):
        engine.run(services.start(session, "task", mode, {}).attempt.pk)
    result = TaskResult.objects.get(session=session, task_id="task")
    assert (result.hints_seen, result.provenance) == (2, TaskResult.Provenance.STUDENT)
    assert not result.portal_changed
