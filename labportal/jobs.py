"""Puts the id of a row on the queue. Losing one is harmless: the sweeper enqueues what is due again."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
RUN_ATTEMPT = "runs.run_attempt"
PREPARE_CONNECTION = "connections.prepare"


def enqueue(task_name: str, row_id: int) -> bool:
    """False when Redis did not take it; the row stays due and the sweeper comes back to it."""
    try:
        current_app.send_task(task_name, args=[row_id], retry=False, ignore_result=True)
    except OperationalError as error:
        log.warning("not enqueued, the sweeper will: %s %s: %s", task_name, row_id, error)
        return False
    return True
