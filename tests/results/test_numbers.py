"""Distributions and curves: from what the database counts to where the bars and lines are. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labportal.classes.models import LabClass
from labportal.results.completion import MOST_POINTS, Curve, curve_of
from labportal.results.drawing import HISTOGRAM, curve_drawn, histogram_of, in_short
from labportal.results.pages import percent
from labportal.results.times import STEP, Bin, times_of

BEGINS = datetime(2026, 3, 27, 9, 7, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
steps = st.dictionaries(st.integers(0, 20_000), st.integers(1, 500), min_size=1, max_size=20)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_a_few_times_in_bars() -> None:
    told = times_of({0: 1, 3: 2, 4: 5, 19: 2})
    assert told.bins[0] == Bin(0, 30, 1)
    assert [one.number for one in told.bins] == [1, 2, 5, 0, 0, 0, 0, 0, 0, 2]
    assert (told.of, told.half, told.most) == (10, 75, 300)


def test_the_few_slowest_do_not_squeeze_the_others() -> None:
    told = times_of({4: 50, 8: 49, 4000: 1})
    assert told.bins[-1] == Bin(180, None, 1)
    assert told.most == 9 * STEP


@unhurried
@given(steps)
def test_everybody_is_in_one_bar(counted: dict[int, int]) -> None:
    told = times_of(counted)
    assert sum(one.number for one in told.bins) == told.of == sum(counted.values())
    assert len(told.bins) <= 13
    for one, other in pairwise(told.bins):
        assert one.ends == other.begins
    assert told.half <= told.most
    assert sum(number for step, number in counted.items() if (step + 1) * STEP <= told.most) >= 0.9 * told.of


@unhurried
@given(steps)
def test_bars_stay_in_the_picture_and_nobody_is_unseen(counted: dict[int, int]) -> None:
    told = times_of(counted)
    drawn = histogram_of(told)
    width, height = HISTOGRAM
    for one, bar in zip(told.bins, drawn.bars, strict=True):
        assert 0 <= bar.x < bar.x + bar.width <= width
        assert 0 < bar.y <= bar.y + bar.height <= height
        assert (bar.height > 0) == (one.number > 0)
    assert [number for _, number in drawn.rows] == [one.number for one in told.bins]


def test_a_few_bars_say_where_the_last_of_them_ends() -> None:
    assert [mark.words for mark in histogram_of(times_of({0: 5})).marks] == ["5", "0", "15 s"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0"), (45, "45 s"), (60, "1 min"), (90, "1.5 min"), (3600, "1 h"), (5400, "1.5 h")]
)
def test_times_in_short(seconds: int, words: str) -> None:
    assert in_short(seconds) == words


def curve(until: timedelta, *done: timedelta, zone: str = "UTC", due: timedelta | None = None, of: int = 10) -> Curve:
    lab_class = LabClass(time_zone=zone, due_at=None if due is None else BEGINS + due)
    moments = [BEGINS + one for one in done]
    return curve_of(
        BEGINS, BEGINS + until, lab_class, of, lambda edges: [sum(at <= edge for at in moments) for edge in edges]
    )


@pytest.mark.parametrize(
    "until",
    [timedelta(0), timedelta(seconds=1), 40 * MINUTE, 3 * HOUR, 30 * HOUR, 9 * DAY, 200 * DAY, 4000 * DAY],
    ids=str,
)
def test_a_curve_begins_with_nobody_and_ends_with_all_who_are_complete(until: timedelta) -> None:
    told = curve(until, until, until / 2)
    assert (told.points[0].number, told.points[-1].number) == (0, 2)
    assert (told.points[0].share, told.points[-1].share) == (0, 1)
    assert 2 <= len(told.points) <= MOST_POINTS + 1
    assert told.points[0].at <= BEGINS
    assert told.points[-1].at >= BEGINS + until


def test_points_are_at_full_hours_and_days_of_the_class_s_own_clocks() -> None:
    hours = curve(30 * HOUR, HOUR, zone="Asia/Kolkata")
    assert {point.at.minute for point in hours.points} == {0}
    days = curve(20 * DAY, DAY, zone="Europe/Berlin")
    assert {(point.at.hour, point.at.minute) for point in days.points} <= {(0, 0), (12, 0)}, "also when clocks change"


def test_where_the_due_time_is() -> None:
    assert curve(10 * DAY, DAY, due=5 * DAY).due == pytest.approx(0.5, abs=0.05)
    assert curve(10 * DAY, DAY, due=20 * DAY).due is None
    assert curve(10 * DAY, DAY, due=-DAY).due is None
    assert curve(10 * DAY, DAY).due is None


def test_the_line_rises_from_the_floor_to_the_share_that_is_complete() -> None:
    drawn = curve_drawn(curve(10 * DAY, *[5 * DAY] * 5))
    assert drawn.line.startswith("M0.00 100.00 L")
    assert drawn.line.endswith(" L100.00 50.00")
    assert drawn.area.endswith(" V100 H0 Z")
    assert [number for _, number in drawn.rows][-1] == 5
    assert drawn.rows[0][0] == "27 March 2026, 00:00"


@pytest.mark.parametrize(
    ("number", "of", "told"), [(0, 0, 0), (0, 9, 0), (1, 1000, 1), (999, 1000, 99), (1, 2, 50), (9, 9, 100)]
)
def test_nearly_all_are_not_all_and_nearly_none_not_none(number: int, of: int, told: int) -> None:
    assert percent(number, of) == told
