"""Changing the names a student does a lab under."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from labportal.labs.models import LabSession
from labportal.runs.models import ACTIVE, Attempt


def rename(session: LabSession, *, vault_name: str, secret_name: str) -> bool:
    """One statement, so that no attempt sees half of a change: False while one is under way, and nothing is changed."""
    active = Attempt.objects.filter(session=OuterRef("pk"), state__in=ACTIVE)
    changed = LabSession.objects.filter(~Exists(active), pk=session.pk).update(
        vault_name=vault_name, secret_name=secret_name
    )
    return changed == 1
