"""Server-sent events, beside Django's request handler: a stream costs no thread and no database connection.

A stream says only "look again": ids and a state. It subscribes first, then sends the rows after the
page's cursor, then what Redis brings, what it was told before dropped. Every ``PING`` seconds it looks at the
database as well, so that a nudge lost with Redis is late and not missing.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.core import signing
from django.db import Error, close_old_connections
from django.db.models import Max
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from labportal.accounts.models import User
from labportal.labs.models import LabSession
from labportal.nudges import channel
from labportal.runs.hub import Hub, Listener
from labportal.runs.models import AttemptEvent
from labportal.runs.outbox import nudge

log = logging.getLogger(__name__)

TOKEN_AGE = 3600
PING = 15
"""Seconds between a stream's looks at the database, about: streams that opened together do not look together."""
REPLAY = 50
"""The attempts a page that comes back is told of; it fetches the panel anyway, so older ones add nothing."""
MOST_STREAMS = 24
"""Open ones of one session: every tab has one, and what is forgotten open somewhere ends with its tab."""
_signer = signing.TimestampSigner(salt="labportal.runs.stream")
_database = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stream-db")
Message = dict[str, Any]
ABOUT = ("attempt", "support")
"""What a message may be about: the name of its event. Everything else is about the session."""


def token_for(user: User, session: LabSession) -> str:
    """Opens the stream of one session for ``TOKEN_AGE`` seconds. The caller has checked that the user may."""
    return _signer.sign(f"{user.pk}.{session.pk}")


def _may_open(token: str, session_id: int) -> bool:
    try:
        value = _signer.unsign(token, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return False
    return value.rpartition(".")[2] == str(session_id)


def _newest_after(session_id: int, after: int) -> list[Message]:
    """Of each attempt the newest row, from the row *at* the cursor: a page that comes back is always told something,
    and looks."""
    close_old_connections()
    try:
        events = AttemptEvent.objects.filter(attempt__session_id=session_id, pk__gte=after)
        of_attempts = events.values_list("attempt_id", "attempt__task_id", "attempt__state").annotate(newest=Max("pk"))
        rows = of_attempts.order_by("-newest")[:REPLAY]
        return [nudge(newest, attempt, task, state) for attempt, task, state, newest in reversed(rows)]
    finally:
        close_old_connections()


async def _look(session_id: int, after: int) -> list[Message]:
    look = sync_to_async(_newest_after, thread_sensitive=False, executor=_database)
    try:
        return await look(session_id, after)
    except Error as error:
        log.warning("stream %s: the database is away: %s", session_id, error)
        return []


def _event(message: Message) -> ServerSentEvent:
    seq = message.get("seq")
    return ServerSentEvent(
        data=json.dumps(message),
        event=next((one for one in ABOUT if one in message), "session"),
        id=None if seq is None else str(seq),
    )


async def _messages(listener: Listener, session_id: int, after: int) -> AsyncIterator[ServerSentEvent]:
    told, looked = _Told(), after
    yield ServerSentEvent(comment="open")
    while True:
        found = await _look(session_id, looked)
        # From the newest row that a look has found, and not that a nudge was of: one before it may have been lost.
        looked = max([looked, *(message["seq"] for message in found)])
        for message in found:
            if told.is_news(message):
                yield _event(message)
        async for message in listener.until_quiet(PING * random.uniform(0.7, 1.3)):  # noqa: S311  no secret
            if told.is_news(message):
                yield _event(message)


class _Told(dict[int, int]):
    """The newest row that a page has heard of, by attempt: a nudge stands for all rows before it."""

    def is_news(self, message: Message) -> bool:
        """Once. What is about no attempt always is."""
        if "attempt" not in message:
            return True
        attempt, seq = message["attempt"], message["seq"]
        if seq <= self.get(attempt, 0):
            return False
        self[attempt] = seq
        return True


def _cursor(request: Request) -> int:
    raw = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    return int(raw) if raw.isdecimal() and len(raw) < 19 else 0


async def _events(request: Request) -> Response:
    session_id = int(request.path_params["session_id"])
    if not _may_open(request.query_params.get("token", ""), session_id):
        return PlainTextResponse("This stream's key has run out. Reload the page.", status_code=401)
    hub: Hub = request.app.state.hub
    if hub.listening(channel(session_id)) >= MOST_STREAMS:
        return PlainTextResponse("Too many pages of this lab are open. Close some.", status_code=429)

    async def body() -> AsyncIterator[ServerSentEvent]:
        with hub.listen(channel(session_id)) as listener:
            async for event in _messages(listener, session_id, _cursor(request)):
                yield event

    return EventSourceResponse(body(), ping=PING, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})


routes = [Route("/events/sessions/{session_id:int}/", _events)]


def close() -> None:
    """When the process ends."""
    _database.shutdown(wait=False)
