"""Where an attempt stands between two sittings, whom it is told to, and how a sitting ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from steps.kit.azure import AzureProblem
from steps.kit.verdict import Evidence, Source, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an attempt stands. JSON-able with ``dataclasses.asdict``.

    ``step``: index into the mode's actions and probes; past the last one come the checks.
    ``token``: of the long-running operation under way. ``troubles``: transient problems in a row.
    ``rechecks``: how often the checks have been looked at again because they could not tell.
    ``did``: whether any action really changed something. ``gave_up``: reason id of the problem
    that ended the actions early (the checks still run and tell the truth). ``ending``: why the attempt
    ends before its time, once it does ("cancelled", say); only what must not stay away is still put back then.
    ``in_doubt``: what stands in the facts of the step under way was only intended, and nobody has seen it done yet.
    """

    step: int = 0
    token: str | None = None
    troubles: int = 0
    rechecks: int = 0
    did: bool = False
    gave_up: str = ""
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    ending: str = ""
    in_doubt: bool = False


class Recorder(Protocol):
    """Where the runner tells what happens. Each call is durable when it returns.

    Any of them may raise ``Stopped``: the attempt was cancelled, or belongs to another worker now.
    """

    def started(self, step_id: str, title: str) -> None: ...
    def done(self, step_id: str, summary: str, sources: tuple[Source, ...], did: bool) -> None: ...
    def waiting(self, step_id: str, summary: str, sources: tuple[Source, ...], retry_after: float) -> None: ...
    def trouble(self, step_id: str, problem: AzureProblem, retry_after: float | None) -> None: ...
    def checked(self, evidence: Evidence) -> None: ...
    def checkpoint(self, progress: Progress) -> None:
        """Store ``progress``, renew the lease, look for cancellation."""
        ...


class Stopped(Exception):
    """Raised by the recorder; the runner lets it through untouched."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back after ``seconds`` with ``progress``; ``for_sign_in``: or once the student has signed in again."""

    progress: Progress
    seconds: float
    for_sign_in: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing more will happen by itself: told, or the re-checks are used up, or no later try would tell."""

    verdict: Verdict
    progress: Progress


Outcome = Wait | Finished
