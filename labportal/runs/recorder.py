"""Turns what the runner tells into rows: the only writer of events and evidence from the worker.

What belongs together is stored together. That something was done and where the attempt stands
after it is one transaction, so a worker killed between two statements never leaves half of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

from django.db import transaction

from labportal.redaction import redact
from labportal.runs.claims import Claim
from labportal.runs.models import Attempt, AttemptEvent, AttemptEvidence, TaskResult
from labportal.runs.outbox import tell
from steps.kit.azure import AzureProblem
from steps.kit.problems import wording
from steps.kit.runner import Progress
from steps.kit.task import Task
from steps.kit.verdict import Evidence, Source

Kind = AttemptEvent.Kind
LIVELINESS = 0.15
"""Seconds that results may be held back to be stored together."""


@dataclass(frozen=True, slots=True)
class _Line:
    kind: AttemptEvent.Kind
    text: str
    step_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


class DatabaseRecorder:
    """Implements ``steps.kit.runner.Recorder`` for one claim. Any call may raise ``Stopped``.

    ``started`` is stored at once, before the work it announces. The rest is held back until the
    ``checkpoint`` or ``settle`` it belongs to, or for ``LIVELINESS`` seconds.
    """

    def __init__(self, claim: Claim, task: Task) -> None:
        self._claim = claim
        self._positions = {check.id: position for position, check in enumerate(task.checks)}
        self._lines: list[_Line] = []
        self._evidence: list[Evidence] = []
        self._stored_at = monotonic()

    def started(self, step_id: str, title: str) -> None:
        self._lines.append(_Line(Kind.STARTED, title, step_id))
        self._store()

    def done(self, step_id: str, summary: str, sources: tuple[Source, ...], did: bool) -> None:
        self._lines.append(_Line(Kind.DONE, summary, step_id, {"sources": _plain(sources), "did": did}))

    def waiting(self, step_id: str, summary: str, sources: tuple[Source, ...], retry_after: float) -> None:
        detail = {"sources": _plain(sources), "retry_after": retry_after}
        self._lines.append(_Line(Kind.WAITING, summary, step_id, detail))

    def trouble(self, step_id: str, problem: AzureProblem, retry_after: float | None) -> None:
        detail = {
            "sources": _plain((problem.source,)),
            "retry_after": retry_after,
            "kind": problem.kind.value,
            "code": problem.code,
            "message": redact(problem.message)[:1000],
        }
        self._lines.append(_Line(Kind.TROUBLE, wording(problem).happened, step_id, detail))

    def checked(self, evidence: Evidence) -> None:
        self._evidence.append(evidence)
        if monotonic() - self._stored_at > LIVELINESS:
            self._store()

    def checkpoint(self, progress: Progress) -> None:
        self._store(progress=asdict(progress))

    def settle(self, progress: Progress, last_line: str | None, **changes: Any) -> None:
        """The last write of a sitting: what is held back, where the attempt stands, and its new state."""
        with transaction.atomic():
            self._claim.end(progress=asdict(progress), **changes)
            self._reflect(changes)
            self._insert(progress)
            if last_line is not None:
                tell(self._claim.attempt, Kind.ENDED, last_line)

    def _store(self, **changes: Any) -> None:
        with transaction.atomic():
            self._claim.write(**changes)
            self._reflect({"state": Attempt.State.RUNNING})
            self._insert(None if "progress" not in changes else Progress(**changes["progress"]))
        self._stored_at = monotonic()

    def _reflect(self, changes: dict[str, Any]) -> None:
        self._claim.attempt.state = changes.get("state", self._claim.attempt.state)

    def _insert(self, progress: Progress | None) -> None:
        attempt = self._claim.attempt
        for evidence in self._evidence:
            self._keep_evidence(attempt, evidence)
        for line in self._lines:
            tell(attempt, line.kind, line.text, step_id=line.step_id, detail=line.detail)
        if progress is not None and progress.did:
            TaskResult.objects.update_or_create(
                session=attempt.session, task_id=attempt.task_id, defaults={"portal_changed": True}
            )
        self._lines.clear()
        self._evidence.clear()

    def _keep_evidence(self, attempt: Attempt, evidence: Evidence) -> None:
        finding = evidence.finding
        AttemptEvidence.objects.update_or_create(
            attempt=attempt,
            check_id=evidence.check_id,
            defaults={
                "position": self._positions.get(evidence.check_id, len(self._positions)),
                "title": evidence.title,
                "verdict": finding.verdict.value,
                "reason": finding.reason,
                "wanted": redact(finding.wanted),
                "found": redact(finding.found),
                "next_step": redact(finding.next_step),
                "sources": _plain(finding.sources),
            },
        )
        self._lines.append(_Line(Kind.CHECKED, evidence.title, evidence.check_id, {"verdict": finding.verdict.value}))


def _plain(sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    return [asdict(source) for source in sources]
