"""Finds what should be running and is not: due, never started, or left behind by a dead worker.

Bounded and idempotent: enqueueing an id twice is harmless, because only one claim succeeds.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from labportal.connections.models import Connection
from labportal.jobs import PREPARE_CONNECTION, RUN_ATTEMPT, enqueue
from labportal.runs.claims import due
from labportal.runs.models import Attempt

BATCH = 500
PATIENCE = timedelta(seconds=5)
"""How long an enqueued id may sit in the queue before it is enqueued again."""


def sweep() -> int:
    """Enqueues what is due, at most ``BATCH`` of each kind; answers how many."""
    return _sweep_attempts() + _sweep_connections()


def _sweep_attempts() -> int:
    unheard = Q(enqueued_at=None) | Q(enqueued_at__lte=Now() - PATIENCE)
    ids = list(Attempt.objects.filter(due(), unheard).order_by("due_at").values_list("pk", flat=True)[:BATCH])
    if ids:
        Attempt.objects.filter(unheard, pk__in=ids).update(enqueued_at=Now())
    return sum(enqueue(RUN_ATTEMPT, pk) for pk in ids)


def _sweep_connections() -> int:
    waiting = Connection.objects.filter(state=Connection.State.PREPARING, next_try_at__lte=Now())
    ids = list(waiting.order_by("next_try_at").values_list("pk", flat=True)[:BATCH])
    if ids:
        waiting.filter(pk__in=ids).update(next_try_at=Now() + PATIENCE)
    return sum(enqueue(PREPARE_CONNECTION, pk) for pk in ids)
