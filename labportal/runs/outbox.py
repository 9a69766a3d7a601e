"""Writes events in the caller's transaction and nudges the pages once that is committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from labportal.nudges import publish
from labportal.redaction import redact
from labportal.runs.models import Attempt, AttemptEvent


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, before it is stored."""

    kind: AttemptEvent.Kind
    text: str
    step_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def tell(attempt: Attempt, *lines: Line) -> None:
    """Stores the lines in their order. ``attempt.state`` must be what the same transaction stored.

    One nudge for all of them, with the newest id: the page looks at everything anyway.
    """
    if not lines:
        return
    events = AttemptEvent.objects.bulk_create(
        AttemptEvent(attempt=attempt, kind=line.kind, step_id=line.step_id, text=redact(line.text), detail=line.detail)
        for line in lines
    )
    transaction.on_commit(
        partial(publish, attempt.session_id, nudge(events[-1].pk, attempt.pk, attempt.task_id, attempt.state))
    )


def nudge(event_id: int, attempt_id: int, task_id: str, state: str) -> dict[str, object]:
    """What a page hears: ids and a state, never words."""
    return {"attempt": attempt_id, "seq": event_id, "task": task_id, "state": state}
