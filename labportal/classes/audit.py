"""Writes down what is done on another person's behalf, where that person can read it."""

from __future__ import annotations

from labportal.accounts.models import User
from labportal.classes.models import Act, LabClass


def note_act(by: User, person: User, lab_class: LabClass | None, kind: str, text: str) -> Act:
    """``text``: a sentence without its subject, in the past tense, as ``person`` is to read it. In the caller's
    transaction: what is done and that it was done are stored together."""
    return Act.objects.create(
        by=by, by_name=by.get_username(), person=person, lab_class=lab_class, kind=kind, text=text
    )
