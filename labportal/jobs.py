"""Puts ids of rows on the queue. Losing some is harmless: the sweeper enqueues what is due again."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError
from redis import RedisError

from labportal import post

log = logging.getLogger(__name__)
RUN_ATTEMPT = "runs.run_attempt"
PREPARE_CONNECTION = "connections.prepare"
_REDIS_AWAY = (OperationalError, RedisError, OSError)


def enqueue(task_name: str, *row_ids: int) -> None:
    """One message, soon, and without waiting for Redis: for whoever has somebody waiting for an answer."""
    post.send(partial(enqueue_now, task_name, *row_ids))


def enqueue_now(task_name: str, *row_ids: int) -> bool:
    """False when Redis did not take it, which may take seconds; the rows stay due."""
    try:
        current_app.send_task(task_name, args=row_ids, retry=False, ignore_result=True)
    except _REDIS_AWAY as error:
        log.warning("not enqueued, the sweeper will: %s %s: %s", task_name, row_ids, error)
        return False
    return True


def queue_length() -> int:
    """How many ids wait in Redis for a worker; 0 when Redis does not say."""
    try:
        with current_app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            return int(channel.client.llen(current_app.conf.task_default_queue))
    except _REDIS_AWAY as error:
        log.warning("Redis does not say how long the queue is: %s", error)
        return 0
