"""Where the lines and bars of the pictures are. The templates draw them; the style sheet has the colours.

Lengths are in the units of each drawing's own view box. Every picture is told in a table beside it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from labportal.results.completion import Curve, Point
from labportal.results.overview import TaskTold
from labportal.results.stumbles import Stumble
from labportal.results.times import Bin, Times
from labportal.results.ways import Way


@dataclass(frozen=True, slots=True)
class Bar:
    """``words`` say what it stands for; ``kind`` names its colour, "" for the usual one."""

    x: float
    y: float
    width: float
    height: float
    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at a place of an axis. ``anchor`` as in SVG: where in the words that place is."""

    x: float
    y: float
    words: str
    anchor: str = "middle"


HISTOGRAM = (300, 96)
_FLOOR = 76
_TOP = 16


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    rows: tuple[tuple[str, int], ...]


def histogram_of(times: Times) -> Histogram:
    """Bars from left to right, the number on the highest, and the times below where bars meet."""
    slot = HISTOGRAM[0] / max(len(times.bins), 6)
    highest = max(one.number for one in times.bins)
    bars, marks = [], []
    for place, one in enumerate(times.bins):
        height = (_FLOOR - _TOP) * one.number / highest
        if one.number:  # somebody, however few, is seen
            height = max(height, 2)
        bars.append(Bar(place * slot + 1, _FLOOR - height, slot - 2, height, f"{_between(one)}: {one.number}"))
    first = next(place for place, one in enumerate(times.bins) if one.number == highest)
    marks.append(Mark((first + 0.5) * slot, _FLOOR - (_FLOOR - _TOP) - 4, str(highest)))
    every = -(-len(times.bins) // 4)
    for place in range(0, len(times.bins), every):
        words = in_short(times.bins[place].begins)
        marks.append(Mark(place * slot if place else 0, HISTOGRAM[1] - 4, words, "middle" if place else "start"))
    last = times.bins[-1]
    if every == 1 and last.ends is not None:  # a few bars: without it nobody could tell how wide they are
        marks.append(Mark(len(times.bins) * slot, HISTOGRAM[1] - 4, in_short(last.ends)))
    return Histogram(tuple(bars), tuple(marks), tuple((_between(one), one.number) for one in times.bins))


def _between(one: Bin) -> str:
    if one.ends is None:
        return f"{in_short(one.begins)} or more"
    return f"{in_short(one.begins)} to {in_short(one.ends)}"


def in_short(seconds: int) -> str:
    """``45 s``, ``1.5 min``, ``10 min``, ``2 h``; zero has no unit."""
    if seconds == 0:
        return "0"
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds / 60:g} min"
    return f"{seconds / 3600:.3g} h"


STRIPE = (300, 14)


def ways_of(told: TaskTold) -> tuple[Bar, ...]:
    """One stripe for the whole class, in as many pieces as there are ways; what is left has not done it."""
    return tuple(_pieces([(way.css, way.words, number) for way, number in told.ways.items()], told.of))


def first_tries_of(told: TaskTold) -> tuple[Bar, ...]:
    """Of those whose own work was looked at first."""
    return tuple(_pieces([(Way.ALONE.css, "Passed at the first try", told.first_try)], told.looked))


def _pieces(parts: list[tuple[str, str, int]], of: int) -> Iterator[Bar]:
    x = 0.0
    for kind, words, number in parts:
        width = STRIPE[0] * number / of if of else 0
        if number:
            yield Bar(x, 0, width, STRIPE[1], f"{words}: {number}", kind)
        x += width


def stumbles_drawn(stumbles: tuple[Stumble, ...]) -> tuple[tuple[Stumble, Bar], ...]:
    """Each with a bar as long as it stopped students, against the one that stopped most."""
    most = max((one.students for one in stumbles), default=1)
    return tuple((one, Bar(0, 0, 100 * one.students / most, 10, str(one.students))) for one in stumbles)


CURVE = (100, 100)
_MARKS = 5
"""Words below a curve, at most: they are in a line of their own, as wide as the curve."""


@dataclass(frozen=True, slots=True)
class CurveDrawn:
    """``line`` and ``area`` are paths. ``times`` and ``due`` are in percent of the width; ``due`` is None where the due
    time is not in the picture."""

    line: str
    area: str
    times: tuple[Mark, ...]
    due: float | None
    rows: tuple[tuple[str, int], ...]


def curve_drawn(curve: Curve) -> CurveDrawn:
    """Up to everybody: how high it ends is how many are complete."""
    width, height = CURVE
    places = [(width * point.share, height * (1 - point.number / curve.of)) for point in curve.points]
    line = "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in places)
    every = -(-len(curve.points) // _MARKS)
    shown = curve.points[::every]
    whole_days = all(point.at.hour == point.at.minute == 0 for point in shown)
    return CurveDrawn(
        line=line,
        area=f"{line} V{height} H0 Z",
        times=tuple(Mark(100 * one.share, 0, _when(curve, one, whole_days), _anchor(one)) for one in shown),
        due=100 * curve.due if curve.due is not None else None,
        rows=tuple((_whole(curve, point.at), point.number) for point in curve.points),
    )


def _anchor(point: Point) -> str:
    """Words at either end stay inside."""
    if point.share < 0.05:
        return "start"
    return "end" if point.share > 0.95 else "middle"


def _when(curve: Curve, point: Point, whole_days: bool) -> str:
    at = point.at
    if whole_days:
        return f"{at.day} {at:%b}"
    if curve.points[-1].at.date() == curve.points[0].at.date():
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b, %H:%M}"


def _whole(curve: Curve, at: datetime) -> str:
    return f"{at.day} {at:%B %Y}" if curve.whole_days else f"{at.day} {at:%B %Y, %H:%M}"
