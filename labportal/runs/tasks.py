"""Celery's way in. No logic here: ids in, the engine does the rest."""

from __future__ import annotations

from celery import shared_task

from labportal.jobs import PREPARE_CONNECTION, RUN_ATTEMPT
from labportal.runs import engine


@shared_task(name=RUN_ATTEMPT)
def run_attempt(*attempt_ids: int) -> None:
    engine.run(*attempt_ids)


@shared_task(name=PREPARE_CONNECTION)
def prepare_connection(connection_id: int) -> None:
    engine.prepare(connection_id)
