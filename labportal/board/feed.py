"""One feed for each class in a process: what has changed is read once and drawn once, for however many open pages.

A nudge says which students to look at again, or that a round has gone on. Nudges that come close together are looked at
together, and every ``ALL_EVERY`` seconds everybody is, because some needs come by nothing but time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections

from labportal.board.looking import Kind, News, Watch, still_teach
from labportal.board.open_page import OpenPage, Printed
from labportal.classes.models import LabClass
from labportal.nudges import class_channel
from labportal.runs.hub import Hub, Listener

T = TypeVar("T")
log = logging.getLogger(__name__)
PAUSE = 0.3
"""Seconds at least from one look to the next; twice as long as the last one took, if that is more."""
LONGEST_PAUSE = 1.0
ALL_EVERY = 30.0
AFTER_TROUBLE = 2.0
KEPT = 300
"""Looks that a page that comes back can be told of."""
MARGIN_MS = 2_000
"""A page may have been read while what it shows was being changed: it is told a little more than it has missed."""
LINGER = 60.0
"""Seconds that a feed stays without a page: a page that is loaded again finds it there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked at: these members, None for all of them, and the class's rounds."""

    members: frozenset[int] | None = frozenset()
    rounds: bool = False

    def and_what(self, message: dict[str, object] | None) -> Wanted:
        """Besides, what a nudge is of. One that names no list of members is of everybody, which swallows whoever is
        named; so is None, for what may have been missed."""
        told = message or {}
        named, rounds = told.get("members"), self.rounds or bool(told.get("rounds"))
        if self.members is None or not isinstance(named, list):
            return Wanted(None, rounds)
        return Wanted(self.members | frozenset(named), rounds)


class Feed:
    """Of one class. Everything here runs on the event loop; what reads the database runs in ``threads``."""

    def __init__(self, class_id: int, hub: Hub, threads: ThreadPoolExecutor) -> None:
        self._class_id = class_id
        self._hub = hub
        self._threads = threads
        self._watch = Watch(class_id)
        self._pages: set[OpenPage] = set()
        self._past: deque[Printed] = deque()
        self._forgotten = 0  # when the last look was that no page can be told of any more, in milliseconds
        self._since: dict[Kind, int] = {}  # by what is drawn: from when on nothing is missed, in milliseconds
        self._closed: dict[Kind, float] = {}  # when the last page of a kind was
        self._all_at: float | None = None  # when everybody was looked at; None before the first time
        self._rest = PAUSE

    @property
    def pages(self) -> int:
        return len(self._pages)

    def pages_of(self, user_id: int) -> int:
        return sum(page.user_id == user_id for page in self._pages)

    @contextmanager
    def open(self, page: OpenPage, after: int) -> Iterator[None]:
        """``after``: when the page was read, in milliseconds. What has changed since is told first."""
        since = self._since.setdefault(page.kind, _now())
        self._pages.add(page)
        self._catch_up(page, after, since)
        try:
            yield
        finally:
            self._pages.discard(page)
            self._closed[page.kind] = time.monotonic()

    def _catch_up(self, page: OpenPage, after: int, since: int) -> None:
        if after - MARGIN_MS < since or after - MARGIN_MS <= self._forgotten:
            page.look()
            return
        for printed in self._past:
            if printed.at >= after - MARGIN_MS:
                page.put(printed)

    async def run(self) -> None:
        """Until it is cancelled, or the class is gone. What fails otherwise ends the feed, and its pages come back."""
        try:
            with self._hub.listen(class_channel(self._class_id)) as listener:
                while True:
                    await self._watch_until_trouble(listener)
                    await asyncio.sleep(AFTER_TROUBLE)
        except LabClass.DoesNotExist:
            log.info("class %s is gone", self._class_id)
        finally:
            for page in self._pages:
                page.end()

    async def _watch_until_trouble(self, listener: Listener) -> None:
        try:
            if self._all_at is None:
                await self._in_thread(self._watch.begin)
                self._all_at = time.monotonic()
            while True:
                await self._look(await self._wanted(listener))
        except Error as error:
            log.warning("class %s: the database is away: %s", self._class_id, error)
            listener.look_again()

    async def _wanted(self, listener: Listener) -> Wanted:
        """Everybody, when it is time for that."""
        wanted = Wanted(members=None)
        since = time.monotonic() - (self._all_at or 0)
        async for message in listener.until_quiet(ALL_EVERY - since):
            wanted = Wanted().and_what(message)
            break
        await asyncio.sleep(self._rest)
        for more in listener.taken():
            wanted = wanted.and_what(more)
        return wanted

    async def _look(self, wanted: Wanted) -> None:
        began, at = time.perf_counter(), _now()
        kinds = self._kinds()
        members, news = wanted.members, News()
        if members is None or members:
            news = await self._in_thread(lambda: self._watch.look(members, kinds))
        self._rest = min(LONGEST_PAUSE, max(PAUSE, 2 * (time.perf_counter() - began)))
        if wanted.rounds:
            news = replace(news, stirred=news.stirred | {Kind.ROUNDS})
        if news:
            self._tell(Printed(at, news))
        if members is None:
            self._all_at = time.monotonic()
            await self._show_out()

    def _kinds(self) -> frozenset[Kind]:
        """What is drawn: for the pages that are open, and for a while for those that may be just loading again."""
        lately = {kind for kind, at in self._closed.items() if time.monotonic() - at < LINGER}
        kinds = lately | {page.kind for page in self._pages}
        self._since = {kind: at for kind, at in self._since.items() if kind in kinds}
        return frozenset(kinds)

    def _tell(self, printed: Printed) -> None:
        self._past.append(printed)
        while len(self._past) > KEPT:
            self._forgotten = self._past.popleft().at
        for page in self._pages:
            page.put(printed)

    async def _show_out(self) -> None:
        """Whoever teaches the class no more."""
        users = {page.user_id for page in self._pages}
        if users:
            staying = await self._in_thread(lambda: still_teach(self._class_id, users))
            for page in self._pages:
                if page.user_id not in staying:
                    page.end()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await in_thread(self._threads, work)


class Feeds:
    """Those of one process. One thread looks for all of them, so that they never crowd the pages out."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="class-feed")
        self._running: dict[int, tuple[Feed, asyncio.Task[None]]] = {}

    def of(self, class_id: int) -> Feed:
        """Begins with its first page."""
        if class_id not in self._running:
            feed = Feed(class_id, self._hub, self.threads)
            task = asyncio.create_task(feed.run())
            self._running[class_id] = feed, task
            task.add_done_callback(lambda done: self._ended(class_id, done))
        return self._running[class_id][0]

    def left(self, class_id: int) -> None:
        """A page is closed: without one, the feed ends after a while."""
        asyncio.get_running_loop().call_later(LINGER, self._end_if_idle, class_id)

    def close(self) -> None:
        """When the process ends."""
        for _, task in self._running.values():
            task.cancel()
        self.threads.shutdown(wait=False)

    def _end_if_idle(self, class_id: int) -> None:
        running = self._running.get(class_id)
        if running is not None and not running[0].pages:
            running[1].cancel()

    def _ended(self, class_id: int, task: asyncio.Task[None]) -> None:
        self._running.pop(class_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("the feed of class %s ended by a fault of our own", class_id, exc_info=error)


async def in_thread(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """``work`` may use the database; its connection is looked after."""

    def looked_after() -> T:
        close_old_connections()
        try:
            return work()
        finally:
            close_old_connections()

    return await sync_to_async(looked_after, thread_sensitive=False, executor=threads)()


def _now() -> int:
    return time.time_ns() // 1_000_000
