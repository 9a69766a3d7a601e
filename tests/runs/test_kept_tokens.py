"""A good credential is never called refused because of a token that a worker had kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from tests.runs.live import Stream, stream
from tests.runs.practising import check, practising

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

AHEAD = 7200
"""Seconds, past every token that the cloud has given out."""
AS_MANY_AS_REACH_BOTH_WORKERS = 12


def checked(page: Stream, session: LabSession) -> str:
    """The verdict. Fails as soon as the page is told to have the student sign in again."""
    attempt = check(session, "preflight")
    told = page.next()
    while (told[2].get("attempt"), told[2]["state"]) != (attempt.pk, "finished"):
        assert told[2]["state"] != "broken", told
        told = page.next()
    attempt.refresh_from_db()
    return attempt.verdict


def state_of(session: LabSession) -> str:
    return str(Connection.objects.get(pk=session.connection_id).state)


@pytest.mark.usefixtures("sweeper")
def test_two_workers_with_a_token_each(web: str, start_worker: Callable[[], Child], practice: Practice) -> None:
    for _ in range(2):
        start_worker()
    session = practising("ada-two")
    with stream(web, session) as page:
        for _ in range(AS_MANY_AS_REACH_BOTH_WORKERS):
            checked(page, session)
        with practice.conduct("clock", offset_seconds=AHEAD):
            assert checked(page, session) == "passed"
    assert state_of(session) == "ready"


@pytest.mark.usefixtures("sweeper")
def test_one_worker_after_another_trouble(web: str, start_worker: Callable[[], Child], practice: Practice) -> None:
    start_worker()
    session = practising("ada-one")
    with stream(web, session) as page:
        checked(page, session)
        trouble = practice.fault(host="management", status=503, times=30)
        with practice.conduct("clock", offset_seconds=AHEAD), trouble:
            assert checked(page, session) == "passed"
    assert state_of(session) == "ready"
