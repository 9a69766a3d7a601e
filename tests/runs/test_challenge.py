"""The challenge in the engine: it passes as the student's own, and has the walk to itself while it is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from labportal.labs.models import LabSession
from labportal.runs import engine, services
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from steps.kit.course import Mode
from steps.kit.task import ActionDone, ActionPending, Context
from steps.kit.verdict import Finding, Verdict
from tests.runs.scripted import SOURCE, ScriptedTask

pytestmark = pytest.mark.usefixtures("wire")


def pending(_ctx: Context, token: str | None) -> ActionDone | ActionPending:
    return ActionDone("dared", True, (SOURCE,)) if token else ActionPending("token", 60.0, "at it", (SOURCE,))


def run(session: LabSession, task_id: str, mode: Mode = Mode.CARRY_OUT, **answers: str) -> Attempt:
    return again(services.start(session, task_id, mode, answers).attempt)


def again(attempt: Attempt) -> Attempt:
    Attempt.objects.filter(pk=attempt.pk).update(due_at=Now() - timedelta(seconds=1))
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    return attempt


def test_what_was_foreseen_is_told_and_passing_is_the_students_own(session: LabSession, task: ScriptedTask) -> None:
    heard: list[dict[str, str]] = []

    def dare(ctx: Context, _token: str | None) -> ActionDone:
        heard.append(ctx.answers)
        return ActionDone("dared", did=True, sources=(SOURCE,))

    task.dare = dare
    attempt = run(session, "dare", prediction="refused")
    assert heard == [{"prediction": "refused"}]
    assert attempt.verdict == "passed"
    result = TaskResult.objects.get()
    assert (result.task_id, result.provenance, result.portal_changed) == ("dare", "student", False)
    assert result.completed_at is not None
    last = AttemptEvent.objects.filter(attempt=attempt).last()
    assert last is not None
    assert "mastered" in last.text


def test_what_is_mastered_stays_so_after_another_try(session: LabSession, task: ScriptedTask) -> None:
    run(session, "dare")
    before = TaskResult.objects.get().completed_at
    task.finding = lambda _ctx: Finding(Verdict.NOT_YET, "no", "a", "b", "do c", (SOURCE,))
    assert run(session, "dare").verdict == "not_yet"
    assert TaskResult.objects.get().completed_at == before


def test_meanwhile_nothing_else_is_done_or_checked(session: LabSession, task: ScriptedTask) -> None:
    task.dare = pending
    dare = run(session, "dare")
    later = [run(session, "task"), run(session, "second", Mode.VALIDATE), run(session, "third", Mode.UNDO)]
    assert [one.state for one in (dare, *later)] == ["waiting"] * 4
    events = AttemptEvent.objects.filter(attempt=later[1]).values_list("kind", "step_id")
    assert list(events) == [("queued", ""), ("waiting", "turn")]
    assert again(dare).verdict == "passed"
    assert [again(one).verdict for one in later] == ["passed"] * 3


def test_it_waits_for_what_is_under_way_and_not_for_a_check(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [pending]
    first = run(session, "task")
    dare = run(session, "dare")
    assert dare.state == "waiting"
    assert again(first).verdict == "passed"
    assert again(dare).verdict == "passed"
    task.finding = lambda _ctx: Finding(Verdict.COULD_NOT_TELL, "no", "a", "b", "do c", (SOURCE,))
    check = run(session, "second", Mode.VALIDATE)
    assert check.state == "waiting"
    assert ("started", "dare-0") in AttemptEvent.objects.filter(attempt=run(session, "dare")).values_list(
        "kind", "step_id"
    )
