"""The stream of a class, from a real web process over a real Redis: what has changed arrives drawn."""

from __future__ import annotations

from time import monotonic

import httpx
import pytest
from django.utils import timezone

from labportal.board.feed import MARGIN_MS
from labportal.board.looking import Kind
from labportal.board.stream import address_of, moment_now
from labportal.classes.models import LabClass, Membership
from labportal.classes.people import change_role
from labportal.nudges import publish_to_class
from labportal.standings.models import Standing
from tests.board.listening import Events, listening
from tests.board.staged import STOPPED, placed
from tests.classes.school import Role, a_class, member


@pytest.fixture
def live_class(portal_env: dict[str, str], empty_redis: None) -> LabClass:
    return a_class()


@pytest.fixture
def tina(live_class: LabClass) -> Membership:
    return member(live_class, "tina", Role.INSTRUCTOR)


@pytest.fixture
def ada(live_class: LabClass) -> Membership:
    return placed(live_class, "ada", last_at=timezone.now())


def address(who: Membership, kind: Kind = Kind.BOARD, *, later_ms: int = 0) -> str:
    return address_of(who.user, who.lab_class, kind, moment_now() + later_ms)


def begun(page: Events, one: Membership) -> None:
    """Until the feed knows how things are: only then can it tell what has moved."""
    assert page.next() == ("look", "again")  # it has just begun, and knows nothing of before
    publish_to_class(one.lab_class_id, {"members": [one.pk]})
    page.until("mark")


def stop(one: Membership) -> None:
    """As the follower does: the standing, then the nudge."""
    Standing.objects.filter(memberships=one).update(**STOPPED | {"failures": 3})
    publish_to_class(one.lab_class_id, {"members": [one.pk]})


def test_a_row_arrives_as_it_is_now(web: str, tina: Membership, ada: Membership) -> None:
    with listening(web, address(tina)) as page:
        begun(page, ada)
        stop(ada)
        assert "The 3rd time in a row" in page.until("row")
        assert page.until("moved") == str(ada.pk)


def test_a_page_that_opens_late_is_told_what_it_has_missed(web: str, tina: Membership, ada: Membership) -> None:
    with listening(web, address(tina)) as page:
        begun(page, ada)
        late = address(tina, later_ms=MARGIN_MS)  # as if the feed had been there for a while
        stop(ada)
        page.until("row")
        with listening(web, late) as other:
            assert "The 3rd time in a row" in other.until("row")


def test_everybody_is_looked_at_when_there_are_too_many_to_name(web: str, tina: Membership, ada: Membership) -> None:
    with listening(web, address(tina)) as page:
        begun(page, ada)
        Standing.objects.filter(memberships=ada).update(**STOPPED | {"failures": 3})
        publish_to_class(ada.lab_class_id, {"members": None})
        assert "The 3rd time in a row" in page.until("row")


def test_a_wall_is_sent_no_names(web: str, tina: Membership, ada: Membership) -> None:
    with listening(web, address(tina, Kind.WALL)) as page:
        begun(page, ada)
        stop(ada)
        event, drawn = page.next()
    assert event == "now"
    assert "needs help" in drawn
    assert "Ada" not in drawn


def test_the_queue_of_hands_is_to_be_asked_for_when_one_goes_up_or_down(
    web: str, tina: Membership, ada: Membership
) -> None:
    with listening(web, address(tina, Kind.HANDS)) as page:
        assert page.next() == ("look", "again")  # the feed has just begun
        for hand_at in (timezone.now(), timezone.now(), None):  # raised, taken, lowered
            Standing.objects.filter(memberships=ada).update(hand_at=hand_at)
            publish_to_class(ada.lab_class_id, {"members": [ada.pk]})
            assert page.until("look") == "again"
            page.until("mark")


def test_what_has_to_do_with_no_hand_and_no_round_is_told_to_no_such_page(
    web: str, tina: Membership, ada: Membership
) -> None:
    with (
        listening(web, address(tina)) as board,
        listening(web, address(tina, Kind.HANDS)) as hands,
        listening(web, address(tina, Kind.ROUNDS)) as rounds,
    ):
        begun(board, ada)
        assert hands.next() == rounds.next() == ("look", "again")  # the feed has just begun
        stop(ada)
        board.until("row")
        publish_to_class(ada.lab_class_id, {"members": [], "rounds": True})
        assert rounds.next() == ("look", "again")
        publish_to_class(ada.lab_class_id, {"members": None})  # everybody: then these are told as well
        rounds.until("mark")
        rounds.until("mark")
        hands.until("mark")
        assert hands.id == rounds.id  # the first that it was told of is the last


@pytest.mark.parametrize("token", ["", "nonsense", "1.1.board:abc:def"])
def test_a_stream_without_a_key_is_refused(web: str, live_class: LabClass, token: str) -> None:
    asked = httpx.get(f"{web}/events/classes/{live_class.pk}/", params={"token": token}, trust_env=False)
    assert asked.status_code == 401


def test_a_key_opens_its_own_class_only(web: str, tina: Membership) -> None:
    other = address(tina).replace(f"/classes/{tina.lab_class_id}/", f"/classes/{tina.lab_class_id + 1}/")
    assert httpx.get(web + other, trust_env=False).status_code == 401


def test_who_teaches_no_more_is_refused_although_the_key_is_good(web: str, tina: Membership) -> None:
    key = address(tina)
    tina.role = Role.STUDENT
    tina.save()
    assert httpx.get(web + key, trust_env=False).status_code == 403


def test_who_is_made_a_student_hears_at_once_no_more(web: str, tina: Membership) -> None:
    """Not half a minute later, when everybody is looked at again."""
    ivo = member(tina.lab_class, "ivo", Role.INSTRUCTOR)
    with listening(web, address(tina)) as page:
        begun(page, placed(tina.lab_class, "ada", last_at=timezone.now()))
        began = monotonic()
        assert change_role(ivo.user, tina, Role.STUDENT)
        with pytest.raises(EOFError):
            page.until("nothing more")
        assert monotonic() - began < 5
