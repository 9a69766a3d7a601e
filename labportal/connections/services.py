"""Making connections ready. Web side: ask for one. Worker side: prepare it."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.connections.sealing import seal
from labportal.gateway.practice import PracticeControl, PracticeStudent
from labportal.jobs import PREPARE_CONNECTION, enqueue
from labportal.labs.models import LabSession
from labportal.nudges import publish
from steps.kit.azure import AzureProblem

log = logging.getLogger(__name__)
NEXT_TRY = timedelta(seconds=5)


def practice_connection(user: User) -> Connection:
    """A connection to a practice subscription, being prepared. Call inside the caller's transaction."""
    connection = Connection.objects.create(user=user, cloud=Connection.Cloud.PRACTICE, next_try_at=Now() + NEXT_TRY)
    transaction.on_commit(partial(enqueue, PREPARE_CONNECTION, connection.pk))
    return connection


def prepare(connection_id: int) -> None:
    """Has the practice cloud make the student, or finds it made, and fills in what it decides. Idempotent."""
    connection = Connection.objects.filter(pk=connection_id, state=Connection.State.PREPARING).first()
    if connection is None:
        return
    try:
        student = PracticeControl(settings.PRACTICE_CONTROL).student(str(connection.practice_key))
    except AzureProblem as problem:
        log.warning("practice cloud did not answer: %s", problem)
        connection.problem = "The practice cloud does not answer. The portal keeps trying."
        connection.next_try_at = Now() + NEXT_TRY
        connection.save(update_fields=["problem", "next_try_at"])
        _nudge(connection)
        return
    with transaction.atomic():
        _fill(connection, student)
        _fill_sessions(connection, student)
    _nudge(connection)


def _fill(connection: Connection, student: PracticeStudent) -> None:
    connection.tenant_id = student.tenant_id
    connection.subscription_id = student.subscription_id
    connection.client_id = student.client_id
    connection.sealed_secret = seal(student.client_secret, place=connection.place_of_secret)
    connection.state = Connection.State.READY
    connection.problem = ""
    connection.next_try_at = None
    connection.save()


def _fill_sessions(connection: Connection, student: PracticeStudent) -> None:
    """Vault names are global in Azure, so the default one carries part of the connection's own key."""
    sessions = LabSession.objects.filter(connection=connection)
    sessions.update(resource_group=student.resource_group, location=student.location, vm_name=student.vm)
    sessions.filter(vault_name="").update(vault_name=f"kv-lab-{connection.practice_key.hex[:10]}")
    sessions.filter(secret_name="").update(secret_name="lab-secret")  # noqa: S106  a name, not a secret


def _nudge(connection: Connection) -> None:
    for session_id in connection.lab_sessions.values_list("pk", flat=True):
        publish(session_id, {"session": session_id, "state": connection.state})
