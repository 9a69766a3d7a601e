"""What one sitting of an attempt asks of Azure, from the moment it is heard until it is stored."""

from __future__ import annotations

import logging
from functools import partial
from threading import Lock

from django.db import Error, connection, transaction

from labportal.gateway.sent import Sent
from labportal.ledger.keeping import keep
from labportal.runs.models import Attempt
from labportal.writes import writing

log = logging.getLogger(__name__)


class Calls:
    """Safe between threads: looks run side by side. Nothing heard is forgotten before it is committed, so what a
    transaction that failed was to store comes with the next one."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._lock = Lock()
        self._storing_rest = Lock()
        self._heard: list[Sent] = []
        self._over = False

    def hear(self, call: Sent) -> None:
        with self._lock:
            self._heard.append(call)
            late = self._over
        if late:
            self._keep_late()

    def store(self) -> None:
        """In the caller's transaction, and once in it."""
        with self._lock:
            heard = tuple(self._heard)
        if heard:
            keep(self._attempt.session.connection_id, self._attempt.pk, heard)
            transaction.on_commit(partial(self._forget, len(heard)))

    def close(self) -> None:
        """The sitting is over, however it ended: what is left is stored in a transaction of its own, and so is what
        comes later, from a look that nobody waits for any more."""
        with self._lock:
            self._over = True
            left = bool(self._heard)
        if left:
            self._store_rest()

    def _store_rest(self) -> None:
        """Whose account is gone meanwhile has taken the ledger along. One at a time: a late call must not store again
        what is just being stored."""
        with self._storing_rest, writing():
            if Attempt.objects.select_for_update().filter(pk=self._attempt.pk).values_list("pk").first():
                self.store()

    def _keep_late(self) -> None:
        try:
            self._store_rest()
        except Error:
            log.exception("attempt %s: the database did not take a call to Azure", self._attempt.pk)
        finally:
            connection.close()  # the thread of a look, which otherwise has none

    def _forget(self, stored: int) -> None:
        with self._lock:
            del self._heard[:stored]
