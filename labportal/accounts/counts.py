"""Counting together: what one web process has seen counts in all of them.

The counts are in Redis, which may be emptied at any time, and may be away: then each process counts for itself, and
nobody waits.
"""

from __future__ import annotations

import logging
from functools import cached_property
from time import monotonic

import redis
from django.core.cache.backends.locmem import LocMemCache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
PATIENCE = 0.25
"""Seconds that one click may wait for Redis."""
AWAY = 10.0
"""Seconds for which a Redis that has not answered is not asked again."""
PREFIX = "count:"
NO_END = -1
"""Redis's answer about a key that stays until it is deleted."""


class Counts:
    """Of keys that hold no secret and no name."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._own = LocMemCache(f"counts of {url}", {"OPTIONS": {"MAX_ENTRIES": 10_000}})
        self._ask_again_at = 0.0

    def add(self, key: str, by: int, seconds: int) -> int:
        """The new count; it begins at 0, and again ``seconds`` later."""
        if monotonic() >= self._ask_again_at:
            try:
                return self._add_for_all(key, by, seconds)
            except redis.RedisError as error:
                self._ask_again_at = monotonic() + AWAY
                log.warning("how often somebody may is counted by each process for itself, Redis is away: %s", error)
        return self._add_for_itself(key, by, seconds)

    @cached_property
    def _redis(self) -> redis.Redis:
        never = Retry(NoBackoff(), 0)
        return redis.Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=never)

    def _add_for_all(self, key: str, by: int, seconds: int) -> int:
        with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.set(PREFIX + key, 0, ex=seconds, nx=True)
            pipeline.incrby(PREFIX + key, by)
            pipeline.ttl(PREFIX + key)
            _, count, left = pipeline.execute()
        if left == NO_END:  # it was forgotten, or its time was up, between the two: it would keep somebody out for ever
            self._redis.expire(PREFIX + key, seconds)
        return int(count)

    def _add_for_itself(self, key: str, by: int, seconds: int) -> int:
        self._own.add(key, 0, seconds)
        try:
            return self._own.incr(key, by)
        except ValueError:  # its time was up between the two
            return by
