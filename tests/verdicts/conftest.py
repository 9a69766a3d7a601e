from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.verdicts.run import AT_ONCE, Theatre

if TYPE_CHECKING:
    from tests.practice_process import Practice


@pytest.fixture(scope="session")
def theatre(practice: Practice) -> Iterator[Theatre]:
    with (
        ThreadPoolExecutor(16) as pool,
        practice.conduct("timings", **dict.fromkeys(AT_ONCE, 0)),
    ):
        yield Theatre(practice, pool)
