"""Open pages about rounds hear of what happens: the real follower conducts, the stream of a real web process tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from labportal.board.looking import Kind
from labportal.board.stream import address_of, moment_now
from labportal.classes.models import Membership
from labportal.rounds import services
from labportal.rounds.models import Round
from tests.board.listening import Events, listening
from tests.classes.school import Role, a_class, member, student
from tests.portal.browsing import Browser, text
from tests.portal.walks import TASK
from tests.rounds.going import end

if TYPE_CHECKING:
    from launcher.child import Child

PROMISED = 2.0
"""Seconds from the fact until the page shows it."""


@pytest.fixture
def tina(portal_env: dict[str, str], empty_redis: None, follower: Child) -> Membership:
    """She teaches Ada and Ben, who have begun."""
    lab_class = a_class()
    for name in ("ada", "ben"):
        student(lab_class, name)
    return member(lab_class, "tina", Role.INSTRUCTOR)


@pytest.fixture
def heard(web: str, tina: Membership) -> Iterator[Events]:
    """By a page of hers that is open."""
    with listening(web, address_of(tina.user, tina.lab_class, Kind.ROUNDS, moment_now())) as events:
        assert events.next() == ("look", "again")  # the feed has just begun
        yield events


def shows(heard: Events, tina: Membership, words: str, the_round: Round | None = None) -> float:
    """Seconds until a page that asks only when it is told to shows ``words``."""
    began, here = monotonic(), {"class_id": tina.lab_class_id}
    where = {**here, "round_id": the_round.pk} if the_round else here
    address = reverse("rounds:round" if the_round else "rounds:rounds", kwargs=where)
    while True:
        heard.until("look")
        if words in text(Browser(tina.user).htmx_get(address)):
            return monotonic() - began


def test_a_round_is_followed_from_its_beginning_to_its_end(heard: Events, tina: Membership) -> None:
    the_round, _ = services.begin_now(tina.user, tina.lab_class, TASK.id)
    assert shows(heard, tina, "2 under way", the_round) < PROMISED
    end("not_yet", "vault_missing", session__user__username="ada")
    assert shows(heard, tina, "1 of 2 through", the_round) < PROMISED
    end()
    assert shows(heard, tina, "All 2 Not yet 1 Passed 1", the_round) < PROMISED
    the_round.refresh_from_db()
    assert the_round.state == Round.State.ENDED


def test_the_list_of_rounds_hears_of_one_that_is_planned_begins_by_itself_and_is_called_off(
    heard: Events, tina: Membership
) -> None:
    the_round = services.plan(tina.user, tina.lab_class, TASK.id, timezone.now())
    assert shows(heard, tina, "2 under way") < PROMISED
    assert services.call_off(the_round, tina.user)
    assert shows(heard, tina, "called off by tina") < PROMISED


def test_what_is_planned_for_later_is_heard_of_although_nothing_goes_on(heard: Events, tina: Membership) -> None:
    """The follower, which tells of all else, leaves it alone until its time has come."""
    the_round = services.plan(tina.user, tina.lab_class, TASK.id, timezone.now() + timedelta(days=1))
    assert shows(heard, tina, "planned by tina") < PROMISED
    assert services.call_off(the_round, tina.user)
    assert shows(heard, tina, "called off by tina") < PROMISED
