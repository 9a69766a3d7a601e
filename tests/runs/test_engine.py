"""One attempt through the engine: what is stored, what is refused, what is taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from labportal.labs.badges import line_badge
from labportal.labs.models import LabSession
from labportal.runs import claims, cut_short, engine, services
from labportal.runs.models import Attempt, AttemptEvent, AttemptEvidence, TaskResult
from labportal.runs.sweeper import sweep
from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.course import Mode
from steps.kit.task import ActionDone, ActionPending, Context
from steps.kit.verdict import Finding, Source, Verdict
from tests.runs.claiming import claimed
from tests.runs.scripted import SOURCE, ScriptedTask

pytestmark = pytest.mark.usefixtures("wire")
T = TypeVar("T")


class ClosingItsConnection(ThreadPoolExecutor):
    """A worker's threads keep theirs to the database, and the tests' could not be removed at the end."""

    def submit(self, work: Callable[..., T], /, *given: Any, **named: Any) -> Future[T]:
        def closing() -> T:
            try:
                return work(*given, **named)
            finally:
                connection.close()

        return super().submit(closing)


@pytest.fixture(autouse=True)
def sittings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ClosingItsConnection(4) as threads:
        monkeypatch.setattr(engine, "_sittings", threads)
        yield


def start(session: LabSession, mode: Mode = Mode.VALIDATE) -> Attempt:
    return services.start(session, "task", mode, {}).attempt


def make_due() -> None:
    Attempt.objects.update(due_at=Now() - timedelta(seconds=1), lease_until=None)


def kinds() -> list[str]:
    return list(AttemptEvent.objects.values_list("kind", flat=True))


def test_a_pass_completes_the_task_as_the_students_own(session: LabSession, task: ScriptedTask) -> None:
    attempt = start(session)
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict, attempt.due_at) == ("finished", "passed", None)
    assert AttemptEvidence.objects.get().sources == [
        {"method": "GET", "path": "/somewhere", "status": 200, "request_id": "request-1"}
    ]
    result = TaskResult.objects.get()
    assert result.completed_at is not None
    assert result.provenance == TaskResult.Provenance.STUDENT
    assert kinds() == ["queued", "checked", "ended"]


def test_what_the_portal_did_stays_marked_as_the_portals(session: LabSession, task: ScriptedTask) -> None:
    task.steps = [lambda _ctx, _token: ActionDone("made it", did=True, sources=(SOURCE,))]
    task.finding = lambda _ctx: Finding(Verdict.NOT_YET, "no", "a", "b", "do c", (SOURCE,))
    engine.run(start(session, Mode.CARRY_OUT).pk)
    task.finding = lambda _ctx: Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))
    engine.run(start(session).pk)

    assert TaskResult.objects.get().provenance == TaskResult.Provenance.PORTAL


def test_a_long_operation_ends_the_sitting_and_resumes_from_its_token(session: LabSession, task: ScriptedTask) -> None:
    seen: list[str | None] = []

    def slow(_ctx: Context, token: str | None) -> ActionDone | ActionPending:
        seen.append(token)
        return ActionPending("token-1", 2.0, "Azure is at it") if token is None else ActionDone("there", did=True)

    task.steps = [slow]
    attempt = start(session, Mode.CARRY_OUT)
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert attempt.state == "waiting"
    assert attempt.lease_until is None

    engine.run(attempt.pk)  # not due yet: nothing happens
    assert seen == [None]
    make_due()
    assert sweep() == 1
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert seen == [None, "token-1"]
    assert attempt.verdict == "passed"


def test_a_worker_killed_in_the_middle_is_followed_by_another(session: LabSession, task: ScriptedTask) -> None:
    attempt = start(session)
    assert claimed(attempt.pk) is not None  # and then the worker is gone
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert attempt.state == "running"

    Attempt.objects.update(lease_until=Now() - timedelta(seconds=1), enqueued_at=None)
    assert sweep() == 1
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.verdict == "passed"


def test_a_zombies_write_is_refused_by_the_fence(session: LabSession, task: ScriptedTask) -> None:
    attempt = start(session)
    zombie = claimed(attempt.pk)
    assert zombie is not None
    Attempt.objects.update(lease_until=Now() - timedelta(seconds=1))
    heir = claimed(attempt.pk)
    assert heir is not None

    with pytest.raises(claims.LostClaim):
        zombie.write(problem="stale")
    heir.write(problem="fresh")
    attempt.refresh_from_db()
    assert attempt.problem == "fresh"


def test_cancelling_stops_before_the_next_step(session: LabSession, task: ScriptedTask) -> None:
    done: list[str] = []
    attempt = start(session, Mode.CARRY_OUT)

    def first(_ctx: Context, _token: str | None) -> ActionDone:
        done.append("first")
        services.cancel(attempt)
        return ActionDone("first", did=True)

    def second(_ctx: Context, _token: str | None) -> ActionDone:
        done.append("second")
        return ActionDone("second", did=True)

    task.steps = [first, second]
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.state == "cancelled"
    assert done == ["first"]
    assert kinds()[-1] == "ended"


def test_azure_in_trouble_is_waited_for_and_said(session: LabSession, task: ScriptedTask) -> None:
    def throttled(_ctx: Context) -> Finding:
        source = Source("GET", "/vaults/kv-ada", 429, "request-2")
        raise AzureProblem(ProblemKind.THROTTLED, code="Throttled", message="too many", source=source, retry_after=7)

    task.finding = throttled
    attempt = start(session)
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert attempt.state == "waiting"
    assert attempt.due_at is not None
    assert AttemptEvidence.objects.get().verdict == "could_not_tell"
    assert not TaskResult.objects.filter(completed_at__isnull=False).exists()


def test_our_own_fault_is_tried_again_and_then_owned(session: LabSession, task: ScriptedTask) -> None:
    def broken(_ctx: Context) -> Finding:
        raise ZeroDivisionError("a bug of the portal's")

    task.finding = broken
    attempt = start(session)
    for _ in range(cut_short.MAX_FAILURES):
        make_due()
        engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict, attempt.problem) == ("finished", "could_not_tell", "portal_failed")


def test_an_attempt_that_kills_every_worker_is_given_up_as_lost(session: LabSession, task: ScriptedTask) -> None:
    attempt = start(session)
    for _ in range(cut_short.MAX_CLAIMS):
        claimed(attempt.pk)
        make_due()
    engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict) == ("lost", "could_not_tell")


def test_a_token_in_azures_words_is_not_stored(session: LabSession, task: ScriptedTask) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJ4In0.c2lnbmF0dXJl"

    def leaky(_ctx: Context) -> Finding:
        return Finding(Verdict.NOT_YET, "no", "a", f"Bearer {token} was refused", "", (SOURCE,))

    task.finding = leaky
    engine.run(start(session).pk)

    assert token not in AttemptEvidence.objects.get().found


def test_a_write_that_the_database_will_never_take_is_our_own_fault_and_ends(
    session: LabSession, task: ScriptedTask
) -> None:
    def unstorable(_ctx: Context) -> Finding:
        raise DataError("a text of the VM's that jsonb does not take")

    task.steps = [lambda _ctx, _token: ActionDone("made it", did=True, sources=(SOURCE,))]
    task.finding = unstorable
    attempt = start(session, Mode.CARRY_OUT)
    for _ in range(cut_short.MAX_FAILURES):
        make_due()
        engine.run(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.problem) == ("finished", "portal_failed")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_goes_away_leaves_the_attempt_to_its_lease(
    session: LabSession, task: ScriptedTask, error: type[Exception]
) -> None:
    passed = task.finding

    def away(_ctx: Context) -> Finding:
        raise error("server closed the connection unexpectedly")

    task.finding = away
    attempt = start(session)
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.failures) == ("running", 0)
    assert kinds() == ["queued"]

    task.finding = passed
    make_due()
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert attempt.verdict == "passed"


def test_a_fault_noticed_after_another_worker_took_over_says_nothing(session: LabSession, task: ScriptedTask) -> None:
    attempt = start(session)

    def broken(_ctx: Context) -> Finding:
        make_due()
        assert claimed(attempt.pk) is not None
        raise ZeroDivisionError("a bug of the portal's")

    task.finding = broken
    engine.run(attempt.pk)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.fence, attempt.failures) == ("running", 2, 0)
    assert kinds() == ["queued"]


def test_several_attempts_of_one_message_run_side_by_side(session: LabSession, task: ScriptedTask) -> None:
    together = Barrier(3, timeout=10)

    def meet(_ctx: Context) -> Finding:
        together.wait()
        return Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    task.finding = meet
    begun = services.check_all(session, {"task": {}, "second": {}, "third": {}})
    engine.run(*(attempt.pk for attempt in begun))

    assert set(Attempt.objects.values_list("state", "verdict", "fence")) == {("finished", "passed", 1)}


def test_the_story_tells_what_waits_for_another_check_from_what_could_not_be_told(
    session: LabSession, task: ScriptedTask
) -> None:
    task.finding = lambda _ctx: Finding(Verdict.COULD_NOT_TELL, "ok", "a", "a", "", (SOURCE,), waits_for="another")
    begun = services.check_all(session, {"task": {}})
    engine.run(begun[0].pk)

    checked = begun[0].events.get(kind="checked")
    assert line_badge(checked).text == "Waits"


def test_of_several_attempts_only_those_that_are_free_are_taken(session: LabSession, task: ScriptedTask) -> None:
    begun = services.check_all(session, {"task": {}, "second": {}})
    assert claimed(begun[0].pk) is not None
    engine.run(*(attempt.pk for attempt in begun))

    assert list(Attempt.objects.order_by("pk").values_list("state", flat=True)) == ["running", "finished"]


def test_one_that_fails_leaves_the_others_alone(session: LabSession, task: ScriptedTask) -> None:
    turns = iter([True, False, False])

    def first_breaks(_ctx: Context) -> Finding:
        if next(turns):
            raise ZeroDivisionError("a bug of the portal's")
        return Finding(Verdict.PASSED, "ok", "a", "a", "", (SOURCE,))

    task.finding = first_breaks
    begun = services.check_all(session, {"task": {}, "second": {}, "third": {}})
    engine.run(*(attempt.pk for attempt in begun))

    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["finished", "finished", "waiting"]
