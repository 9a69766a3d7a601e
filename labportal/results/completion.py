"""How many had all tasks done, and when: a curve that only rises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from labportal.classes.models import LabClass

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_STEPS = (
    *(_MINUTE * number for number in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * number for number in (1, 2, 4, 12)),
    *(_DAY * number for number in (1, 2, 7, 14, 28, 91, 364)),
)
MOST_POINTS = 40


@dataclass(frozen=True, slots=True)
class Point:
    """When the class's own clocks showed that, ``number`` students were complete. ``share``: 0 to 1, of the span."""

    at: datetime
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Curve:
    """``due``: where in the span the class's due time is, 0 to 1, None where it is outside. ``whole_days``: the points
    are so far apart that the time of day does not matter."""

    points: tuple[Point, ...]
    of: int
    due: float | None
    whole_days: bool


def curve_of(
    begins: datetime, until: datetime, lab_class: LabClass, of: int, complete_by: Callable[[list[datetime]], list[int]]
) -> Curve:
    """``complete_by`` answers how many were complete at each of some moments."""
    zone = ZoneInfo(lab_class.time_zone)
    step = next((step for step in _STEPS if (until - begins) / step < MOST_POINTS - 1), (until - begins) / MOST_POINTS)
    edges = _edges(_floor(begins.astimezone(zone), step), until, step)
    span = edges[-1] - edges[0]
    points = tuple(
        Point(edge.astimezone(zone), number, (edge - edges[0]) / span)
        for edge, number in zip(edges, complete_by(edges), strict=True)
    )
    due = (lab_class.due_at - edges[0]) / span if lab_class.due_at else None
    return Curve(points, of, due if due is not None and 0 <= due <= 1 else None, whole_days=step >= _DAY)


def _floor(wall: datetime, step: timedelta) -> datetime:
    """The last full hour, day and so on before it, as the clocks there show them."""
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if step >= _DAY else midnight + (wall - midnight) // step * step


def _edges(first: datetime, until: datetime, step: timedelta) -> list[datetime]:
    """At least two."""
    edges = [first, first + step]
    while edges[-1] < until:
        edges.append(edges[-1] + step)
    return edges
