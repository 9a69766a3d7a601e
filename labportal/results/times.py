"""How long a task took: a small distribution, from how many there are in each step of fifteen seconds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

STEP = 15
"""Seconds: times are counted in steps of this, so that the database sends a few rows and not everybody's time."""
_WIDTHS = (15, 30, 60, 2 * 60, 5 * 60, 10 * 60, 15 * 60, 30 * 60, 60 * 60, 2 * 60 * 60, 6 * 60 * 60, 24 * 60 * 60)
_MOST_BARS = 12
_SHOWN = 0.95
"""Of all: what the few slowest need is one bar more, so that they do not squeeze the others together."""


@dataclass(frozen=True, slots=True)
class Bin:
    """``number`` took ``begins`` seconds or more, and less than ``ends``; None for whatever is longer."""

    begins: int
    ends: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Times:
    """``half`` and ``most``: seconds within which one of two, and nine of ten, were done."""

    bins: tuple[Bin, ...]
    of: int
    half: int
    most: int


def times_of(steps: Mapping[int, int]) -> Times:
    """``steps``: how many took so many whole steps of ``STEP`` seconds; not empty."""
    of = sum(steps.values())
    width = _width(_within(steps, math.ceil(of * _SHOWN)))
    bars: dict[int, int] = {}
    for step, number in steps.items():
        place = min(step * STEP // width, _MOST_BARS)
        bars[place] = bars.get(place, 0) + number
    bins = tuple(
        Bin(place * width, None if place == _MOST_BARS else (place + 1) * width, bars.get(place, 0))
        for place in range(max(bars) + 1)
    )
    return Times(bins, of, _within(steps, math.ceil(of / 2)), _within(steps, math.ceil(of * 0.9)))


def _within(steps: Mapping[int, int], number: int) -> int:
    """Seconds in which so many were done, the end of their step."""
    left = number
    for step in sorted(steps):
        left -= steps[step]
        if left <= 0:
            return (step + 1) * STEP
    raise ValueError("there are fewer")


def _width(seconds: int) -> int:
    """Of a bar, so that ``seconds`` are within ``_MOST_BARS`` of them."""
    return next((width for width in _WIDTHS if width * _MOST_BARS >= seconds), _WIDTHS[-1])
