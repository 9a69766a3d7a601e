"""A cancellation is heard at once, and what had happened by then is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from labportal.labs.models import LabSession
from labportal.runs import claims, cut_short, engine, services
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.task import ActionDone, ActionIntent, ActionPending, Context
from steps.kit.verdict import Finding, Verdict
from tests.runs.claiming import claimed
from tests.runs.scripted import SOURCE, ScriptedTask, Wire

pytestmark = pytest.mark.usefixtures("wire")


def carry_out(session: LabSession) -> Attempt:
    return services.start(session, "task", Mode.CARRY_OUT, {}).attempt


def kinds() -> list[str]:
    return list(AttemptEvent.objects.values_list("kind", flat=True))


def test_what_was_done_while_the_student_cancelled_is_told_and_stays_the_portals(
    session: LabSession, task: ScriptedTask
) -> None:
    attempt = carry_out(session)

    def make(_ctx: Context, _token: str | None) -> ActionDone:
        services.cancel(attempt)
        return ActionDone("made it", did=True, sources=(SOURCE,))

    task.steps = [make, lambda _ctx, _token: pytest.fail("a step began after the cancellation")]
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.state == "cancelled"
    assert attempt.progress["did"] is True
    assert kinds() == ["queued", "started", "done", "ended"]
    assert TaskResult.objects.get().portal_changed


def test_a_cancellation_ends_an_attempt_that_was_about_to_wait(session: LabSession, task: ScriptedTask) -> None:
    attempt = carry_out(session)

    def slow(_ctx: Context, _token: str | None) -> ActionPending:
        services.cancel(attempt)
        return ActionPending("operation-7", 3600.0, "Azure is at it")

    task.steps = [slow]
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.due_at) == ("cancelled", None)
    assert attempt.progress["token"] == "operation-7"


def test_a_cancellation_at_the_very_end_of_a_sitting_keeps_what_was_seen(
    session: LabSession, task: ScriptedTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = carry_out(session)
    task.finding = lambda _ctx: Finding(Verdict.COULD_NOT_TELL, "unclear", "a", "b", "", (SOURCE,))
    leave = claims.Claim.wait

    def cancelled_first(claim: claims.Claim, **changes: object) -> bool:
        services.cancel(attempt)
        return leave(claim, **changes)

    monkeypatch.setattr(claims.Claim, "wait", cancelled_first)
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.state == "cancelled"
    assert kinds() == ["queued", "checked", "waiting", "ended"]
    assert attempt.evidence.get().reason == "unclear"


def test_what_a_dead_worker_meant_to_do_is_not_done_after_a_cancellation(
    session: LabSession, task: ScriptedTask
) -> None:
    attempt = carry_out(session)
    task.steps = [
        lambda _ctx, token: ActionIntent("intent") if token is None else pytest.fail("done after the cancellation")
    ]
    dead = claimed(attempt.pk)
    assert dead is not None
    dead.write(progress=attempt.progress | {"token": "intent"})
    services.cancel(attempt)
    Attempt.objects.update(lease_until=Now() - timedelta(seconds=1))
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.state == "cancelled"


def test_a_cancellation_ends_an_attempt_that_the_portal_failed_on(session: LabSession, task: ScriptedTask) -> None:
    attempt = carry_out(session)

    def broken(_ctx: Context) -> Finding:
        services.cancel(attempt)
        raise ZeroDivisionError("a bug of the portal's")

    task.finding = broken
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.state == "cancelled"


def test_a_cancellation_is_not_lost_between_running_and_waiting(session: LabSession, task: ScriptedTask) -> None:
    """The attempt begins to wait just when it is cancelled: whichever is first, it ends."""
    from threading import Barrier, Thread

    from django.db import connection

    for _ in range(20):
        attempt = carry_out(session)
        claim = claimed(attempt.pk)
        assert claim is not None
        barrier = Barrier(2)

        def cancel(attempt: Attempt = attempt, barrier: Barrier = barrier) -> None:
            barrier.wait()
            services.cancel(attempt)
            connection.close()

        thread = Thread(target=cancel)
        thread.start()
        barrier.wait()
        if not claim.wait(due_at=Now() + timedelta(hours=1)):
            claim.end(state=Attempt.State.CANCELLED)
        thread.join()
        attempt.refresh_from_db()
        assert attempt.state == "cancelled"


class Door:
    """Taken off its hinges by one step and put back by another, which Azure may refuse once or for good."""

    def __init__(self, task: ScriptedTask) -> None:
        self.there, self.trouble = True, list[AzureProblem]()
        task.steps, task.back = [self.take, self.wait], [self.put_back]

    def take(self, _ctx: Context, _token: str | None) -> ActionDone:
        self.there = False
        return ActionDone("taken", did=True, sources=(SOURCE,))

    def wait(self, _ctx: Context, _token: str | None) -> ActionDone | ActionPending:
        return ActionPending("operation-7", 3600.0, "Azure is at it")

    def put_back(self, _ctx: Context, _token: str | None) -> ActionDone:
        if self.trouble:
            raise self.trouble.pop(0)
        self.there = True
        return ActionDone("back", did=True, sources=(SOURCE,))


def trouble(kind: ProblemKind) -> AzureProblem:
    return AzureProblem(kind, code="Code", message="Azure said so.", source=SOURCE)


def last_words() -> str:
    return str(AttemptEvent.objects.filter(kind="ended").latest("id").text)


@pytest.fixture
def door(task: ScriptedTask) -> Door:
    return Door(task)


def test_what_must_not_stay_away_is_put_back_before_a_waiting_attempt_ends(
    session: LabSession, door: Door, wire: Wire
) -> None:
    attempt = carry_out(session)
    engine.run(attempt.pk)
    assert not door.there
    wire.enqueued.clear()
    services.cancel(attempt)
    attempt.refresh_from_db()
    assert attempt.state == "waiting", "a worker has something to do first"
    assert wire.enqueued == [("runs.run_attempt", attempt.pk)]

    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict, door.there) == ("cancelled", "", True)
    assert last_words() == "You cancelled this. What was taken away is put back."
    assert not attempt.evidence.exists()


def test_it_is_put_back_when_the_student_cancels_while_the_worker_takes_it_away(
    session: LabSession, door: Door, task: ScriptedTask
) -> None:
    attempt = carry_out(session)

    def take(ctx: Context, token: str | None) -> ActionDone:
        services.cancel(attempt)
        return door.take(ctx, token)

    task.steps[0] = take
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, door.there) == ("cancelled", True)


@pytest.mark.parametrize(("mode", "goes_on"), [(Mode.CARRY_OUT, True), (Mode.VALIDATE, False)])
def test_who_cancels_what_azure_has_begun_hears_that_it_may_go_on(
    session: LabSession, task: ScriptedTask, mode: Mode, goes_on: bool
) -> None:
    attempt = services.start(session, "task", mode, {}).attempt
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.WAITING)
    services.cancel(Attempt.objects.get(pk=attempt.pk))
    assert ("may go on there" in last_words()) is goes_on


def test_cancelling_before_anything_has_begun_ends_it_at_once(session: LabSession, door: Door) -> None:
    attempt = carry_out(session)
    services.cancel(attempt)
    attempt.refresh_from_db()
    assert (attempt.state, last_words()) == ("cancelled", "You cancelled this.")


def test_cancelling_twice_changes_nothing_about_putting_back(session: LabSession, door: Door) -> None:
    attempt = carry_out(session)
    engine.run(attempt.pk)
    door.trouble = [trouble(ProblemKind.THROTTLED)]
    services.cancel(attempt)
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert (attempt.state, door.there) == ("waiting", False)
    services.cancel(attempt)
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, door.there) == ("cancelled", True)


def test_what_cannot_be_put_back_is_told(session: LabSession, door: Door) -> None:
    attempt = carry_out(session)
    engine.run(attempt.pk)
    door.trouble = [trouble(ProblemKind.POLICY_DENIED)]
    services.cancel(attempt)
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.progress["gave_up"]) == ("cancelled", "policy_denied")
    assert "could not be put back" in last_words()
    assert AttemptEvent.objects.filter(kind="trouble", text__contains="Azure said so.").exists()


@pytest.mark.parametrize(("state", "problem"), [("lost", "lost"), ("finished", "portal_failed")])
def test_an_attempt_that_the_portal_gives_up_puts_it_back_too(
    session: LabSession, door: Door, task: ScriptedTask, state: str, problem: str
) -> None:
    lost = state == "lost"
    attempt = carry_out(session)
    engine.run(attempt.pk)

    def broken(_ctx: Context, _token: str | None) -> ActionDone:
        raise ZeroDivisionError("a bug of the portal's")

    task.steps[1] = broken
    Attempt.objects.update(due_at=Now(), claims=cut_short.MAX_CLAIMS if lost else 0)
    for _ in range(1 if lost else cut_short.MAX_FAILURES + 1):
        Attempt.objects.update(due_at=Now())
        engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict, attempt.problem) == (state, "could_not_tell", problem)
    assert door.there
    assert last_words().endswith("What was taken away is put back.")


def test_what_the_portals_own_fault_keeps_away_is_said(session: LabSession, door: Door, task: ScriptedTask) -> None:
    attempt = carry_out(session)
    engine.run(attempt.pk)

    def broken(_ctx: Context, _token: str | None) -> ActionDone:
        raise ZeroDivisionError("a bug of the portal's")

    task.back = [broken]
    services.cancel(attempt)
    for _ in range(2 * cut_short.MAX_FAILURES + 1):
        Attempt.objects.update(due_at=Now())
        engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.problem, door.there) == ("finished", "portal_failed", False)
    assert "What was taken away may still be away. Begin this once more" in last_words()
