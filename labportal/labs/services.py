"""Beginning a lab."""

from __future__ import annotations

from django.db import IntegrityError

from labportal.accounts.access import find_session
from labportal.accounts.models import User
from labportal.connections.practice import practice_connection
from labportal.labs.models import LabSession
from labportal.writes import writing


def open_session(user: User, lab_id: str) -> LabSession:
    """The student's open session, or a new one on a practice subscription of its own."""
    found = find_session(user, lab_id)
    if found is not None:
        return found
    try:
        with writing():
            return LabSession.objects.create(user=user, lab_id=lab_id, connection=practice_connection(user))
    except IntegrityError:  # the unique constraint: a second click was first
        found = find_session(user, lab_id)
        if found is None:
            raise
        return found
