"""Raising and lowering a hand, and coming to help: the only writer of hands.

Each change is told to the student's pages at once, and to the boards of their classes with the follower's next turn.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.nudges import publish
from labportal.runs.models import Attempt
from labportal.standings.services import hand_raised
from labportal.support.models import Hand
from labportal.writes import writing


def raise_hand(session: LabSession, task_id: str, text: str) -> bool:
    """False when one is up already in this walk, whatever it was raised for: it keeps its place in the queue."""
    tried = Attempt.objects.filter(session=session, task_id=task_id).aggregate(latest=Max("pk"))
    hand = Hand(
        session=session,
        user_id=session.user_id,
        lab_id=session.lab_id,
        task_id=task_id,
        attempt_id=tried["latest"],
        text=text,
        raised_at=timezone.now(),
    )
    try:
        with writing():
            hand.save()
            _tell(hand, hand.raised_at)
    except IntegrityError:  # the unique constraint: a second click, or another tab
        return False
    return True


def lower(hand: Hand, by: User | None) -> bool:
    """False when it had been lowered already. ``by`` is None where nobody did: the walk has ended."""
    with writing():
        lowered = _up(hand).update(lowered_at=timezone.now(), lowered_by=by)
        if lowered:
            _tell(hand, None)
    return bool(lowered)


def lower_of(user_id: int, lab_id: str) -> None:
    """Whoever leaves a walk behind, or their last class, asks for help there no more. Harmless where no hand is up."""
    for hand in Hand.objects.filter(user=user_id, lab_id=lab_id, lowered_at=None):
        lower(hand, None)


def take(hand: Hand, by: User, by_name: str) -> bool:
    """False when somebody else was first, or it has been lowered. ``by_name`` is what the student is told."""
    with writing():
        taken = _up(hand).filter(taken_at=None).update(taken_by=by, taken_by_name=by_name, taken_at=timezone.now())
        if taken:
            _tell(hand, hand.raised_at)
    return bool(taken)


def give_back(hand: Hand) -> bool:
    """It waits again, where it stood in the queue. False when nobody had taken it, or it has been lowered."""
    with writing():
        given_back = _up(hand).exclude(taken_at=None).update(taken_by=None, taken_by_name="", taken_at=None)
        if given_back:
            _tell(hand, hand.raised_at)
    return bool(given_back)


def _up(hand: Hand) -> QuerySet[Hand]:
    return Hand.objects.filter(pk=hand.pk, lowered_at=None)


def _tell(hand: Hand, up_since: datetime | None) -> None:
    hand_raised(hand.user_id, hand.lab_id, up_since)
    transaction.on_commit(partial(publish, hand.session_id, {"support": "hand"}))
