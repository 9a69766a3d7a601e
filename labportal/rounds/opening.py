"""A round begins: its time has come, and whom it is about is written down."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from labportal.classes.models import Membership
from labportal.classes.roll import students_of
from labportal.rounds.models import OPEN, Round, RoundEntry
from labportal.writes import writing

LATE = timedelta(seconds=60)
"""After its time a round is told to be late."""
AT_ONCE = 1000
"""Entries made in one transaction: on SQLite nobody else writes meanwhile."""


def any_to_do() -> bool:
    """A round is under way, or its time has come. One query, and the only one of most turns."""
    return Round.objects.filter(Q(state=Round.State.PLANNED, starts_at__lte=Now()) | Q(state__in=OPEN)).exists()


def open_due() -> set[int]:
    """Every planned round whose time has come. One that finds another under way in its class is taken up after it.
    The classes whose round has opened."""
    opened = set[int]()
    busy = Round.objects.filter(lab_class=OuterRef("lab_class"), state__in=OPEN)
    due = Round.objects.filter(~Exists(busy), state=Round.State.PLANNED, starts_at__lte=Now())
    for one in due.order_by("starts_at", "pk"):
        try:
            with writing():
                Round.objects.filter(pk=one.pk, state=Round.State.PLANNED).update(
                    state=Round.State.OPEN, behind=_why_late(one)
                )
        except IntegrityError:  # another of the class has just begun: this one is next
            continue
        opened.add(one.lab_class_id)
    return opened


def why_not(the_round: Round) -> Round.Problem | None:
    """What was asked for when the class was another one does not begin, nor go on. Two queries at most."""
    if the_round.lab_class.archived_at is not None:
        return Round.Problem.ARCHIVED
    leads = Membership.objects.filter(
        lab_class=the_round.lab_class_id, user=the_round.by_id, role=Membership.Role.INSTRUCTOR
    )
    return None if the_round.by_id is not None and leads.exists() else Round.Problem.NOBODY


def make_entries(the_round: Round) -> None:
    """One for each student that the class has now; done twice, nothing is added. ``begun_at``: all are there."""
    ids = list(students_of(the_round.lab_class).values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = [RoundEntry(round=the_round, member_id=pk) for pk in ids[start : start + AT_ONCE]]
        with writing():
            RoundEntry.objects.bulk_create(some, ignore_conflicts=True)
    with writing():
        Round.objects.filter(pk=the_round.pk, begun_at=None).update(begun_at=Now())
    the_round.refresh_from_db(fields=["begun_at"])


def _why_late(one: Round) -> str:
    if timezone.now() - one.starts_at < LATE:
        return ""
    others = Round.objects.filter(lab_class=one.lab_class_id, begun_at__isnull=False, ended_at__gt=one.starts_at)
    return Round.Behind.OTHER if others.exists() else Round.Behind.OFF
