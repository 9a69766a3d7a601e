"""How many students may be checked at once: students who check themselves go first, and Azure is not flooded.

Nothing is remembered between two turns. The attempts of the whole portal say how things stand, so every round of every
class, and every process that would conduct one, keeps to the same bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from labportal.runs.active import active
from labportal.runs.models import Attempt
from steps.kit.azure import ProblemKind

State = Attempt.State
OWN_MAY_WAIT = timedelta(seconds=1)
"""For a worker. A student who has waited for longer goes before anybody in a round."""
THROTTLED_AT_LEAST = 2
"""Students whom Azure asks for fewer requests at the same moment. One alone has met a limit of their own."""

_BUSY = Q(state__in=(State.QUEUED, State.RUNNING))


@dataclass(frozen=True, slots=True)
class Room:
    """``free`` students may begin now. Where that is none for longer: ``crowded`` by students' own checks, or
    ``paused_until`` Azure may be asked again."""

    free: int
    crowded: bool
    paused_until: datetime | None


def room() -> Room:
    """Two queries. What waits for Azure holds no place: it asks for nothing meanwhile."""
    paused_until = _paused_until()
    found = Attempt.objects.filter(active()).aggregate(
        ours=Count("session", distinct=True, filter=_BUSY & Q(on_behalf=True)),
        own=Count("session", distinct=True, filter=_BUSY & Q(on_behalf=False)),
        kept_waiting=Count("pk", filter=Q(state=State.QUEUED, on_behalf=False, created_at__lt=Now() - OWN_MAY_WAIT)),
    )
    crowded = found["kept_waiting"] > 0
    if paused_until is not None or crowded:
        return Room(0, crowded, paused_until)
    left = settings.ROUND_STUDENTS_AT_ONCE - found["ours"] - found["own"]
    at_least = 0 if found["ours"] else 1  # a round among many who work goes on slowly, and does go on
    return Room(max(left, at_least), crowded=False, paused_until=None)


def _paused_until() -> datetime | None:
    """The last of the times at which those who were asked for fewer requests look again; None where that is nobody."""
    waiting = Attempt.objects.filter(active(), due_at__gt=Now())
    asked = waiting.filter(state=State.WAITING, evidence__reason=ProblemKind.THROTTLED.value)
    found = asked.aggregate(students=Count("session", distinct=True), until=Max("due_at"))
    until: datetime | None = found["until"]
    return until if found["students"] >= THROTTLED_AT_LEAST else None
