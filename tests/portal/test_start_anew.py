"""Doing the lab once more, on a fresh practice subscription."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt
from tests.classes.school import a_class, member
from tests.portal import walks
from tests.portal.addresses import lab_page
from tests.portal.browsing import Browser, text

State = Attempt.State


def address(session: LabSession) -> str:
    return reverse("labs:start_anew", args=[session.lab_id])


def press(browser: Browser, session: LabSession) -> str:
    return text(browser.post(address(session), {"walk": str(session.pk)}, follow=True))


def open_walks() -> list[LabSession]:
    return list(LabSession.objects.filter(ended_at=None))


def test_the_overview_leads_there_and_looking_changes_nothing(browser: Browser, session: LabSession) -> None:
    assert f'href="{address(session)}"' in browser.get(lab_page(session)).content.decode()
    assert "you cannot go back" in text(browser.get(address(session)))
    assert open_walks() == [session]


def test_starting_over_leaves_the_old_walk_and_prepares_a_fresh_subscription(
    browser: Browser, session: LabSession
) -> None:
    walks.completed(session)
    assert "is being prepared" in press(browser, session)
    (fresh,) = open_walks()
    assert fresh.pk != session.pk
    assert fresh.connection_id != session.connection_id
    assert fresh.connection.state == Connection.State.PREPARING
    assert fresh.vault_name == ""
    assert Attempt.objects.filter(session=session).exists(), "what was done is kept"
    assert not Attempt.objects.filter(session=fresh).exists()


def test_a_second_click_does_not_end_the_walk_that_the_first_has_begun(browser: Browser, session: LabSession) -> None:
    press(browser, session)
    (fresh,) = open_walks()
    press(browser, session)
    assert open_walks() == [fresh]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.WAITING])
def test_what_is_under_way_is_not_left_behind(browser: Browser, session: LabSession, state: Attempt.State) -> None:
    walks.attempt(session, state=state)
    assert "still under way" in press(browser, session)
    assert open_walks() == [session]


def test_a_real_subscription_is_not_exchanged(browser: Browser, session: LabSession) -> None:
    Connection.objects.update(cloud=Connection.Cloud.AZURE)
    press(browser, session)
    assert open_walks() == [session]
    assert address(session) not in browser.get(lab_page(session)).content.decode()


def test_who_is_in_a_class_is_told_what_it_sees_then(browser: Browser, session: LabSession) -> None:
    assert "teach your class" not in text(browser.get(address(session)))
    member(a_class(), session.user)
    assert "see the new walk instead" in text(browser.get(address(session)))
