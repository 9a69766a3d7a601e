"""What standings are made from: the rows of many walks, read with as many queries as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvidence, TaskResult
from steps.kit.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What one look found first that was not passed."""

    verdict: str
    check_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, as far as standings go by it. ``ended_at`` is None while it is under way; ``on_behalf``: an
    instructor asked for it."""

    id: int
    task_id: str
    mode: str
    state: str
    verdict: str
    began_at: datetime
    ended_at: datetime | None
    obstacles: tuple[Obstacle, ...]
    on_behalf: bool = False


@dataclass(slots=True)
class WalkRows:
    """One walk: its attempts from the first to the last, and its results by task."""

    session: LabSession
    attempts: list[Tried] = field(default_factory=list)
    results: dict[str, TaskResult] = field(default_factory=dict)


def rows_of(sessions: Iterable[LabSession]) -> dict[int, WalkRows]:
    """By the walk's key. Three queries."""
    walks = {session.pk: WalkRows(session) for session in sessions}
    found = obstacles_in(AttemptEvidence.objects.filter(attempt__session__in=walks))
    attempts = Attempt.objects.filter(session__in=walks).order_by("id")
    columns = ("id", "task_id", "mode", "state", "verdict", "created_at", "finished_at", "on_behalf")
    for session_id, key, task_id, mode, state, verdict, *more in attempts.values_list("session_id", *columns):
        began_at, ended_at, on_behalf = more
        tried = Tried(key, task_id, mode, state, verdict, began_at, ended_at, tuple(found[key]), on_behalf)
        walks[session_id].attempts.append(tried)
    for result in TaskResult.objects.filter(session__in=walks):
        walks[result.session_id].results[result.task_id] = result
    return walks


def obstacles_in(evidence: QuerySet[AttemptEvidence]) -> defaultdict[int, list[Obstacle]]:
    """What was not passed, by attempt, in the order of its checks. One query."""
    found: defaultdict[int, list[Obstacle]] = defaultdict(list)
    stops = evidence.exclude(verdict=Verdict.PASSED.value).order_by("attempt_id", "position")
    for attempt_id, *obstacle in stops.values_list("attempt_id", "verdict", "check_id", "reason"):
        found[attempt_id].append(Obstacle(*obstacle))
    return found
