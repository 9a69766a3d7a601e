"""Rows as the engine would leave them: a student's walk through the lab in any state."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from labportal.accounts.models import User
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.ledger.models import AzureCall
from labportal.runs.models import Attempt, AttemptEvent, AttemptEvidence, TaskResult
from steps.kit.course import Mode
from steps.kit.task import Task
from steps.kit.verdict import Source, Verdict
from steps.registry import LABS

LAB = next(iter(LABS.values()))
TASK = LAB.tasks[1]
SOURCE = Source("GET", "/subscriptions/sub-ada/resourceGroups/rg-lab/providers/vaults/kv-ada", 200, "request-4711")
State, Kind = Attempt.State, AttemptEvent.Kind


def person(name: str, *, guest: bool = False) -> User:
    return User.objects.create_user(name, password=None if guest else f"{name}-knows-this-1", is_guest=guest)


def preparing_session(user: User, problem: str = "") -> LabSession:
    connection = Connection.objects.create(user=user, cloud=Connection.Cloud.PRACTICE, problem=problem)
    return LabSession.objects.create(user=user, lab_id=LAB.id, connection=connection)


def ready_session(user: User) -> LabSession:
    connection = Connection.objects.create(
        user=user,
        cloud=Connection.Cloud.PRACTICE,
        state=Connection.State.READY,
        tenant_id=f"tenant-of-{user.username}",
        subscription_id=f"sub-{user.username}",
        client_id="client",
    )
    return LabSession.objects.create(
        user=user,
        lab_id=LAB.id,
        connection=connection,
        resource_group="rg-lab",
        location="westeurope",
        vm_name="vm-lab",
        vault_name=f"kv-{user.username}",
        secret_name="lab-secret",
    )


def attempt(
    session: LabSession,
    task: Task = TASK,
    *,
    state: Attempt.State = State.FINISHED,
    verdict: Verdict | None = None,
    mode: Mode = Mode.VALIDATE,
    **more: Any,
) -> Attempt:
    ended = state not in (State.QUEUED, State.RUNNING, State.WAITING)
    made = Attempt.objects.create(
        session=session,
        task_id=task.id,
        mode=mode.value,
        state=state,
        verdict=verdict.value if verdict else "",
        finished_at=timezone.now() + timedelta(seconds=2) if ended else None,
        **more,
    )
    line(made, Kind.QUEUED, "You asked for a check.")
    return made


def line(attempt: Attempt, kind: AttemptEvent.Kind, text: str, **detail: Any) -> AttemptEvent:
    return AttemptEvent.objects.create(attempt=attempt, kind=kind, text=text, detail=detail)


def evidence(attempt: Attempt, task: Task = TASK, verdict: Verdict = Verdict.PASSED, at: int = 0) -> AttemptEvidence:
    """What the check at position ``at`` found."""
    check = task.checks[at]
    line(attempt, Kind.CHECKED, check.title, verdict=verdict.value)
    return AttemptEvidence.objects.create(
        attempt=attempt,
        check_id=check.id,
        position=at,
        title=check.title,
        verdict=verdict.value,
        reason="reason-id",
        wanted="A key vault kv-ada in rg-lab.",
        found="It is there." if verdict is Verdict.PASSED else "There is no vault kv-ada.",
        next_step="" if verdict is Verdict.PASSED else "Create kv-ada as the guide shows.",
        sources=[asdict(SOURCE)],
    )


def finished(session: LabSession, task: Task = TASK, verdict: Verdict = Verdict.PASSED) -> Attempt:
    """A check that has ended, with its evidence."""
    made = attempt(session, task, verdict=verdict)
    for at in range(len(task.checks)):
        evidence(made, task, verdict if at == 0 else Verdict.PASSED, at)
    line(made, Kind.ENDED, "That is all.")
    return made


def asked(session: LabSession, made: Attempt | None = None, **more: Any) -> AzureCall:
    """A request to Azure, sent for that attempt or for none."""
    told = {
        "method": "GET",
        "host": "management.azure.com",
        "path": SOURCE.path,
        "status": 200,
        "request_id": "request-1",
    }
    told |= {"writes": False, "milliseconds": 48, "at": timezone.now()}
    return AzureCall.objects.create(connection=session.connection, attempt=made, **(told | more))


def completed(session: LabSession, task: Task = TASK, *, by_portal: bool = False) -> TaskResult:
    who = TaskResult.Provenance.PORTAL if by_portal else TaskResult.Provenance.STUDENT
    return TaskResult.objects.create(
        session=session,
        task_id=task.id,
        provenance=who,
        completed_at=timezone.now(),
        completed_by=finished(session, task),
        portal_changed=by_portal,
    )
