"""Brings every round of every class as far as it can come now. Taken in turns by the follower's process.

That process only reads and writes rows, as this does; it asks Azure nothing, is not the web's, which may die without a
round stopping, and not the sweeper's, which everything rests on and which is to stay as small as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from itertools import chain, zip_longest

from django.db import DatabaseError
from django.db.models import QuerySet
from django.db.models.functions import Now

from labportal.rounds import opening, pacing
from labportal.rounds.beginning import begin
from labportal.rounds.models import OPEN, Round, RoundEntry
from labportal.rounds.settling import give_up, leave_out_the_rest, settle
from labportal.rounds.telling import tell
from labportal.writes import writing

log = logging.getLogger(__name__)
State = Round.State
NEW_AT_A_TURN = 2
"""Students whose checks begin in one turn: seven a second at most. In bursts they would be in the way of whoever clicks
just then, and of each other."""
AT_A_TURN = 50
"""Students of a round who are looked up in one turn: standings are brought up to date in the same process."""


def turn() -> set[int]:
    """The classes that something has changed in, which their pages are told. One query where there is nothing to do.
    Raises DatabaseError."""
    if not opening.any_to_do():
        return set()
    changed = opening.open_due()
    for one in Round.objects.filter(state__in=OPEN).select_related("lab_class", "by").order_by("pk"):
        if _or_give_up(one, partial(_take_up, one)):
            changed.add(one.lab_class_id)
    changed |= _begin_some()
    for one in Round.objects.filter(state__in=OPEN):
        if _end_if_over(one):
            changed.add(one.lab_class_id)
    for class_id in changed:
        tell(class_id)
    return changed


def _take_up(one: Round) -> int:
    """What has happened since the last turn; how many changes that makes on its page."""
    changes = 0
    if one.state == State.OPEN and (problem := opening.why_not(one)):
        changes += _stop(one, problem)
    if one.begun_at is None:
        opening.make_entries(one)
        changes += 1
    if one.state == State.STOPPING:
        changes += leave_out_the_rest(one)
    return changes + settle(one)


def _begin_some() -> set[int]:
    """As many students as there is room for, of each round in turn; the classes that somebody was taken up in. Who is
    left out takes no room."""
    rounds = {one.pk: one for one in Round.objects.filter(state=State.OPEN).select_related("lab_class", "by")}
    free = min(pacing.room().free, NEW_AT_A_TURN) if rounds else 0
    taken = set[int]()
    if not free:
        return taken
    to_do = [list(_to_do(one)) for one in rounds.values()]
    for entry in (entry for entry in chain.from_iterable(zip_longest(*to_do)) if entry is not None):
        one = rounds[entry.round_id]
        if one.by is None or one.state != State.OPEN:
            continue
        free -= _or_give_up(one, partial(begin, one, one.by, entry))
        taken.add(one.lab_class_id)
        if not free:
            break
    return taken


def _to_do(one: Round) -> QuerySet[RoundEntry]:
    """In their order, the first of them. That none has a verdict is said so that an index gives them in that order."""
    first = one.entries.filter(state=RoundEntry.State.TO_DO, verdict="").order_by("pk").values_list("pk", flat=True)
    entries = RoundEntry.objects.filter(pk__in=list(first[:AT_A_TURN]))
    return entries.select_related("member__user").order_by("pk")


def _stop(one: Round, problem: Round.Problem) -> int:
    one.state = State.STOPPING
    return Round.objects.filter(pk=one.pk, state=State.OPEN).update(state=State.STOPPING, problem=problem)


def _end_if_over(one: Round) -> bool:
    left = one.entries.filter(state__in=(RoundEntry.State.TO_DO, RoundEntry.State.UNDER_WAY))
    if one.begun_at is None or left.exists():
        return False
    ends_as = State.STOPPED if one.state == State.STOPPING else State.ENDED
    return bool(Round.objects.filter(pk=one.pk, state=one.state).update(state=ends_as, ended_at=Now()))


def _or_give_up(one: Round, act: Callable[[], int]) -> int:
    """A fault of our own in one round ends that round, which says so, and stops no other."""
    try:
        return act()
    except DatabaseError:
        raise
    except Exception:
        log.exception("round %s: the portal failed", one.pk)
        one.state = State.STOPPED
        with writing():
            Round.objects.filter(pk=one.pk).update(state=one.state, problem=Round.Problem.PORTAL, ended_at=Now())
            give_up(one)
        return 1
