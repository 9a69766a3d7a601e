"""Writes events in the caller's transaction and nudges the pages once that is committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from labportal.nudges import publish
from labportal.redaction import redact
from labportal.runs.models import Attempt, AttemptEvent
from labportal.runs.statements import add_events


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
    newest = add_events([(attempt.pk, line.kind.value, line.step_id, redact(line.text), line.detail) for line in lines])
    heard = nudge(newest, attempt.pk, attempt.task_id, attempt.state)
    transaction.on_commit(partial(publish, attempt.session_id, heard))


def nudge(event_id: int, attempt_id: int, task_id: str, state: str) -> dict[str, object]:
    """What a page hears: ids and a state, never words."""
    return {"attempt": attempt_id, "seq": event_id, "task": task_id, "state": state}
