"""Renews the leases of the sittings under way in this process, so that a slow Azure is not taken for a dead worker.

Only a sitting that has been silent for a while costs anything: one UPDATE every few seconds for all of them. A process
that is stopped or dead renews nothing, and neither does a sitting that hangs for longer than any call may take.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from threading import Lock, Thread
from time import monotonic

from django.conf import settings
from django.db import Error, connection

from labportal.runs.claims import Claim, lease
from labportal.runs.models import Attempt
from labportal.writes import writing

log = logging.getLogger(__name__)
LONGEST_SITTING = 180.0
"""Seconds. No chain of calls takes that long, each with its own time-out: what does, hangs."""


class Keeper:
    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[int, Claim] = {}
        self._thread: Thread | None = None

    @contextmanager
    def kept(self, claim: Claim) -> Iterator[None]:
        """Renews the lease of ``claim`` for as long as the block lasts, but no longer than ``LONGEST_SITTING``."""
        with self._lock:
            self._kept[id(claim)] = claim
            if self._thread is None:
                self._thread = Thread(target=self._renew_for_ever, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._kept[id(claim)]

    def renew(self) -> None:
        """Renews what has not been written to for a quarter of the lease and is still ours."""
        now = monotonic()
        with self._lock:
            kept = [claim for claim in self._kept.values() if now - claim.taken_at < LONGEST_SITTING]
        silent = {(claim.attempt.pk, claim.fence): claim for claim in kept if now - claim.renewed_at >= _pause()}
        if not silent:
            return
        ours = Attempt.objects.filter(reduce(or_, (claim.still_ours for claim in silent.values())))
        with writing():
            ours.update(lease_until=lease())
            for which in ours.values_list("pk", "fence"):
                silent[which].renewed_at = now

    def _renew_for_ever(self) -> None:
        while True:
            time.sleep(_pause())
            try:
                self.renew()
            except Error as error:
                log.warning("leases not renewed, the database is away: %s", error)
            finally:
                connection.close()  # seldom needed, and a restarted server would leave it stale


def _pause() -> float:
    return float(settings.LEASE_SECONDS) / 4


kept = Keeper().kept
