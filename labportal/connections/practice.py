"""Asking for a practice subscription: the web's side. The worker makes it ready (labportal/connections/services.py)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.jobs import PREPARE_CONNECTION, enqueue
from labportal.writes import writing

NEXT_TRY = timedelta(seconds=5)
"""How long the sweeper leaves a connection alone after somebody was asked to prepare it."""


def practice_connection(user: User) -> Connection:
    """A connection to a practice subscription, being prepared. Call inside the caller's transaction."""
    connection = Connection.objects.create(user=user, cloud=Connection.Cloud.PRACTICE, next_try_at=Now() + NEXT_TRY)
    transaction.on_commit(partial(enqueue, PREPARE_CONNECTION, connection.pk))
    return connection


def sign_in_again(connection: Connection) -> bool:
    """Has a new credential fetched for a practice connection whose own was refused. False when it was not."""
    broken = Connection.objects.filter(pk=connection.pk, state=Connection.State.BROKEN, cloud=Connection.Cloud.PRACTICE)
    with writing():
        renewing = broken.update(state=Connection.State.PREPARING, next_try_at=Now() + NEXT_TRY)
        if renewing:
            transaction.on_commit(partial(enqueue, PREPARE_CONNECTION, connection.pk))
    return bool(renewing)
