"""Follows the timeline of all attempts, and keeps the standings of who is in a class up to date with it.

The database is asked, not Redis: what is missed there would be missing on a board. A row's key is given when it is
written and seen when its transaction is committed, so on PostgreSQL a lower one may be seen after a higher one: the
last ``LOOK_BACK`` keys are read again each time, and those that are known passed over.
"""

from __future__ import annotations

import logging
from collections import defaultdict

from django.db.models import Max

from labportal.classes.models import Membership
from labportal.nudges import publish_to_class
from labportal.runs.models import Attempt, AttemptEvent
from labportal.standings.models import Followed, Standing
from labportal.standings.projection import bring_up_to_date, standings_of_sessions
from labportal.writes import writing

log = logging.getLogger(__name__)
LOOK_BACK = 500
"""Keys: about a second of a large class, all checking. A transaction of the portal takes milliseconds."""
AT_A_TIME = 5_000
"""Rows of the timeline read in one turn."""
MOST_NAMED = 200
"""Members named in a nudge; of more it only says that there are many."""


class Follower:
    """One process has one. ``turn`` does whatever there is to do."""

    def __init__(self) -> None:
        self._from = Followed.objects.get_or_create(pk=1)[0].event_id
        self._known: set[int] = set()

    def turn(self) -> int:
        """How many standings were brought up to date."""
        sessions, newest = self._read()
        ids = {*(standings_of_sessions(sessions) if sessions else ()), *_touched()}
        number = bring_up_to_date(ids)
        if newest is not None:
            self._remember(newest)
        if ids:
            _nudge_classes(ids)
        return number

    def _read(self) -> tuple[set[int], int | None]:
        """The walks that something has happened in, and the newest key, None where nothing is new."""
        after = max(0, self._from - LOOK_BACK)
        rows = AttemptEvent.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "attempt_id")
        new = {key: attempt for key, attempt in rows[: AT_A_TIME + LOOK_BACK] if key not in self._known}
        self._known.update(new)
        attempts = Attempt.objects.filter(pk__in=set(new.values()))
        return set(attempts.values_list("session_id", flat=True)), max(new, default=None)

    def _remember(self, newest: int) -> None:
        self._from = max(self._from, newest)
        self._known = {key for key in self._known if key > self._from - LOOK_BACK}
        with writing():
            Followed.objects.filter(pk=1).update(event_id=self._from)


def rebuild() -> int:
    """Makes every standing anew, and goes on from the newest row; how many there are."""
    newest = AttemptEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
    number = bring_up_to_date(Standing.objects.values_list("pk", flat=True))
    with writing():
        Followed.objects.update_or_create(pk=1, defaults={"event_id": newest})
    return number


def _touched() -> list[int]:
    return list(Standing.objects.filter(touched=True).values_list("pk", flat=True)[:AT_A_TIME])


def _nudge_classes(standing_ids: set[int]) -> None:
    """Each class hears which of its members are to be looked at again."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    found = Membership.objects.filter(standing__in=standing_ids, lab_class__archived_at=None)
    for class_id, pk in found.values_list("lab_class_id", "pk"):
        members[class_id].append(pk)
    for class_id, keys in members.items():
        publish_to_class(class_id, {"members": keys if len(keys) <= MOST_NAMED else None})
