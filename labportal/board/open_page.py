"""A page that is open somewhere, and what of a feed it has not been sent yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from functools import cached_property

from sse_starlette import ServerSentEvent

from labportal.board.looking import Kind, News

BACKLOG = 64
LOOK = ServerSentEvent(event="look", data="again").encode()
"""The page is to be fetched again: more has happened than it can be told of."""


class Printed:
    """What one look has found, as bytes that every page is sent: made once. ``at``: when it began, in milliseconds,
    and the id that a page comes back with."""

    def __init__(self, at: int, news: News) -> None:
        self.at = at
        self._news = news

    def for_page(self, kind: Kind, rows: frozenset[int] | None) -> bytes:
        """``rows``: the members that a board shows, None for all. Empty where there is nothing for it."""
        parts = [LOOK if kind in self._news.stirred else self._part(kind)]
        if kind is Kind.BOARD:
            there = self._rows if rows is None else {key: self._rows[key] for key in self._rows.keys() & rows}
            parts += [*there.values(), self._moves]
        said = b"".join(parts)
        return said and said + self._mark

    def _part(self, kind: Kind) -> bytes:
        return self._parts.get(kind, b"")

    @cached_property
    def _parts(self) -> dict[Kind, bytes]:
        return {kind: ServerSentEvent(event="now", data=html).encode() for kind, html in self._news.parts.items()}

    @cached_property
    def _rows(self) -> dict[int, bytes]:
        return {key: ServerSentEvent(event="row", data=html).encode() for key, html in self._news.rows.items()}

    @cached_property
    def _moves(self) -> bytes:
        return _keys("gone", self._news.gone) + _keys("moved", self._news.moved)

    @cached_property
    def _mark(self) -> bytes:
        return ServerSentEvent(event="mark", id=str(self.at), data="").encode()


class OpenPage:
    """Bounded: one that does not keep up is told to look again instead."""

    def __init__(self, user_id: int, kind: Kind, rows: frozenset[int] | None) -> None:
        self.user_id = user_id
        self.kind = kind
        self._rows = rows
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(self, printed: Printed) -> None:
        said = printed.for_page(self.kind, self._rows)
        if said and self._queue.qsize() >= BACKLOG:
            self._drop()
            said = LOOK
        if said:
            self._queue.put_nowait(said)

    def look(self) -> None:
        self._queue.put_nowait(LOOK)

    def end(self) -> None:
        """The stream ends; the page may come back, and is asked anew who it is for."""
        self._drop()
        self._queue.put_nowait(None)

    async def messages(self) -> AsyncIterator[bytes]:
        while (said := await self._queue.get()) is not None:
            yield said

    def _drop(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()


def _keys(event: str, keys: Iterable[int]) -> bytes:
    said = " ".join(map(str, sorted(keys)))
    return ServerSentEvent(event=event, data=said).encode() if said else b""
