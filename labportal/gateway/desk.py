"""What every service's methods are made with: one call, one answer, one kind of problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from azure.core.exceptions import ResourceNotFoundError

from labportal.gateway.calls import Call, making
from labportal.gateway.clients import Clients, what_signs_in
from labportal.gateway.problems import FROM_AZURE, MISREAD, problem_from
from labportal.gateway.sent import Hear, unheard
from steps.kit.azure import ProblemKind
from steps.kit.records import Done, Seen

T = TypeVar("T")


class Desk:
    """One caller's view of one subscription. Holds no state of its own: make one per task."""

    def __init__(self, clients: Clients, *, may_write: bool, heard: Hear = unheard) -> None:
        self._clients = clients
        self._may_write = may_write
        self._heard = heard

    @contextmanager
    def _call(self, *secrets: str) -> Iterator[Call]:
        """Everything inside is one call. Raises AzureProblem from whatever went wrong; no message of it
        repeats ``secrets``."""
        who = self._clients.who
        call = Call(self._may_write, who.subscription_id, (what_signs_in(who), *secrets), heard=self._heard)
        try:
            with making(call):
                yield call
        except (*FROM_AZURE, *MISREAD) as error:
            if isinstance(error, MISREAD) and call.source.status != 200:
                raise  # no answer was being read: this is a fault of ours
            problem = problem_from(error, call)
            if problem.kind is ProblemKind.CREDENTIAL_REJECTED:
                problem.token_was_kept = not call.signed_in
                self._clients.start_afresh()
            raise problem from error

    def _look(self, fetch: Callable[[], T]) -> Seen[T | None]:
        """What ``fetch`` finds, or None where Azure says that there is no such thing."""
        with self._call() as call:
            try:
                value: T | None = fetch()
            except ResourceNotFoundError:
                value = None
            return Seen(value, call.source, call.at)

    def _read(self, fetch: Callable[[], T]) -> Seen[T]:
        """What ``fetch`` finds; 404 is a problem like any other."""
        with self._call() as call:
            return Seen(fetch(), call.source)

    def _done(self, do: Callable[[], T], *secrets: str) -> Done[T]:
        with self._call(*secrets) as call:
            return Done(do(), call.source)

    def _gone(self, take_away: Callable[[], object]) -> Done[None]:
        """``take_away`` done, or found to be done already: what Azure does not find is gone."""
        with self._call() as call:
            with suppress(ResourceNotFoundError):
                take_away()
            return Done(None, call.source)
