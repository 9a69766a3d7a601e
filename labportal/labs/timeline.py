"""What happened in an attempt, line by line: the changes, what ended it, and where each was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labportal.labs.badges import Badge, line_badge
from labportal.runs.courses import course_for
from labportal.runs.models import Attempt, AttemptEvent
from steps.kit.course import Mode


@dataclass(frozen=True, slots=True)
class SourceView:
    """One request to Azure. ``status`` is in words when no answer came."""

    method: str
    path: str
    status: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    at: datetime
    badge: Badge
    text: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What the portal was to change and could not: what Azure said to it, and what helps."""

    happened: str
    to_do: str


def changes(events: Iterable[AttemptEvent]) -> Iterator[AttemptEvent]:
    """Without what says the same of the same step again: an attempt that waits looks many times."""
    said: dict[tuple[str, str], tuple[str, str | None]] = {}
    for event in events:
        about, news = (event.kind, event.step_id), (event.text, event.detail.get("verdict"))
        if not event.step_id or said.get(about) != news:
            said[about] = news
            yield event


def waits_because(attempt: Attempt, newest_first: Iterable[AttemptEvent]) -> str:
    """What a waiting attempt waits for, in the words of its latest line about that; "" for one that does not wait."""
    if attempt.state != Attempt.State.WAITING:
        return ""
    about = (AttemptEvent.Kind.WAITING, AttemptEvent.Kind.TROUBLE)
    return next((one.text for one in newest_first if one.kind in about), "")


def failure_of(attempt: Attempt) -> Failure | None:
    """What ended its actions, however long ago. A check changes nothing: what it could not tell stands in its
    findings."""
    if attempt.active or attempt.mode == Mode.VALIDATE or not attempt.problem:
        return None
    changing = [action.id for action in course_for(attempt).actions]
    troubles = attempt.events.filter(kind=AttemptEvent.Kind.TROUBLE.value, step_id__in=changing).order_by("-id")
    given_up = next((one for one in troubles if one.detail.get("to_do")), None)
    return Failure(given_up.text, given_up.detail["to_do"]) if given_up else None


def line_of(event: AttemptEvent) -> Line:
    return Line(
        id=event.pk,
        at=event.at,
        badge=line_badge(event),
        text=event.text,
        sources=sources_of(event.detail.get("sources", [])),
    )


def sources_of(rows: list[dict[str, Any]]) -> tuple[SourceView, ...]:
    return tuple(
        SourceView(
            method=row["method"],
            path=row["path"],
            status=str(row["status"]) if row["status"] is not None else "no answer",
            request_id=row["request_id"],
        )
        for row in rows
    )
