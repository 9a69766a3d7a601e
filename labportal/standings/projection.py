"""Brings standings up to date: the only writer of what they say.

Each is made anew from all of the walk's rows, so doing it twice is harmless and a lost turn is made up for by the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db.models import F

from labportal.labs.models import LabSession
from labportal.standings.making import NOT_BEGUN, Made, made_of
from labportal.standings.models import Standing, TaskStanding, Trip
from labportal.standings.reading import rows_of
from labportal.writes import writing
from steps.registry import LABS

AT_ONCE = 100
"""Standings in one transaction: on SQLite nobody else writes meanwhile."""
_FIELDS = tuple(name.removesuffix("_id") if name == "session_id" else name for name in NOT_BEGUN.fields)
_TASK_FIELDS = (
    *("number", "state", "verdict", "check_id", "reason", "tries"),
    *("first_try", "hints", "provenance", "done_at", "on_behalf", "seconds"),
)


def bring_up_to_date(standing_ids: Iterable[int]) -> int:
    """How many there were. A dozen queries for each ``AT_ONCE`` of them, whatever their history."""
    number = 0
    for some in _batches(sorted(set(standing_ids))):
        number += _bring_some(some)
    return number


def standings_of_sessions(session_ids: Collection[int]) -> list[int]:
    """The keys of the standings that those walks belong to: only who is in a class has one."""
    theirs = Standing.objects.filter(user__lab_sessions__in=session_ids, lab_id=F("user__lab_sessions__lab_id"))
    return list(theirs.values_list("pk", flat=True))


def _batches(ids: list[int]) -> Iterable[tuple[int, ...]]:
    return (tuple(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def _bring_some(ids: tuple[int, ...]) -> int:
    """Read inside the transaction that writes: what is committed meanwhile is told of by an event that comes later."""
    with writing():
        standings = list(Standing.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        walks = _walks_of(standings)
        rows = rows_of(walks.values())
        made = {
            one.pk: made_of(LABS[one.lab_id], rows[walks[one.pk].pk]) if one.pk in walks else NOT_BEGUN
            for one in standings
        }
        _store(standings, made)
    return len(standings)


def _walks_of(standings: Iterable[Standing]) -> dict[int, LabSession]:
    """By standing: the open walk, or the last one that was ended."""
    by_person = {(one.user_id, one.lab_id): one.pk for one in standings}
    sessions = LabSession.objects.filter(user__in={user for user, _ in by_person}).order_by("pk")
    found: dict[int, LabSession] = {}
    for session in sessions:
        key = by_person.get((session.user_id, session.lab_id))
        if key is not None and not (key in found and found[key].ended_at is None):
            found[key] = session
    return found


def _store(standings: list[Standing], made: Mapping[int, Made]) -> None:
    for standing in standings:
        for name, value in made[standing.pk].fields.items():
            setattr(standing, name, value)
        if standing.last_at is not None and standing.seen_at is not None:
            standing.last_at = max(standing.last_at, standing.seen_at)
        standing.touched = False
    Standing.objects.bulk_create(  # several times quicker than bulk_update, which compares every row with every key
        standings, update_conflicts=True, unique_fields=["id"], update_fields=[*_FIELDS, "touched"]
    )
    _store_tasks(made)
    _store_trips(made)


def _store_tasks(made: Mapping[int, Made]) -> None:
    rows = []
    for key, one in made.items():
        for task in one.tasks:
            task.standing_id = key
            rows.append(task)
    kept = {(row.standing_id, row.task_id) for row in rows}
    there = TaskStanding.objects.filter(standing__in=made).values_list("pk", "standing_id", "task_id")
    gone = [pk for pk, standing_id, task_id in there if (standing_id, task_id) not in kept]
    if gone:
        TaskStanding.objects.filter(pk__in=gone).delete()
    TaskStanding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["standing", "task_id"], update_fields=_TASK_FIELDS
    )


def _store_trips(made: Mapping[int, Made]) -> None:
    """Times only grow within a walk; another walk begins anew."""
    Trip.objects.filter(standing__in=made).delete()
    Trip.objects.bulk_create(
        Trip(standing_id=key, task_id=task_id, check_id=check_id, reason=reason, times=times)
        for key, one in made.items()
        for (task_id, check_id, reason), times in one.trips.items()
    )
