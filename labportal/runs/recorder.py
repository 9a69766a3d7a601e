"""Turns what the runner tells into rows: the only writer of events and evidence from the worker.

What belongs together is stored together. That something was done and where the attempt stands
after it is one transaction, so a worker killed between two statements never leaves half of it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db.models.functions import Now

from labportal.labs.models import LabSession
from labportal.ledger.calls import Calls
from labportal.redaction import redact
from labportal.runs.claims import CancelRequested, Claim
from labportal.runs.courses import cleans_up, is_challenge, whose_work
from labportal.runs.models import Attempt, AttemptEvent, TaskResult
from labportal.runs.outbox import Line, tell
from labportal.runs.statements import keep_evidence
from labportal.writes import writing
from steps.kit import problems
from steps.kit.azure import AzureProblem
from steps.kit.course import Course, Mode
from steps.kit.progress import Progress
from steps.kit.verdict import Choice, Evidence, Source

Kind = AttemptEvent.Kind
LIVELINESS = 0.15
"""Seconds that results may be held back to be stored together."""
MOST_NOTES = 20
"""How much of a kind is remembered in a walk; the oldest goes first."""


class DatabaseRecorder:
    """Implements ``steps.kit.progress.Recorder`` for one claim. Any call may raise ``Stopped``.

    ``started`` is stored at once, before the work it announces. The rest is held back until the
    ``checkpoint``, ``wait`` or ``end`` it belongs to, or for ``LIVELINESS`` seconds. With it goes what was asked of
    Azure by then (``calls``).
    """

    def __init__(self, claim: Claim, course: Course, calls: Calls) -> None:
        self._claim = claim
        self._calls = calls
        self._positions = {check.id: position for position, check in enumerate(course.checks)}
        self._lines: list[Line] = []
        self._evidence: list[Evidence] = []
        self._stored_at = monotonic()
        self._marked = False

    def started(self, step_id: str, title: str) -> None:
        self._store(begins=Line(Kind.STARTED, title, step_id))

    def done(self, step_id: str, summary: str, sources: tuple[Source, ...], did: bool) -> None:
        self._lines.append(Line(Kind.DONE, summary, step_id, {"sources": _plain(sources), "did": did}))

    def waiting(self, step_id: str, summary: str, sources: tuple[Source, ...], retry_after: float) -> None:
        detail = {"sources": _plain(sources), "retry_after": retry_after}
        self._lines.append(Line(Kind.WAITING, summary, step_id, detail))

    def trouble(self, step_id: str, problem: AzureProblem, retry_after: float | None) -> None:
        gives_up = retry_after is None
        detail = {
            "sources": _plain((problem.source,)),
            "to_do": problems.after_giving_up(problem) if gives_up else "",
            "retry_after": retry_after,
            "kind": problem.kind.value,
            "code": problem.code,
            "message": redact(problem.message)[:1000],
        }
        self._lines.append(Line(Kind.TROUBLE, problems.wording(problem).happened, step_id, detail))

    def checked(self, evidence: Evidence) -> None:
        self._evidence.append(evidence)
        detail: dict[str, Any] = {"verdict": evidence.finding.verdict.value}
        if evidence.finding.waits_for:
            detail["waits"] = True
        self._lines.append(Line(Kind.CHECKED, evidence.title, evidence.check_id, detail))
        if monotonic() - self._stored_at > LIVELINESS:
            self._store()

    def checkpoint(self, progress: Progress) -> None:
        self._store(progress)

    def end(self, progress: Progress, last_line: str, **changes: Any) -> None:
        """The last write of all: what is held back, where the attempt stands, and its final state."""
        self._lines.append(Line(Kind.ENDED, last_line))
        with writing():
            self._claim.end(progress=asdict(progress), **changes)
            self._claim.attempt.state = changes["state"]
            self._insert(did=progress.did)

    def wait(self, progress: Progress, seconds: float) -> None:
        """The last write of a sitting that is followed by another, in so many seconds."""
        due_at = Now() + timedelta(seconds=seconds)
        with writing():
            waits = self._claim.wait(progress=asdict(progress), due_at=due_at)
            if waits:
                self._claim.attempt.state = Attempt.State.WAITING
                self._insert(did=progress.did)
        if not waits:
            self._store(progress)

    def _store(self, progress: Progress | None = None, begins: Line | None = None) -> None:
        """What has happened is stored even when the student has cancelled meanwhile; what ``begins`` is not."""
        changes = {} if progress is None else {"progress": asdict(progress)}
        with writing():
            goes_on = self._claim.write(**changes)
            self._claim.attempt.state = Attempt.State.RUNNING
            if begins is not None and goes_on:
                self._lines.append(begins)
            self._insert(did=progress is not None and progress.did)
        self._stored_at = monotonic()
        if not goes_on:
            raise CancelRequested

    def _insert(self, *, did: bool) -> None:
        attempt = self._claim.attempt
        if self._evidence:
            self._keep_evidence(attempt)
            self._note(attempt)
        tell(attempt, *self._lines)
        if did:
            self._mark_as_the_portals(attempt)
        self._calls.store()
        self._lines.clear()
        self._evidence.clear()

    def _keep_evidence(self, attempt: Attempt) -> None:
        """One statement for all of it; the latest look replaces the one before."""
        keep_evidence([self._row(attempt, evidence) for evidence in self._evidence])

    def _row(self, attempt: Attempt, evidence: Evidence) -> tuple[object, ...]:
        """As ``statements.EVIDENCE`` has it."""
        finding = evidence.finding
        return (
            *(attempt.pk, evidence.check_id, self._positions[evidence.check_id], evidence.title),
            *(finding.verdict.value, finding.reason),
            *(redact(finding.wanted), redact(finding.found), redact(finding.next_step)),
            *(_plain(finding.sources), _plain(finding.choices)),
        )

    def _note(self, attempt: Attempt) -> None:
        """What findings want remembered, once each. Read again before it is written: another attempt of the walk may
        have noted something since this one began."""
        session = attempt.session
        found = (note for evidence in self._evidence for note in evidence.finding.notes.items())
        notes = [(kind, redact(text)) for kind, text in found]
        if all(text in session.noted.get(kind, []) for kind, text in notes):
            return
        session.noted = LabSession.objects.select_for_update().values_list("noted", flat=True).get(pk=session.pk)
        for kind, text in notes:
            if text not in session.noted.get(kind, []):
                session.noted[kind] = [*session.noted.get(kind, []), text][-MOST_NOTES:]
        session.save(update_fields=["noted"])

    def _mark_as_the_portals(self, attempt: Attempt) -> None:
        mark = _MARKS.get(Mode(attempt.mode))
        if mark is None or self._marked or cleans_up(attempt) or is_challenge(attempt):
            return
        for task_id in {attempt.task_id, whose_work(attempt)}:
            TaskResult.objects.update_or_create(session=attempt.session, task_id=task_id, defaults={mark: True})
        self._marked = True


_MARKS = {Mode.CARRY_OUT: "portal_changed", Mode.REPAIR: "portal_repaired"}
"""What is set once the portal has really done something."""


def _plain(rows: tuple[Source, ...] | tuple[Choice, ...]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
