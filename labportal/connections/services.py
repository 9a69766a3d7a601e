"""Making a connection ready, and noticing that it is not any more: the worker's side. The web asks in
labportal/connections/practice.py."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from labportal.connections.models import Connection
from labportal.connections.practice import NEXT_TRY
from labportal.connections.sealing import seal
from labportal.gateway.practice import PracticeControl, PracticeStudent
from labportal.labs.models import LabSession
from labportal.nudges import publish
from labportal.writes import writing
from steps.kit.azure import AzureProblem

log = logging.getLogger(__name__)


REFUSED = "Azure no longer accepts the credential of this connection."


def refused(connection: Connection) -> None:
    """Azure does not accept its credential: the student is asked to sign in again."""
    broken = Connection.objects.filter(pk=connection.pk, state=Connection.State.READY)
    if broken.update(state=Connection.State.BROKEN, problem=REFUSED):
        _nudge(connection)


def accepted(connection: Connection) -> None:
    """Azure answered with it: whatever was wrong is over."""
    if connection.state == Connection.State.BROKEN:
        broken = Connection.objects.filter(pk=connection.pk, state=Connection.State.BROKEN)
        if broken.update(state=Connection.State.READY, problem=""):
            _nudge(connection)


def prepare(connection_id: int) -> None:
    """Has the practice cloud make the student, or finds it made, and fills in what it decides. A connection that has
    been ready before gets a new credential. Idempotent."""
    connection = Connection.objects.filter(pk=connection_id, state=Connection.State.PREPARING).first()
    if connection is None:
        return
    control = PracticeControl(settings.PRACTICE_CONTROL)
    try:
        student = control.student(str(connection.practice_key))
        if connection.subscription_id:
            student = control.renewed(student)
    except AzureProblem as problem:
        log.warning("practice cloud did not answer: %s", problem)
        said = "The practice cloud does not answer. The portal keeps trying."
        _update_unprepared(connection, problem=said, next_try_at=Now() + NEXT_TRY)
        _nudge(connection)
        return
    with writing():
        if _fill(connection, student):
            _fill_sessions(connection, student)
    _nudge(connection)


def _fill(connection: Connection, student: PracticeStudent) -> bool:
    return _update_unprepared(
        connection,
        tenant_id=student.tenant_id,
        subscription_id=student.subscription_id,
        client_id=student.client_id,
        sealed_secret=seal(student.client_secret, place=connection.place_of_secret),
        state=Connection.State.READY,
        problem="",
        next_try_at=None,
    )


def _update_unprepared(connection: Connection, **changes: Any) -> bool:
    """False, and nothing stored, when another worker has made it ready meanwhile."""
    return bool(Connection.objects.filter(pk=connection.pk, state=Connection.State.PREPARING).update(**changes))


def _fill_sessions(connection: Connection, student: PracticeStudent) -> None:
    """Vault names are global in Azure, so the default one carries part of the connection's own key."""
    sessions = LabSession.objects.filter(connection=connection)
    sessions.update(resource_group=student.resource_group, location=student.location, vm_name=student.vm)
    sessions.filter(vault_name="").update(vault_name=f"kv-lab-{connection.practice_key.hex[:10]}")
    sessions.filter(secret_name="").update(secret_name="lab-secret")  # noqa: S106  a name, not a secret


def _nudge(connection: Connection) -> None:
    """Says where the connection stands now, whoever brought it there."""
    for session_id, state in connection.lab_sessions.values_list("pk", "connection__state"):
        publish(session_id, {"session": session_id, "state": state})
