"""Beginning a lab, and the names a student does it under."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from labportal.accounts.models import User
from labportal.connections.services import practice_connection
from labportal.labs.models import LabSession


def open_session(user: User, lab_id: str) -> LabSession:
    """The student's open session, or a new one on a practice subscription of its own."""
    found = _open_session_of(user, lab_id)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return LabSession.objects.create(user=user, lab_id=lab_id, connection=practice_connection(user))
    except IntegrityError:  # the unique constraint: a second click was first
        found = _open_session_of(user, lab_id)
        if found is None:
            raise
        return found


def _open_session_of(user: User, lab_id: str) -> LabSession | None:
    sessions = LabSession.objects.select_related("connection")
    return sessions.filter(user=user, lab_id=lab_id, ended_at=None).first()
