"""Finds what should be running and is not: due, never started, or left behind by a dead worker.

Bounded and idempotent: enqueueing an id twice is harmless, because only one claim succeeds.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from labportal.connections.models import Connection
from labportal.jobs import PREPARE_CONNECTION, RUN_ATTEMPT, enqueue_now, queue_length
from labportal.runs.claims import due
from labportal.runs.models import Attempt

BATCH = 500
PATIENCE = timedelta(seconds=5)
"""How long an enqueued id may sit in the queue before it is enqueued again."""
LONG_QUEUE = 1000
"""Ids that wait for a worker. Beyond these none is enqueued a second time: else an hour without a worker would leave
the next one hours of work that is none."""


def sweep() -> int:
    """Enqueues what is due, at most ``BATCH`` of each kind; answers how many. Stops early when Redis is away."""
    return _sweep_attempts() + _sweep_connections()


def _sweep_attempts() -> int:
    unheard = Q(enqueued_at=None) | Q(enqueued_at__lte=Now() - PATIENCE)
    found = list(Attempt.objects.filter(due(), unheard).order_by("due_at").values_list("pk", "enqueued_at")[:BATCH])
    if any(enqueued_at for _, enqueued_at in found) and queue_length() >= LONG_QUEUE:
        found = [(pk, enqueued_at) for pk, enqueued_at in found if enqueued_at is None]
    ids = [pk for pk, _ in found]
    if ids:
        Attempt.objects.filter(unheard, pk__in=ids).update(enqueued_at=Now())
    sent = _enqueue(RUN_ATTEMPT, ids)
    if sent < len(ids):  # due still, and to be tried as soon as Redis is back
        Attempt.objects.filter(due(), pk__in=ids[sent:]).update(enqueued_at=None)
    return sent


def _sweep_connections() -> int:
    waiting = Connection.objects.filter(state=Connection.State.PREPARING, next_try_at__lte=Now())
    ids = list(waiting.order_by("next_try_at").values_list("pk", flat=True)[:BATCH])
    if not ids or queue_length() >= LONG_QUEUE:
        return 0
    waiting.filter(pk__in=ids).update(next_try_at=Now() + PATIENCE)
    return _enqueue(PREPARE_CONNECTION, ids)


def _enqueue(task_name: str, ids: list[int]) -> int:
    """How many Redis took; the first that it does not take is the last that is tried."""
    for sent, pk in enumerate(ids):
        if not enqueue_now(task_name, pk):
            return sent
    return len(ids)
