"""Sign-ins that have run out are removed by the sweeper, a few at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labportal.accounts import old_sessions
from labportal.accounts.models import User
from labportal.accounts.old_sessions import AT_ONCE, OldSessions, run_out
from tests.launcher.waiting import until
from tests.portal.browsing import Browser
from tests.processes import start_sweeper

pytestmark = pytest.mark.django_db


def some(number: int, days: float) -> None:
    """So many sign-ins that run out in so many days."""
    until = timezone.now() + timedelta(days=days)
    begin = Session.objects.count()
    Session.objects.bulk_create(
        Session(session_key=f"key-{begin + place}", session_data="", expire_date=until) for place in range(number)
    )


def test_what_has_run_out_goes_and_nobody_is_signed_out(ada: User, browser: Browser) -> None:
    some(3, days=-1)
    assert OldSessions().turn() == 3
    assert not run_out().exists()
    assert browser.get("/accounts/").status_code == 200


def test_however_many_there_are_few_go_in_one_transaction() -> None:
    some(2 * AT_ONCE + 1, days=-1)
    old = OldSessions()
    with CaptureQueriesContext(connection) as asked:
        assert old.turn() == AT_ONCE
    (delete,) = [one["sql"] for one in asked if one["sql"].startswith("DELETE")]
    assert "expire_date" in delete, "who has signed in again meanwhile stays"
    assert [old.turn(), old.turn()] == [AT_ONCE, 1]


def test_it_is_not_looked_for_at_every_turn(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = 1000.0
    monkeypatch.setattr(old_sessions, "monotonic", lambda: now)
    old = OldSessions()
    assert old.turn() == 0
    some(1, days=-1)
    now += old_sessions.EVERY - 1
    with django_assert_num_queries(0):
        assert old.turn() == 0
    now += 1
    assert old.turn() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes by how many rows there are")
def test_they_are_found_by_the_index() -> None:
    assert "USING INDEX django_session_expire_date" in run_out().order_by("expire_date").explain()


def test_the_sweeper_does_it(portal_env: dict[str, str]) -> None:
    some(AT_ONCE + 1, days=-1)
    some(1, days=1)
    child = start_sweeper(portal_env)
    try:
        until(lambda: Session.objects.count() == 1, "what has run out is gone")
    finally:
        child.stop()
    assert not run_out().exists()
