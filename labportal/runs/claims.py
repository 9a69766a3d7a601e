"""Claiming an attempt, and writing to it only while it is still ours.

A claim is one short transaction on the database's clock. It takes a lease and raises the fence;
a worker that was stopped past its lease (or declared dead) finds its fence outdated and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now

from labportal.runs.active import active
from labportal.runs.models import Attempt
from labportal.runs.statements import end_attempt
from labportal.writes import writing
from steps.kit.progress import Stopped


def lease() -> CombinedExpression:
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


class LostClaim(Stopped):
    """The attempt belongs to another worker now, or has ended."""


class CancelRequested(Stopped):
    """The student cancelled."""


@dataclass(slots=True)
class Claim:
    """``taken_at`` and ``renewed_at`` are of this process's monotonic clock, from just before the database was asked:
    by it the lease never seems to last longer than it does."""

    attempt: Attempt
    fence: int
    taken_at: float
    renewed_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.renewed_at = self.taken_at

    @property
    def still_ours(self) -> Q:
        return Q(pk=self.attempt.pk, fence=self.fence, state=Attempt.State.RUNNING)

    def write(self, **changes: Any) -> bool:
        """Stores ``changes`` and renews the lease. False when the student has cancelled: what happened is stored all
        the same, but nothing new may begin. Raises LostClaim and stores nothing."""
        asked_at = monotonic()
        ours, stored = Attempt.objects.filter(self.still_ours), {"lease_until": lease(), "claims": 0} | changes
        goes_on = bool(ours.filter(cancel_requested=False).update(**stored))
        if not goes_on and not ours.update(**stored):
            raise LostClaim
        self.renewed_at = asked_at
        return goes_on

    def wait(self, **changes: Any) -> bool:
        """Leaves the attempt to whoever claims it when it is due. False when the student has cancelled, or the claim
        is lost; nothing is stored then."""
        ours = Attempt.objects.filter(self.still_ours, cancel_requested=False)
        left = {"state": Attempt.State.WAITING, "lease_until": None, "claims": 0, "enqueued_at": None}
        return bool(ours.update(**left | changes))

    def end(self, **changes: Any) -> None:
        """The last word, which a cancellation no longer stops. Raises LostClaim."""
        if not end_attempt(self.attempt.pk, self.fence, changes):
            raise LostClaim

    def before_an_effect(self) -> None:
        """Makes sure that the lease still runs before something is begun in Azure that must not happen twice.

        A process that was stopped for a while goes on where it stood, with what it saw before. Costs nothing while
        the lease is fresh. Raises LostClaim or CancelRequested.
        """
        if monotonic() - self.renewed_at > settings.LEASE_SECONDS / 2 and not self.write():
            raise CancelRequested


def due() -> Q:
    """Attempts that a worker may take now, by the database's clock."""
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    return active() & Q(due_at__lte=Now()) & free


def take(*attempt_ids: int) -> list[Claim]:
    """Those of them that are due and free; the others have ended, have to wait, or are somebody else's.

    What is read under the lock is what is claimed: SQLite takes one writer at a time, PostgreSQL locks the rows.
    """
    asked_at = monotonic()
    with writing():
        free = Attempt.objects.filter(due(), pk__in=attempt_ids).order_by("pk")
        attempts = list(free.select_related("session__connection").select_for_update(of=("self",)))
        Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).update(
            state=Attempt.State.RUNNING,
            fence=F("fence") + 1,
            claims=F("claims") + 1,
            lease_until=lease(),
            enqueued_at=None,  # taken off the queue: once the lease runs out, the sweeper need not be patient
            started_at=Coalesce("started_at", Now()),
        )
    for attempt in attempts:
        attempt.state, attempt.fence, attempt.claims = Attempt.State.RUNNING, attempt.fence + 1, attempt.claims + 1
    return [Claim(attempt, attempt.fence, asked_at) for attempt in attempts]
