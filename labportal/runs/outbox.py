"""Writes an event in the caller's transaction and nudges the pages once that is committed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from labportal.nudges import publish
from labportal.redaction import redact
from labportal.runs.models import Attempt, AttemptEvent


def tell(
    attempt: Attempt, kind: AttemptEvent.Kind, text: str, *, step_id: str = "", detail: dict[str, Any] | None = None
) -> AttemptEvent:
    """``attempt.state`` must be what the same transaction stored."""
    event = AttemptEvent.objects.create(
        attempt=attempt, kind=kind, step_id=step_id, text=redact(text), detail=detail or {}
    )
    transaction.on_commit(partial(publish, attempt.session_id, nudge(event, attempt)))
    return event


def nudge(event: AttemptEvent, attempt: Attempt) -> dict[str, object]:
    """What a page hears: ids and a state, never words."""
    return {"attempt": attempt.pk, "seq": event.pk, "task": attempt.task_id, "state": attempt.state}
