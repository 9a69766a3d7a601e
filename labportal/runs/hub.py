"""One Redis subscription a process, shared by all of its streams."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import redis.asyncio as redis
from redis.exceptions import RedisError

from labportal.nudges import CHANNEL_PATTERNS

log = logging.getLogger(__name__)
BACKLOG = 64
RETRY = 1.0


class Listener:
    """The nudges of one channel, as far as one stream has not taken them yet.

    Bounded: a stream that does not keep up is told to look at the database instead.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(BACKLOG)

    def put(self, message: dict[str, Any]) -> None:
        if self._queue.full():
            self.look_again()
        else:
            self._queue.put_nowait(message)

    def look_again(self) -> None:
        """Drops what is queued; ``until_quiet`` ends and the stream looks at the database."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    def taken(self) -> list[dict[str, Any] | None]:
        """What has come meanwhile, without waiting for more; None stands for ``look_again``."""
        there: list[dict[str, Any] | None] = []
        while not self._queue.empty():
            there.append(self._queue.get_nowait())
        return there

    async def until_quiet(self, seconds: float) -> AsyncIterator[dict[str, Any]]:
        """Messages, until it is time to look at the database: ``seconds`` from now, or after ``look_again``."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            try:
                message = await asyncio.wait_for(self._queue.get(), left)
            except TimeoutError:
                return
            if message is None:
                return
            yield message


class Hub:
    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners: dict[str, set[Listener]] = defaultdict(set)

    @contextmanager
    def listen(self, name: str) -> Iterator[Listener]:
        """To one channel, as ``labportal.nudges`` names them."""
        listener = Listener()
        self._listeners[name].add(listener)
        try:
            yield listener
        finally:
            self._listeners[name].discard(listener)
            if not self._listeners[name]:
                del self._listeners[name]

    def listening(self, name: str) -> int:
        """How many streams listen to the channel."""
        return len(self._listeners.get(name, ()))

    async def carry(self) -> None:
        """Runs for the life of the process. What was said while Redis was away is found in the database."""
        while True:
            try:
                await self._carry_once()
            except RedisError as error:
                log.warning("nudges: Redis is away, trying again: %s", error)
            await asyncio.sleep(RETRY)

    async def _carry_once(self) -> None:
        client = redis.Redis.from_url(self._url, socket_connect_timeout=2, health_check_interval=10)
        async with client, client.pubsub() as subscription:
            await subscription.psubscribe(*CHANNEL_PATTERNS)
            self._everybody_looks_again()
            async for item in subscription.listen():
                if item["type"] == "pmessage":
                    self._deliver(item["channel"].decode(), item["data"])

    def _deliver(self, name: str, data: bytes) -> None:
        """What is no nudge of ours is passed over: this one task carries for every stream of the process."""
        listeners = self._listeners.get(name)
        if not listeners:
            return
        try:
            message = json.loads(data)
        except ValueError:
            log.warning("a message on %s is no JSON", name)
            return
        if isinstance(message, dict):
            for listener in listeners:
                listener.put(message)

    def _everybody_looks_again(self) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.look_again()
