"""The event stream, from a real web process over a real Redis."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import redis

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.nudges import channel
from labportal.runs import services
from labportal.runs import stream as runs_stream
from labportal.runs.hub import Listener
from labportal.runs.models import Attempt, AttemptEvent
from labportal.runs.outbox import Line, nudge, tell
from labportal.runs.stream import Message, _Told, token_for
from steps.kit.course import Mode
from steps.registry import LABS
from tests.runs.live import stream


@pytest.fixture
def live_session(portal_env: dict[str, str], empty_redis: None) -> LabSession:
    user = User.objects.create_user("grace")
    connection = Connection.objects.create(user=user, cloud="practice", state="ready")
    return LabSession.objects.create(user=user, lab_id=next(iter(LABS)), connection=connection)


@pytest.fixture
def attempt(live_session: LabSession) -> Attempt:
    return services.start(live_session, "create-vault", Mode.VALIDATE, {}).attempt


def say(attempt: Attempt, text: str) -> AttemptEvent:
    tell(attempt, Line(AttemptEvent.Kind.STARTED, text))
    return AttemptEvent.objects.latest("pk")


def test_a_page_hears_what_came_before_and_what_comes_after(
    web: str, live_session: LabSession, attempt: Attempt
) -> None:
    with stream(web, live_session) as page:
        assert page.next()[2]["seq"] == AttemptEvent.objects.get().pk
        event = say(attempt, "now")
        kind, event_id, data = page.next()
    assert (kind, event_id) == ("attempt", str(event.pk))
    assert data == {"attempt": attempt.pk, "seq": event.pk, "task": "create-vault", "state": "queued"}


def test_no_words_travel_in_the_stream(web: str, live_session: LabSession, attempt: Attempt) -> None:
    say(attempt, "the words stay in the database")
    with stream(web, live_session) as page:
        heard = [page.next()[2]]
        say(attempt, "and so do these words")
        heard.append(page.next()[2])
    assert "words" not in str(heard)


def test_a_page_that_comes_back_hears_once_of_what_it_missed(
    web: str, live_session: LabSession, attempt: Attempt
) -> None:
    seen = AttemptEvent.objects.get().pk
    newest = [say(attempt, f"{number}").pk for number in range(3)][-1]
    other = services.start(live_session, "create-secret", Mode.VALIDATE, {}).attempt
    others = AttemptEvent.objects.get(attempt=other).pk
    with stream(web, live_session, after=0, last_event_id=seen) as page:
        heard = [page.next()[2]["seq"] for _ in range(2)]
        say(attempt, "last")
        heard.append(page.next()[2]["seq"])
    assert heard == [newest, others, AttemptEvent.objects.latest("pk").pk]


def test_no_look_at_the_database_tells_again_what_was_told() -> None:
    """A sitting stores several rows and nudges once: else each look told of the others, and every page fetched its
    panel once more for each."""
    told = _Told()
    assert told.is_news({"attempt": 1, "seq": 7})
    assert not any(told.is_news({"attempt": 1, "seq": seq}) for seq in (5, 6, 7))
    assert told.is_news({"attempt": 2, "seq": 6})
    assert told.is_news({"attempt": 1, "seq": 8})
    assert told.is_news({"support": 3})


def test_a_nudge_that_was_lost_among_others_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look begins where the one before it ended, whatever was told meanwhile."""
    rows: list[Message] = [nudge(4, 1, "create-vault", "queued")]

    async def look(session_id: int, after: int) -> list[Message]:
        return [row for row in rows if row["seq"] >= after]

    monkeypatch.setattr(runs_stream, "_look", look)
    listener = Listener()

    async def follow() -> list[int]:
        messages = runs_stream._messages(listener, 1, 0)
        heard = [await anext(messages), await anext(messages)][1:]
        rows.extend((nudge(5, 1, "create-vault", "finished"), nudge(6, 2, "create-secret", "queued")))
        listener.put(rows[-1])
        heard.append(await anext(messages))
        listener.look_again()  # as when its time has come
        heard.append(await anext(messages))
        return [int(one.id or 0) for one in heard]

    assert asyncio.run(asyncio.wait_for(follow(), 5)) == [4, 6, 5]


def test_nobody_hears_another_session(web: str, live_session: LabSession, attempt: Attempt) -> None:
    other_user = User.objects.create_user("eve")
    connection = Connection.objects.create(user=other_user, cloud="practice", state="ready")
    other = LabSession.objects.create(user=other_user, lab_id=next(iter(LABS)), connection=connection)
    theirs = services.start(other, "create-vault", Mode.VALIDATE, {}).attempt
    with stream(web, live_session) as page:
        page.next()
        say(theirs, "not for you")
        mine = say(attempt, "for you")
        assert page.next()[2]["seq"] == mine.pk


def test_what_is_no_nudge_silences_nobody(web: str, live_session: LabSession, attempt: Attempt, redis_url: str) -> None:
    with stream(web, live_session) as page, redis.Redis.from_url(redis_url) as client:
        page.next()
        for nonsense in (b"{", b"\xff", b"[1]"):
            assert client.publish(channel(live_session.pk), nonsense) == 1
        event = say(attempt, "still heard")
        assert page.next()[2]["seq"] == event.pk


@pytest.mark.parametrize("token", ["", "nonsense", "1.1:abc:def"])
def test_a_stream_without_a_key_is_refused(web: str, live_session: LabSession, token: str) -> None:
    address = f"{web}/events/sessions/{live_session.pk}/"
    assert httpx.get(address, params={"token": token}, trust_env=False).status_code == 401


def test_a_key_opens_its_own_session_only(web: str, live_session: LabSession) -> None:
    address = f"{web}/events/sessions/{live_session.pk + 1}/"
    token = token_for(live_session.user, live_session)
    assert httpx.get(address, params={"token": token}, trust_env=False).status_code == 401
