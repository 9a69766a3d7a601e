"""A student's clients, and a cloud whose long operations are short."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.practice.services.clients import Azure
from tests.practice_process import Json, Practice

QUICK = {
    "provider_registration": 0,
    "vault_create": 0.05,
    "vault_purge": 0.05,
    "run_command": 0.05,
    "vm_power": 0.05,
    "network_change": 0.05,
}


@pytest.fixture(autouse=True)
def quick(cloud_process: Practice) -> Iterator[None]:
    with cloud_process.conduct("timings", **QUICK):
        yield


@pytest.fixture
def azure(cloud_process: Practice, student: Json) -> Azure:
    return Azure(cloud_process, student)


@pytest.fixture
def other(cloud_process: Practice) -> Azure:
    """Another student, of another tenant."""
    return Azure(cloud_process, cloud_process.student())
