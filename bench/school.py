"""A large class, as the portal would have stored it after weeks: 10,000 students, 200,000 attempts.

The rows are written in bulk and the follower's own code makes the standings of them, so what the pages read is what
they would read. Students get on in different ways: some have not begun, some are done, most are somewhere between and
stopped by something.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from labportal.accounts.models import User
from labportal.classes.models import LabClass, Membership
from labportal.connections.models import Connection
from labportal.labs.models import LabSession
from labportal.runs.models import Attempt, AttemptEvent, AttemptEvidence, TaskResult
from labportal.standings.follower import rebuild
from labportal.standings.models import Standing
from steps.kit.lab import Lab
from steps.registry import LABS

LAB: Lab = next(iter(LABS.values()))
STUDENTS = 10_000
ATTEMPTS_EACH = 20
AT_ONCE = 1_000
OBSTACLES = {
    "preflight": ("vm", ("vm_not_running", "vm_missing", "rights_missing")),
    "create-vault": ("vault", ("vault_missing", "vault_in_rbac_mode", "vault_in_other_region", "vault_elsewhere")),
    "create-secret": ("secret", ("secret_missing", "secret_disabled", "secret_expired")),
    "grant-access": (
        "access",
        ("policy_missing", "policy_without_get", "policy_with_application", "policy_in_other_vault"),
    ),
    "read-secret": ("proof", ("token_of_other_identity", "vm_command_failed")),
}
"""A check of each task, and for what reasons it stops people; the first reason is the most frequent."""


@dataclass(frozen=True, slots=True)
class School:
    lab_class: LabClass
    cookies: dict[str, str]  # of an instructor who is signed in
    seconds_to_rebuild: float


def make_school(students: int = STUDENTS) -> School:
    """Takes about a minute for the full size."""
    chance = random.Random(4)
    lab_class = LabClass.objects.create(lab_id=LAB.id, name="The whole year")
    teacher = User.objects.create_user("teacher")
    Membership.objects.create(lab_class=lab_class, user=teacher, role=Membership.Role.INSTRUCTOR, name="Teacher")
    for first in range(0, students, AT_ONCE):
        with transaction.atomic():
            _add(lab_class, range(first, min(first + AT_ONCE, students)), chance)
    began = perf_counter()
    rebuild()
    seconds = perf_counter() - began
    client = Client()
    client.force_login(teacher)
    return School(lab_class, {name: morsel.value for name, morsel in client.cookies.items()}, seconds)


def _add(lab_class: LabClass, numbers: Sequence[int], chance: random.Random) -> None:
    users = User.objects.bulk_create([User(username=f"school-{number}") for number in numbers])
    standings = Standing.objects.bulk_create([Standing(user=user, lab_id=LAB.id) for user in users])
    Membership.objects.bulk_create(
        Membership(lab_class=lab_class, user=user, standing=standing, name=f"{_name(user.pk)} {user.pk:05}")
        for user, standing in zip(users, standings, strict=True)
    )
    connections = Connection.objects.bulk_create(
        [Connection(user=user, practice_key=uuid.uuid4(), state=Connection.State.READY) for user in users]
    )
    sessions = LabSession.objects.bulk_create(
        [
            LabSession(user=user, lab_id=LAB.id, connection=connection, vault_name=f"kv-{user.pk}")
            for user, connection in zip(users, connections, strict=True)
        ]
    )
    now = timezone.now()
    _add_work(sessions, {session.pk: chance.randrange(len(LAB.tasks) + 1) for session in sessions}, now, chance)


def _add_work(sessions: Sequence[LabSession], done: dict[int, int], now: datetime, chance: random.Random) -> None:
    attempts, evidence = [], []
    for session in sessions:
        for attempt, row in _work(session, done[session.pk], now, chance):
            attempts.append(attempt)
            evidence.append(row)
    Attempt.objects.bulk_create(attempts, batch_size=5_000)
    began = F("finished_at") - timedelta(seconds=3)
    Attempt.objects.filter(session__in=sessions).update(created_at=began)  # auto_now_add had put now there
    AttemptEvidence.objects.bulk_create(evidence, batch_size=5_000)
    AttemptEvent.objects.bulk_create(
        [AttemptEvent(attempt=attempt, kind=AttemptEvent.Kind.ENDED, text="Not there yet.") for attempt in attempts],
        batch_size=5_000,
    )
    TaskResult.objects.bulk_create(
        TaskResult(
            session=session,
            task_id=task.id,
            completed_at=now - timedelta(minutes=chance.randrange(3_000)),
            provenance=chance.choice(TaskResult.Provenance.values),
            hints_seen=chance.randrange(3),
        )
        for session in sessions
        for task in LAB.tasks[: done[session.pk]]
    )


def _work(
    session: LabSession, done: int, now: datetime, chance: random.Random
) -> Iterator[tuple[Attempt, AttemptEvidence]]:
    """Several looks at each task that is done, the last of which passed; the rest at the one that is not."""
    at = now - timedelta(minutes=chance.randrange(200, 3_000))
    for number in range(ATTEMPTS_EACH):
        share = number * (min(done, len(LAB.tasks) - 1) + 1) // ATTEMPTS_EACH
        task = LAB.tasks[share]
        at += timedelta(seconds=chance.randrange(20, 400))
        last = (number + 1) * (min(done, len(LAB.tasks) - 1) + 1) // ATTEMPTS_EACH > share
        verdict = "passed" if last and share < done else "not_yet"
        attempt = Attempt(
            session=session,
            task_id=task.id,
            mode="validate",
            state=Attempt.State.FINISHED,
            verdict=verdict,
            finished_at=at + timedelta(seconds=3),
        )
        check_id, reasons = OBSTACLES[task.id]
        reason = "ok" if verdict == "passed" else reasons[min(int(chance.expovariate(1)), len(reasons) - 1)]
        yield (
            attempt,
            AttemptEvidence(
                attempt=attempt,
                check_id=check_id,
                position=0,
                title="What was looked at",
                verdict=verdict,
                reason=reason,
                wanted="",
                found="",
            ),
        )


def _name(number: int) -> str:
    return ("Ada", "Ben", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Göran", "Håkon")[number % 8]
