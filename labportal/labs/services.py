"""Beginning a lab, and beginning it once more."""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from labportal.accounts.access import find_session
from labportal.accounts.models import User
from labportal.connections.practice import practice_connection
from labportal.labs.models import LabSession
from labportal.runs.models import ACTIVE, Attempt
from labportal.standings.services import seen
from labportal.support.hands import lower_of
from labportal.writes import writing


def open_session(user: User, lab_id: str) -> LabSession:
    """The student's open session, or a new one on a practice subscription of its own."""
    found = find_session(user, lab_id)
    if found is not None:
        return found
    try:
        with writing():
            seen(user.pk, lab_id)
            return LabSession.objects.create(user=user, lab_id=lab_id, connection=practice_connection(user))
    except IntegrityError:  # the unique constraint: a second click was first
        found = find_session(user, lab_id)
        if found is None:
            raise
        return found


def start_over(session: LabSession) -> bool:
    """Ends this walk and opens another on a fresh practice subscription. What was done in the old one is kept.

    False while something is under way, and nothing is changed; also for a walk that has already ended.
    """
    active = Attempt.objects.filter(session=OuterRef("pk"), state__in=ACTIVE)
    with writing():
        ended = LabSession.objects.filter(~Exists(active), pk=session.pk, ended_at=None).update(ended_at=Now())
        if ended:
            lower_of(session.user_id, session.lab_id)
            open_session(session.user, session.lab_id)
    return ended == 1
