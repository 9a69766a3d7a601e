"""What the practice cloud's tests share: one real process for all of them, and a fresh student for each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice_process import Practice


@pytest.fixture(scope="session")
def cloud_process(practice: Practice) -> Practice:
    """A running practice cloud. Whoever changes its latency, clock, timings or faults puts them back
    (``conduct`` and ``fault`` do)."""
    return practice


@pytest.fixture(scope="session")
def control(cloud_process: Practice) -> Practice:
    """The same, for what it can be told."""
    return cloud_process


@pytest.fixture
def student(cloud_process: Practice) -> dict[str, Any]:
    """A practice student nobody has used before, as ``POST /students`` answers it."""
    return cloud_process.student()
