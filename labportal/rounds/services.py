"""What an instructor can do to rounds. The caller has checked that they lead the class."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.db.models.functions import Now
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import LabClass
from labportal.rounds.models import OPEN, Round
from labportal.rounds.telling import tell
from labportal.writes import writing

MOST_PLANNED = 20
"""Of one class: more is a mistake, and each is shown."""


class TooManyPlanned(Exception):
    """The class has ``MOST_PLANNED`` already."""


def begin_now(by: User, lab_class: LabClass, task_id: str = "") -> tuple[Round, bool]:
    """A round that begins with the next turn; or the one that is under way in the class, and False."""
    for last in (False, True):
        try:
            with writing():
                return _make(by, lab_class, task_id, timezone.now(), Round.State.OPEN), True
        except IntegrityError:  # the unique constraint: one is under way
            if last:
                raise
        under_way = Round.objects.filter(lab_class=lab_class, state__in=OPEN).first()
        if under_way is not None:
            return under_way, False
        # It ended between the two statements.
    raise AssertionError("the last try returns or raises")


def plan(by: User, lab_class: LabClass, task_id: str, starts_at: datetime) -> Round:
    """A round that begins by itself then. Raises TooManyPlanned."""
    with writing():
        if Round.objects.filter(lab_class=lab_class, state=Round.State.PLANNED).count() >= MOST_PLANNED:
            raise TooManyPlanned
        return _make(by, lab_class, task_id, starts_at, Round.State.PLANNED)


def call_off(the_round: Round, by: User) -> bool:
    """A planned round will not begin; in one under way nothing new begins, and it ends with what is. False when it has
    ended already."""
    mine = Round.objects.filter(pk=the_round.pk)
    off = {"stopped_by": by, "stopped_by_name": by.get_username()}
    with writing():
        planned = mine.filter(state=Round.State.PLANNED)
        under_way = mine.filter(state=Round.State.OPEN)
        called_off = planned.update(state=Round.State.STOPPED, **off, ended_at=Now()) or (
            under_way.update(state=Round.State.STOPPING, **off)
        )
        if called_off:
            tell(the_round.lab_class_id)
    return bool(called_off)


def _make(by: User, lab_class: LabClass, task_id: str, starts_at: datetime, state: Round.State) -> Round:
    made = Round.objects.create(
        lab_class=lab_class, task_id=task_id, by=by, by_name=by.get_username(), starts_at=starts_at, state=state
    )
    tell(lab_class.pk)
    return made
