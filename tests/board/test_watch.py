"""What a feed finds changed: read once, drawn once, and nothing drawn that looks as before."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from labportal.accounts.models import User
from labportal.board.feed import Feed, Wanted
from labportal.board.looking import Kind, News, Watch, still_teach
from labportal.board.need import Need
from labportal.board.open_page import BACKLOG, LOOK, OpenPage, Printed
from labportal.classes.models import LabClass, Membership
from labportal.runs.hub import Hub
from labportal.standings.models import Standing
from tests.board.staged import STOPPED, ago, placed
from tests.classes.school import Role, member

BOARD = (Kind.BOARD,)


def changed(one: Membership, **fields: object) -> None:
    Standing.objects.filter(memberships=one).update(**fields)


@pytest.fixture
def ada(monday: LabClass) -> Membership:
    return placed(monday, "ada", last_at=timezone.now())


@pytest.fixture
def ben(monday: LabClass) -> Membership:
    return placed(monday, "ben", last_at=timezone.now())


@pytest.fixture
def watch(monday: LabClass, ada: Membership, ben: Membership) -> Watch:
    watch = Watch(monday.pk)
    watch.begin()
    watch.look(None, BOARD)
    return watch


def test_who_is_named_is_drawn_as_they_are_now(watch: Watch, ada: Membership) -> None:
    changed(ada, **STOPPED | {"failures": 3})
    news = watch.look([ada.pk], BOARD)
    assert set(news.rows) == {ada.pk}
    assert "The 3rd time in a row" in news.rows[ada.pk]
    assert f'data-need="{Need.FAILING.value}"' in news.rows[ada.pk]
    assert "\n" not in news.rows[ada.pk]
    assert news.moved == {ada.pk}


def test_what_looks_as_before_is_not_sent_again(watch: Watch, ada: Membership) -> None:
    changed(ada, **STOPPED)
    assert watch.look([ada.pk], BOARD)
    assert not watch.look([ada.pk], BOARD)


def test_the_strip_goes_along_when_it_has_changed(watch: Watch, ada: Membership) -> None:
    changed(ada, hand_at=timezone.now())
    assert "<strong>1</strong><span>needs help</span>" in watch.look([ada.pk], BOARD).parts[Kind.BOARD]


def test_who_is_back_is_sent_again_although_they_look_as_before(watch: Watch, ada: Membership) -> None:
    """Pages have marked the row as gone."""
    assert watch.look([ada.pk], BOARD).rows
    for role, sent in ((Role.OBSERVER, set()), (Role.STUDENT, {ada.pk})):
        Membership.objects.filter(pk=ada.pk).update(role=role)
        assert set(watch.look(None, BOARD).rows) == sent


def test_everybody_is_compared_when_nobody_is_named(watch: Watch, ada: Membership, ben: Membership) -> None:
    changed(ben, **STOPPED)
    assert set(watch.look(None, BOARD).rows) == {ben.pk}


def test_what_only_time_has_changed_is_found(watch: Watch, monday: LabClass, ada: Membership) -> None:
    monday.stuck_idle_minutes = 2
    monday.save()
    changed(ada, last_at=ago(3))
    news = watch.look(None, BOARD)
    assert set(news.rows) == news.moved == {ada.pk}
    assert "No sign of life" in news.rows[ada.pk]


def test_who_is_new_has_moved_and_who_has_left_is_gone(watch: Watch, monday: LabClass, ada: Membership) -> None:
    key = ada.pk
    ada.delete()
    cho = placed(monday, "cho")
    news = watch.look(None, BOARD)
    assert news.gone == {key}
    assert set(news.rows) == news.moved == {cho.pk}


def test_a_wall_is_sent_no_rows(watch: Watch, ada: Membership) -> None:
    changed(ada, hand_at=timezone.now())
    news = watch.look([ada.pk], (Kind.WALL,))
    assert (dict(news.rows), set(news.parts)) == ({}, {Kind.WALL})
    assert "Ada" not in news.parts[Kind.WALL]


def test_the_queue_of_hands_is_stirred_by_whose_hand_is_or_was_up(
    watch: Watch, ada: Membership, ben: Membership
) -> None:
    changed(ada, hand_at=timezone.now())
    assert watch.look([ada.pk], ()).stirred == {Kind.HANDS}
    changed(ben, tries=7)
    assert not watch.look([ben.pk], ()).stirred
    changed(ada, tries=7)  # what the queue says of how they stand
    assert watch.look([ada.pk], ()).stirred == {Kind.HANDS}
    changed(ada, hand_at=None)
    assert watch.look([ada.pk], ()).stirred == {Kind.HANDS}
    assert not watch.look([ada.pk], ()).stirred


def test_whose_hand_is_up_and_who_leaves_stirs_the_queue(watch: Watch, ada: Membership) -> None:
    changed(ada, hand_at=timezone.now())
    watch.look([ada.pk], ())
    key = ada.pk
    ada.delete()
    assert watch.look([key], ()).stirred == {Kind.HANDS}


def test_a_look_at_everybody_makes_up_for_what_was_not_heard(watch: Watch) -> None:
    assert watch.look(None, ()).stirred == {Kind.HANDS, Kind.ROUNDS}


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        ([{"members": [1, 2]}, {"members": [2, 3]}], Wanted(frozenset({1, 2, 3}))),
        ([{"members": [], "rounds": True}], Wanted(rounds=True)),
        ([{"members": [1]}, {"members": [], "rounds": True}], Wanted(frozenset({1}), rounds=True)),
        ([{"members": [1]}, {"members": None}, {"members": [2]}], Wanted(None)),
        ([{"members": [], "rounds": True}, None], Wanted(None, rounds=True)),
    ],
)
def test_nudges_that_come_close_together_are_one(messages: list[dict[str, object] | None], wanted: Wanted) -> None:
    heard = Wanted()
    for message in messages:
        heard = heard.and_what(message)
    assert heard == wanted


def test_two_hundred_cost_as_many_queries_as_one(watch: Watch, monday: LabClass, ada: Membership) -> None:
    def asked(keys: list[int]) -> int:
        Standing.objects.update(tries=Standing.objects.filter(memberships=ada).get().tries + 1)
        with CaptureQueriesContext(connection) as queries:
            assert len(watch.look(keys, BOARD).rows) == len(keys)
        return len(queries)

    many = [placed(monday, f"s{number}", last_at=timezone.now()).pk for number in range(30)]
    assert asked([ada.pk]) == asked(many) <= 6


def test_only_who_teaches_stays(monday: LabClass, ada: Membership) -> None:
    otto = member(monday, "otto", Role.OBSERVER)
    stranger = member(LabClass.objects.create(lab_id=monday.lab_id, name="Other"), "eve", Role.INSTRUCTOR)
    shut_out = member(monday, "ivo", Role.INSTRUCTOR)
    User.objects.filter(pk=shut_out.user_id).update(is_active=False)  # may not sign in any more
    asked = [one.user_id for one in (otto, ada, stranger, shut_out)]
    assert still_teach(monday.pk, asked) == {otto.user_id}


def test_a_class_that_is_gone_is_said_to_be(watch: Watch, monday: LabClass) -> None:
    monday.delete()
    with pytest.raises(LabClass.DoesNotExist):
        watch.look(None, BOARD)


PRINTED = Printed(
    7, News(rows={1: "<tr one>", 2: "<tr two>"}, moved=frozenset({1}), parts={Kind.BOARD: "<p>strip</p>"})
)


def test_a_page_is_sent_its_own_rows() -> None:
    of_one, of_all = PRINTED.for_page(Kind.BOARD, frozenset({1, 9})), PRINTED.for_page(Kind.BOARD, None)
    assert b"<tr one>" in of_one
    assert b"<tr two>" not in of_one
    assert b"<tr two>" in of_all
    assert b"event: moved\r\ndata: 1\r\n" in of_one
    assert of_one.endswith(b"id: 7\r\nevent: mark\r\ndata: \r\n\r\n")


def test_another_kind_of_page_is_sent_nothing_of_it() -> None:
    assert PRINTED.for_page(Kind.WALL, None) == b""


def test_a_page_that_is_told_to_look_is_sent_nothing_else() -> None:
    stirred = Printed(8, News(rows={1: "<tr one>"}, stirred=frozenset({Kind.HANDS})))
    assert stirred.for_page(Kind.HANDS, None).startswith(LOOK)
    assert b"<tr one>" not in stirred.for_page(Kind.HANDS, None)
    assert stirred.for_page(Kind.ROUNDS, None) == b""


@pytest.mark.parametrize(("after", "told"), [(2, ["again"]), (3, ["3", "4"]), (5, [])])
async def test_who_was_away_for_longer_than_is_remembered_looks_again(
    monkeypatch: pytest.MonkeyPatch, after: int, told: list[str]
) -> None:
    for name, value in (("KEPT", 2), ("MARGIN_MS", 0), ("_now", lambda: 1)):
        monkeypatch.setattr(f"labportal.board.feed.{name}", value)
    page = OpenPage(1, Kind.WALL, None)
    with ThreadPoolExecutor(1) as threads:
        feed = Feed(1, Hub("redis://nowhere"), threads)
        with feed.open(OpenPage(1, Kind.WALL, None), after=1):
            for at in (2, 3, 4):
                feed._tell(Printed(at, News(parts={Kind.WALL: str(at)})))
        with feed.open(page, after):
            page.put(Printed(9, News(parts={Kind.WALL: "the end"})))
    heard: list[str] = []
    async for message in page.messages():
        heard += re.findall(r"data: (.+?)\r", message.decode())
        if heard[-1] == "the end":
            break
    assert heard[:-1] == told


async def test_what_was_drawn_for_nobody_is_not_taken_for_what_has_not_happened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kind of page that nobody has had open for a while is not drawn: one that comes back has to look."""
    monkeypatch.setattr("labportal.board.feed._now", lambda: 5_000)
    with ThreadPoolExecutor(1) as threads:
        feed = Feed(1, Hub("redis://nowhere"), threads)
        with feed.open(OpenPage(1, Kind.WALL, None), after=5_000):
            pass
        assert feed._kinds() == {Kind.WALL}
        monkeypatch.setattr("labportal.board.feed.LINGER", 0.0)
        assert feed._kinds() == set()
        monkeypatch.setattr("labportal.board.feed._now", lambda: 90_000)
        page = OpenPage(1, Kind.WALL, None)
        with feed.open(page, after=60_000):
            page.put(Printed(9, News(parts={Kind.WALL: "the end"})))
    assert await anext(page.messages()) == LOOK


async def test_a_page_that_does_not_keep_up_is_told_to_look() -> None:
    page = OpenPage(1, Kind.BOARD, None)
    for _ in range(BACKLOG + 1):
        page.put(PRINTED)
    page.end()
    assert [message async for message in page.messages()] == []
    for _ in range(BACKLOG + 1):
        page.put(PRINTED)
    assert await anext(page.messages()) == LOOK
