"""A script that clicks without end keeps no worker from the others."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.accounts.limits import STARTS
from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.models import Attempt
from tests.portal import walks
from tests.portal.addresses import carry_out, check
from tests.portal.browsing import Browser, text

pytestmark = pytest.mark.thorough


def end_all() -> None:
    for attempt in Attempt.objects.all():
        services.cancel(attempt)


def test_only_so_many_starts_a_minute_in_one_walk(browser: Browser, session: LabSession) -> None:
    for number in range(STARTS.times + 5):
        browser.post(check(session) if number % 2 else carry_out(session))
        end_all()
    assert Attempt.objects.count() == STARTS.times
    assert "very often" in text(browser.post(check(session), follow=True))
    waiting = walks.attempt(session, state=Attempt.State.WAITING)
    browser.post(reverse("runs:check_now", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.due_at is None, "nor is it looked at now"


def test_others_and_cancelling_are_not_bounded_by_it(browser: Browser, session: LabSession) -> None:
    for _ in range(STARTS.times + 1):
        browser.post(check(session))
    eve = walks.person("eve")
    hers = walks.ready_session(eve)
    Browser(eve).post(check(hers))
    assert hers.attempts.count() == 1
    browser.post(reverse("runs:cancel", args=[session.attempts.get().pk]))
    assert session.attempts.get().state == Attempt.State.CANCELLED
