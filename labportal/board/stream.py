"""Server-sent events of a class, beside Django: rows and parts of a page, drawn by the class's feed.

Opened with a signed token, as a walk's stream is; whether its bearer still teaches the class is asked besides, because
what travels here is other people's.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection
from functools import partial

from django.core import signing
from django.db import Error
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from labportal.accounts.models import User
from labportal.board.feed import Feeds, in_thread
from labportal.board.looking import Kind, still_teach
from labportal.board.open_page import OpenPage
from labportal.classes.models import LabClass

TOKEN_AGE = 3600
PING = 15
MOST_ROWS = 100
"""A page with more of them hears of everybody: its address would be too long."""
MOST_PAGES = 24
"""Open ones of one person and class."""
_signer = signing.TimestampSigner(salt="labportal.board.stream")
OPEN = ServerSentEvent(comment="open").encode()


def moment_now() -> int:
    """Milliseconds. Ask for this before reading what a page shows: whatever happens later is then sent."""
    return time.time_ns() // 1_000_000


def address_of(user: User, lab_class: LabClass, kind: Kind, moment: int, rows: Collection[int] = ()) -> str:
    """Of the stream for a page that was read at ``moment`` and shows these members. The caller has checked that the
    user teaches the class."""
    token = _signer.sign(f"{user.pk}.{lab_class.pk}.{kind}")
    shown = f"&rows={'.'.join(map(str, rows))}" if 0 < len(rows) <= MOST_ROWS else ""
    return f"/events/classes/{lab_class.pk}/?token={token}&after={moment}{shown}"


def _bearer(token: str, class_id: int) -> tuple[int, Kind] | None:
    """Whom it was given to, and for what kind of page; None where it does not open this class."""
    try:
        user, of_class, kind = _signer.unsign(token, max_age=TOKEN_AGE).split(".")
    except (signing.BadSignature, ValueError):
        return None
    return (int(user), Kind(kind)) if of_class == str(class_id) else None


def _rows(request: Request) -> frozenset[int] | None:
    keys = request.query_params.get("rows", "").split(".")[:MOST_ROWS]
    return frozenset(int(key) for key in keys if key.isdecimal() and len(key) < 19) or None


def _after(request: Request) -> int:
    raw = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    return int(raw) if raw.isdecimal() and len(raw) < 19 else 0


async def _events(request: Request) -> Response:
    class_id = int(request.path_params["class_id"])
    bearer = _bearer(request.query_params.get("token", ""), class_id)
    if bearer is None:
        return PlainTextResponse("This stream's key has run out. Reload the page.", status_code=401)
    user_id, kind = bearer
    feeds: Feeds = request.app.state.feeds
    try:
        teaching = await in_thread(feeds.threads, partial(still_teach, class_id, [user_id]))
    except Error:
        return PlainTextResponse("The database is away. Try again in a moment.", status_code=503)
    if not teaching:
        return PlainTextResponse("This class is not for you any more.", status_code=403)
    if feeds.of(class_id).pages_of(user_id) >= MOST_PAGES:
        return PlainTextResponse("Too many pages of this class are open. Close some.", status_code=429)
    page, after = OpenPage(user_id, kind, _rows(request)), _after(request)

    async def body() -> AsyncIterator[bytes]:
        try:
            with feeds.of(class_id).open(page, after):
                yield OPEN
                async for message in page.messages():
                    yield message
        finally:
            feeds.left(class_id)

    return EventSourceResponse(body(), ping=PING, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})


routes = [Route("/events/classes/{class_id:int}/", _events)]
