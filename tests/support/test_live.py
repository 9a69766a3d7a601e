"""The open queue of hands hears of them: the real follower tells, through the stream of a real web process."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from labportal.board.looking import Kind
from labportal.board.stream import address_of, moment_now
from labportal.classes.models import Membership
from labportal.support import hands
from labportal.support.models import Hand
from tests.board.listening import Events, listening
from tests.classes.school import Role, a_class, member, student
from tests.portal.browsing import Browser, text
from tests.portal.walks import TASK

if TYPE_CHECKING:
    from launcher.child import Child

PROMISED = 2.0
"""Seconds from the fact until the page shows it."""


@pytest.fixture
def tina(portal_env: dict[str, str], empty_redis: None, follower: Child) -> Membership:
    return member(a_class(), "tina", Role.INSTRUCTOR)


@pytest.fixture
def heard(web: str, tina: Membership) -> Iterator[Events]:
    """By a page of hers that is open."""
    with listening(web, address_of(tina.user, tina.lab_class, Kind.HANDS, moment_now())) as events:
        assert events.next() == ("look", "again")  # the feed has just begun
        yield events


def shows(heard: Events, tina: Membership, words: str) -> float:
    """Seconds until a page that asks only when it is told to shows ``words``."""
    began = monotonic()
    while True:
        heard.until("look")
        if words in text(Browser(tina.user).htmx_get(reverse("support:hands", args=[tina.lab_class_id]))):
            return monotonic() - began


def test_a_hand_is_seen_going_up_being_taken_and_going_down(heard: Events, tina: Membership) -> None:
    _, walk = student(tina.lab_class, "ada")
    hands.raise_hand(walk, TASK.id, "Where do I begin?")
    assert shows(heard, tina, "“Where do I begin?”") < PROMISED
    hand = Hand.objects.get()
    assert hands.take(hand, tina.user, "Tina")
    assert shows(heard, tina, "Tina went there") < PROMISED
    assert hands.give_back(hand)
    assert shows(heard, tina, "I go there") < PROMISED
    assert hands.lower(hand, None)
    assert shows(heard, tina, "Nobody waits for help") < PROMISED
