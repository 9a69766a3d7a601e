"""Claiming an attempt, and writing to it only while it is still ours.

A claim is one conditional UPDATE on the database's clock. It takes a lease and raises the fence;
a worker that was stopped past its lease (or declared dead) finds its fence outdated and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now

from labportal.runs.models import ACTIVE, Attempt
from steps.kit.runner import Stopped


def _lease() -> CombinedExpression:
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


class LostClaim(Stopped):
    """The attempt belongs to another worker now, or has ended."""


class CancelRequested(Stopped):
    """The student cancelled."""


@dataclass(frozen=True, slots=True)
class Claim:
    attempt: Attempt
    fence: int

    def write(self, **changes: Any) -> None:
        """Stores ``changes`` and renews the lease, or raises LostClaim or CancelRequested and stores nothing."""
        ours = Attempt.objects.filter(pk=self.attempt.pk, fence=self.fence, state=Attempt.State.RUNNING)
        if ours.filter(cancel_requested=False).update(**{"lease_until": _lease(), "claims": 0} | changes):
            return
        raise CancelRequested if ours.exists() else LostClaim

    def end(self, **changes: Any) -> None:
        """Like ``write`` for the last word, which a cancellation no longer stops. Raises LostClaim."""
        ours = Attempt.objects.filter(pk=self.attempt.pk, fence=self.fence, state=Attempt.State.RUNNING)
        if not ours.update(**{"lease_until": None, "claims": 0} | changes):
            raise LostClaim


def due() -> Q:
    """Attempts that a worker may take now, by the database's clock."""
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    return Q(state__in=ACTIVE, due_at__lte=Now()) & free


def take(attempt_id: int) -> Claim | None:
    """None when the attempt is not due, has ended, or somebody else has it."""
    taken = Attempt.objects.filter(due(), pk=attempt_id).update(
        state=Attempt.State.RUNNING,
        fence=F("fence") + 1,
        claims=F("claims") + 1,
        lease_until=_lease(),
        enqueued_at=None,  # taken off the queue: once the lease runs out, the sweeper need not be patient
        started_at=Coalesce("started_at", Now()),
    )
    if not taken:
        return None
    attempt = Attempt.objects.select_related("session__connection").get(pk=attempt_id)
    return Claim(attempt, attempt.fence)
