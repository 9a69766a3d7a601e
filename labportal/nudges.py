"""Nudges: tiny messages on Redis that say "look again". They may be lost; the database holds the truth."""

from __future__ import annotations

import json
import logging
from functools import lru_cache, partial

import redis
from django.conf import settings

from labportal import post

log = logging.getLogger(__name__)
CHANNEL_PATTERN = "session:*"


def channel(session_id: int) -> str:
    return f"session:{session_id}"


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def publish(session_id: int, message: dict[str, object]) -> None:
    """Soon, and without waiting for Redis. When it is away, pages poll and their streams look at the database."""
    post.send(partial(_publish_now, session_id, message))


def _publish_now(session_id: int, message: dict[str, object]) -> None:
    try:
        _client().publish(channel(session_id), json.dumps(message))
    except redis.RedisError as error:
        log.warning("nudge not sent: %s", error)
