"""Nudges: tiny messages on Redis that say "look again". They may be lost; the database holds the truth."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

import redis
from django.conf import settings

from labportal import post

log = logging.getLogger(__name__)
CHANNEL_PATTERNS = ("session:*", "class:*")


def channel(session_id: int) -> str:
    """Where the pages of one walk listen."""
    return f"session:{session_id}"


def class_channel(class_id: int) -> str:
    """Where the boards of one class listen."""
    return f"class:{class_id}"


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def publish(session_id: int, message: dict[str, object]) -> None:
    """Soon, and without waiting for Redis. When it is away, pages poll and their streams look at the database."""
    post.send(partial(_publish_now, [channel(session_id)], message))


def publish_to_many(session_ids: Iterable[int], message: dict[str, object]) -> None:
    """As ``publish``, the same to the pages of many walks: one letter, whatever their number."""
    names = [channel(session_id) for session_id in session_ids]
    if names:
        post.send(partial(_publish_now, names, message))


def publish_to_class(class_id: int, message: dict[str, object]) -> None:
    """As ``publish``, to the boards of a class."""
    post.send(partial(_publish_now, [class_channel(class_id)], message))


def _publish_now(names: Sequence[str], message: dict[str, object]) -> None:
    try:
        with _client().pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.publish(name, json.dumps(message))
            pipeline.execute()
    except redis.RedisError as error:
        log.warning("nudge not sent: %s", error)
