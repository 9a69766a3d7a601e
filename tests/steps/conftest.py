from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.steps.fake_azure import FakeAzure
from tests.steps.portals_hand import GRANT, SECRET, VAULT, Hand


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as executor:
        yield executor


@pytest.fixture
def azure() -> FakeAzure:
    return FakeAzure()


@pytest.fixture
def hand(azure: FakeAzure, pool: ThreadPoolExecutor) -> Hand:
    """The portal has carried out Tasks 1 to 3."""
    made = Hand(azure, pool)
    made.carry_out(VAULT, SECRET, GRANT)
    azure.calls.clear()
    return made
