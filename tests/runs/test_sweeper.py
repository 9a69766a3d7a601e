"""What the sweeper enqueues, when it stops, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from labportal.jobs import PREPARE_CONNECTION, RUN_ATTEMPT
from labportal.labs.models import LabSession
from labportal.runs import services, sweeper
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.runs.claiming import claimed
from tests.runs.scripted import Wire


@pytest.fixture
def attempts(session: LabSession, wire: Wire) -> list[Attempt]:
    """Three, whose ids never reached a worker."""
    begun = [services.start(session, f"task-{number}", Mode.VALIDATE, {}).attempt for number in range(3)]
    Attempt.objects.update(enqueued_at=Now() - 2 * sweeper.PATIENCE)
    wire.enqueued.clear()
    return begun


def test_what_was_not_heard_of_is_enqueued_again_but_not_at_once_again(attempts: list[Attempt], wire: Wire) -> None:
    assert sweeper.sweep() == 3
    assert sweeper.sweep() == 0
    assert wire.enqueued == [(RUN_ATTEMPT, attempt.pk) for attempt in attempts]


def test_while_redis_is_away_everything_stays_due(attempts: list[Attempt], wire: Wire) -> None:
    wire.away = True
    assert sweeper.sweep() == 0
    wire.away = False
    assert sweeper.sweep() == 3


def test_a_long_queue_is_not_made_longer_by_what_may_stand_in_it(attempts: list[Attempt], wire: Wire) -> None:
    wire.queue_length = sweeper.LONG_QUEUE
    Attempt.objects.filter(pk=attempts[1].pk).update(enqueued_at=None)  # this one is in no queue
    assert sweeper.sweep() == 1
    assert wire.enqueued == [(RUN_ATTEMPT, attempts[1].pk)]
    wire.queue_length = 0
    assert sweeper.sweep() == 2


def test_what_a_dead_worker_had_is_enqueued_as_soon_as_its_lease_is_over(attempts: list[Attempt], wire: Wire) -> None:
    assert claimed(attempts[0].pk) is not None
    assert sweeper.sweep() == 2
    Attempt.objects.filter(pk=attempts[0].pk).update(lease_until=Now() - timedelta(seconds=1))
    assert sweeper.sweep() == 1


def test_a_connection_that_nobody_prepares_is_enqueued_again(session: LabSession, wire: Wire) -> None:
    connection = session.connection
    type(connection).objects.update(state="preparing", next_try_at=Now() - timedelta(seconds=1))
    assert sweeper.sweep() == 1
    assert sweeper.sweep() == 0
    assert wire.enqueued == [(PREPARE_CONNECTION, connection.pk)]
