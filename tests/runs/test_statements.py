"""The written-out statements say all that their tables have, and mean what the models mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db.models import Model

from labportal.runs import statements
from labportal.runs.models import Attempt, AttemptEvent, AttemptEvidence, TaskResult
from labportal.runs.services import reopen

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)

if TYPE_CHECKING:
    from labportal.labs.models import LabSession


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (AttemptEvent, {"id", "at", *statements.EVENT}),
        (AttemptEvidence, {"id", "at", *statements.EVIDENCE}),
        (TaskResult, {"id", *statements.RESULT}),
    ],
)
def test_no_column_is_forgotten(model: type[Model], named: set[str]) -> None:
    assert named == {field.column for field in model._meta.concrete_fields}


@pytest.fixture
def attempt(session: LabSession) -> Attempt:
    return Attempt.objects.create(session=session, task_id="t1", mode="validate", state="running", fence=3)


def test_events_are_stored_in_their_order_and_the_newest_is_known(attempt: Attempt) -> None:
    detail = {"sources": [{"path": "/ä"}], "did": True}
    newest = statements.add_events([(attempt.pk, "done", "a", "first", detail), (attempt.pk, "ended", "", "last", {})])
    first, last = attempt.events.all()
    assert (first.kind, first.step_id, first.text, first.detail) == ("done", "a", "first", detail)
    assert (last.pk, last.text, last.detail) == (newest, "last", {})
    assert abs((last.at - attempt.created_at).total_seconds()) < 60


def test_the_latest_look_at_a_check_replaces_the_one_before(attempt: Attempt) -> None:
    for found in ("nothing", "a vault"):
        row = (attempt.pk, "exists", 0, "The vault exists", "passed", "ok", "a vault", found, "", [{"status": 200}])
        statements.keep_evidence([(*row, [])])
    kept = AttemptEvidence.objects.get()
    assert (kept.found, kept.sources, kept.position) == ("a vault", [{"status": 200}], 0)


@pytest.mark.parametrize(("fence", "state"), [(2, "running"), (3, "cancelled")])
def test_only_whoever_has_an_attempt_ends_it(attempt: Attempt, fence: int, state: str) -> None:
    Attempt.objects.update(state=state)
    assert not statements.end_attempt(attempt.pk, fence, {"state": "finished"})
    attempt.refresh_from_db()
    assert (attempt.state, attempt.finished_at) == (state, None)


def test_an_end_stores_what_it_is_given_and_lets_go(attempt: Attempt) -> None:
    Attempt.objects.update(claims=2, lease_until="2026-01-01T00:00Z", due_at="2026-01-01T00:00Z")
    changes = {"state": "finished", "verdict": "passed", "progress": {"step": 2}}
    assert statements.end_attempt(attempt.pk, 3, changes)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict, attempt.progress) == ("finished", "passed", {"step": 2})
    assert (attempt.claims, attempt.lease_until, attempt.due_at) == (0, None, None)
    assert attempt.finished_at is not None
    assert abs((attempt.finished_at - attempt.created_at).total_seconds()) < 60


@pytest.mark.parametrize("known", [False, True])
def test_the_first_pass_completes_a_task_and_no_later_one_changes_that(attempt: Attempt, known: bool) -> None:
    session, by_portal = attempt.session, TaskResult.objects.filter(portal_changed=True)
    if known:
        TaskResult.objects.create(session=session, task_id="t1")
    for one in (attempt, Attempt.objects.create(session=session, task_id="t1", mode="validate", state="finished")):
        statements.complete(session.pk, "t1", one.pk, on_behalf=False)
        session.results.update(portal_changed=True)
    result = by_portal.get()
    assert result.completed_at is not None
    assert (result.completed_by, result.provenance) == (attempt, TaskResult.Provenance.STUDENT)


def test_what_the_portal_changed_is_the_portals(attempt: Attempt) -> None:
    TaskResult.objects.create(session=attempt.session, task_id="t1", portal_changed=True)
    statements.complete(attempt.session_id, "t1", attempt.pk, on_behalf=False)
    assert TaskResult.objects.get().provenance == TaskResult.Provenance.PORTAL


@pytest.mark.parametrize(("anew", "on_behalf", "done"), [(0, 0, "first"), (0, 1, "first"), (1, 0, "now"), (1, 1, "")])
def test_what_an_instructor_opened_again_counts_as_they_said(
    attempt: Attempt, anew: bool, on_behalf: bool, done: str
) -> None:
    statements.complete(attempt.session_id, "t1", attempt.pk, on_behalf=False)
    TaskResult.objects.update(completed_at=FIRST)
    assert reopen(attempt.session, "t1", anew=bool(anew)) is False, "something is under way"
    Attempt.objects.update(state="finished")
    assert reopen(attempt.session, "t1", anew=bool(anew))
    statements.complete(attempt.session_id, "t1", attempt.pk, on_behalf=bool(on_behalf))
    result = TaskResult.objects.get()
    assert result.completed_at is None or result.provenance == TaskResult.Provenance.STUDENT
    expected = {"first": result.completed_at == FIRST, "now": (result.completed_at or FIRST) > FIRST}
    assert expected.get(done, result.completed_at is None)
    assert (result.own_only, result.counts_from) == (done == "", None)
    assert (result.completed_by is None) is (done == "")
