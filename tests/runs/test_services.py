"""Starting, joining, cancelling."""

from __future__ import annotations

from threading import Barrier, Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from labportal import writes
from labportal.jobs import RUN_ATTEMPT
from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.models import Attempt, AttemptEvent
from steps.kit.course import Mode
from tests.runs.scripted import Wire


def test_a_click_stores_the_attempt_tells_the_page_and_enqueues_only_its_id(session: LabSession, wire: Wire) -> None:
    started = services.start(session, "task", Mode.VALIDATE, {})

    assert not started.joined
    assert wire.enqueued == [(RUN_ATTEMPT, started.attempt.pk)]
    event = AttemptEvent.objects.get()
    assert wire.nudges == [{"attempt": started.attempt.pk, "seq": event.pk, "task": "task", "state": "queued"}]


def test_a_second_click_joins_the_first(session: LabSession, wire: Wire) -> None:
    first = services.start(session, "task", Mode.VALIDATE, {})
    second = services.start(session, "task", Mode.CARRY_OUT, {})

    assert second.joined
    assert second.attempt.pk == first.attempt.pk
    assert Attempt.objects.count() == 1


def test_a_second_click_while_waiting_looks_at_once(session: LabSession, wire: Wire) -> None:
    attempt = services.start(session, "task", Mode.VALIDATE, {}).attempt
    Attempt.objects.update(state="waiting", due_at="2099-01-01T00:00:00Z")

    services.start(session, "task", Mode.VALIDATE, {})

    assert wire.enqueued == [(RUN_ATTEMPT, attempt.pk)] * 2


def test_twenty_clicks_at_once_make_one_attempt(session: LabSession, wire: Wire) -> None:
    barrier, found = Barrier(20), set[int]()

    def click() -> None:
        barrier.wait()
        found.add(services.start(session, "task", Mode.VALIDATE, {}).attempt.pk)
        connection.close()

    threads = [Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 1
    assert Attempt.objects.count() == 1


def test_cancelling_what_has_not_begun_ends_it_at_once(session: LabSession, wire: Wire) -> None:
    attempt = services.start(session, "task", Mode.VALIDATE, {}).attempt

    services.cancel(attempt)

    assert Attempt.objects.get().state == Attempt.State.CANCELLED
    assert wire.nudges[-1]["state"] == "cancelled"


@pytest.mark.parametrize("state", ["finished", "cancelled", "lost"])
def test_cancelling_what_has_ended_changes_nothing(session: LabSession, wire: Wire, state: str) -> None:
    attempt = services.start(session, "task", Mode.VALIDATE, {}).attempt
    Attempt.objects.update(state=state, due_at=None)

    services.cancel(attempt)

    assert Attempt.objects.get().state == state


def test_a_click_in_a_session_that_is_gone_is_an_error_and_no_endless_loop(session: LabSession, wire: Wire) -> None:
    LabSession.objects.all().delete()

    with pytest.raises(IntegrityError):
        services.start(session, "task", Mode.VALIDATE, {})


def test_a_write_inside_a_transaction_does_not_queue_behind_those_that_wait_for_it(
    session: LabSession, wire: Wire
) -> None:
    attempt = services.start(session, "task", Mode.VALIDATE, {}).attempt
    inside = Event()

    def other() -> None:
        inside.wait(10)
        services.check_now(attempt)
        connection.close()

    thread = Thread(target=other)
    thread.start()
    with transaction.atomic():
        Attempt.objects.update(answers={"a": "b"})
        inside.set()
        while connection.vendor == "sqlite" and not writes._turn.locked():
            pass
        services.cancel(attempt)
    thread.join(5)
    assert not thread.is_alive()
    assert Attempt.objects.get().state == Attempt.State.CANCELLED


def test_a_check_of_all_tasks_is_one_message(session: LabSession, wire: Wire) -> None:
    begun = services.check_all(session, {"one": {}, "two": {"identifier": "kept"}})

    assert [(attempt.task_id, attempt.answers) for attempt in begun] == [("one", {}), ("two", {"identifier": "kept"})]
    assert wire.enqueued == [(RUN_ATTEMPT, begun[0].pk, begun[1].pk)]
    assert [nudge["attempt"] for nudge in wire.nudges] == [attempt.pk for attempt in begun]


def test_a_check_of_all_tasks_joins_those_under_way(session: LabSession, wire: Wire) -> None:
    waiting = services.start(session, "one", Mode.CARRY_OUT, {}).attempt
    Attempt.objects.update(state="waiting", due_at="2099-01-01T00:00:00Z")

    begun = services.check_all(session, {"one": {}, "two": {}})

    assert [attempt.task_id for attempt in begun] == ["two"]
    assert wire.enqueued[1:] == [(RUN_ATTEMPT, begun[0].pk), (RUN_ATTEMPT, waiting.pk)]


def test_a_check_of_all_tasks_that_are_under_way_begins_nothing(session: LabSession, wire: Wire) -> None:
    services.check_all(session, {"one": {}, "two": {}})

    assert services.check_all(session, {"one": {}, "two": {}}) == []
    assert Attempt.objects.count() == 2
