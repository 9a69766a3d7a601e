"""Changing the names a student does a lab under."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from labportal.labs.models import LabSession
from labportal.runs.models import ACTIVE, Attempt


def rename(session: LabSession, **changes: str) -> bool:
    """Sets fields of the walk, as ``NamesForm`` has checked them. One statement, so that no attempt sees half of a
    change: False while one is under way, and nothing is changed."""
    active = Attempt.objects.filter(session=OuterRef("pk"), state__in=ACTIVE)
    changed = LabSession.objects.filter(~Exists(active), pk=session.pk).update(**changes)
    if changed:
        for field, value in changes.items():
            setattr(session, field, value)
    return changed == 1
