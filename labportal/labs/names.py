"""Changing the names a student does a lab under."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from labportal.labs.models import LabSession
from labportal.runs.models import ACTIVE, Attempt
from steps.kit.task import Names


def worded_for(names: Names) -> str:
    """What a plan on a page is worded with. A button beside it brings this along: once a name has been changed in
    another tab, the plan that was read is not what would be done."""
    return "/".join((names.vault, names.secret, names.vm, names.permission_model))


def rename(session: LabSession, **changes: str) -> bool:
    """Sets fields of the walk, as ``NamesForm`` has checked them. One statement, so that no attempt sees half of a
    change: False while one is under way, and nothing is changed."""
    active = Attempt.objects.filter(session=OuterRef("pk"), state__in=ACTIVE)
    changed = LabSession.objects.filter(~Exists(active), pk=session.pk).update(**changes)
    if changed:
        for field, value in changes.items():
            setattr(session, field, value)
    return changed == 1
