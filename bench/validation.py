"""Full validation of Tasks 1-3 with latency in every request, against the longest chain of dependent requests.

Warm (token and connections from earlier attempts, as for any student but the very first click) the chain is one
request long: every look of the three tasks is independent of the others. Cold (a worker that has never seen this
student) it is three: the sign-in metadata, the token, the look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

import httpx
import redis
from django.conf import settings
from redis.client import PubSub

from bench.figures import Figure, percentile
from bench.stack import Stack
from labportal.accounts.models import User
from labportal.connections import services as connections
from labportal.connections.azure import azure_of
from labportal.gateway.sent import unheard
from labportal.labs.models import LabSession
from labportal.labs.services import open_session
from labportal.nudges import channel
from labportal.runs import services
from labportal.runs.models import Attempt
from steps.kit.course import Mode

LAB = "key-vault-managed-identity"
TASKS = ("create-vault", "create-secret", "grant-access")
LATENCY = 50
ALLOWED = 1.3
RUNS = 20
PATIENCE = 60


def figures(stack: Stack) -> list[Figure]:
    stack.set_timings(vault_create=0.2)
    colds = [_cold(stack, number) for number in range(5)]
    session = finished_student("warm")
    stack.set_latency(LATENCY)
    warm = [validate(session) for _ in range(RUNS)]
    bare = _bare_requests(session)
    requests = _requests_of_one_validation(stack, session)
    stack.set_latency(0)
    quick = [validate(session) for _ in range(RUNS)]
    chain = "x the longest chain of dependent requests x 50 ms"
    return [
        Figure(
            "Tasks 1-3, warm, 50 ms a request, median",
            percentile(warm, 0.5),
            "ms",
            ALLOWED * LATENCY,
            f"1.3 {chain} (1 request)",
        ),
        Figure("Tasks 1-3, warm, 50 ms a request, p95", percentile(warm, 0.95), "ms"),
        Figure("the SDKs alone with the same requests, 50 ms each, median", percentile(bare, 0.5), "ms"),
        Figure("Tasks 1-3, cold (3 requests deep), 50 ms a request, median", percentile(colds, 0.5), "ms"),
        Figure("Tasks 1-3, warm, no latency, median", percentile(quick, 0.5), "ms"),
        Figure("requests to Azure in one warm validation", requests, "requests"),
    ]


def finished_student(name: str, tasks: Sequence[str] = TASKS) -> LabSession:
    """A student for whom the portal has carried out Tasks 1-3, or some of them."""
    session = open_session(User.objects.create_user(name), LAB)
    connections.prepare(session.connection_id)
    session.refresh_from_db()
    for task_id in tasks:
        _carry_out(session, task_id)
    return session


def _cold(stack: Stack, number: int) -> float:
    session = finished_student(f"cold-{number}")
    stack.restart_worker()
    stack.set_latency(LATENCY)
    try:
        return validate(session)
    finally:
        stack.set_latency(0)


def _bare_requests(session: LabSession) -> list[float]:
    """Milliseconds for the vault, the secret and the VM to be read side by side, for as many rounds."""
    azure, names = azure_of(session.connection, may_write=False, heard=unheard), session.names
    group, vault = names.resource_group, names.vault
    looks: list[Callable[[], object]] = [
        lambda: azure.vault(group, vault),
        lambda: azure.secret(group, vault, names.secret),
        lambda: azure.virtual_machine(group, names.vm),
    ]
    with ThreadPoolExecutor(len(looks)) as pool:
        return [_round(pool, looks) for _ in range(RUNS + 2)][2:]  # the first ones sign in and connect


def _round(pool: ThreadPoolExecutor, looks: Sequence[Callable[[], object]]) -> float:
    began = monotonic()
    for waiting in [pool.submit(look) for look in looks]:
        waiting.result()
    return (monotonic() - began) * 1000


def validate(session: LabSession) -> float:
    """Milliseconds from the first claim by the worker to the last verdict, by the database's clock."""
    attempts = _check(session)
    assert all(one.verdict == "passed" for one in attempts), [one.verdict for one in attempts]
    first = min(_known(one.started_at) for one in attempts)
    last = max(_known(one.finished_at) for one in attempts)
    return (last - first).total_seconds() * 1000


def _known(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment


def _carry_out(session: LabSession, task_id: str) -> None:
    with _heard(session) as nudges:
        _wait(nudges, [services.start(session, task_id, Mode.CARRY_OUT, {}).attempt])


def _check(session: LabSession) -> list[Attempt]:
    """What *Check all tasks* does, for these three."""
    with _heard(session) as nudges:
        return _wait(nudges, services.check_all(session, {task_id: {} for task_id in TASKS}))


@contextmanager
def _heard(session: LabSession) -> Iterator[PubSub]:
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as nudges:
        nudges.subscribe(channel(session.pk))
        yield nudges


def _wait(nudges: PubSub, attempts: list[Attempt]) -> list[Attempt]:
    """The attempts as they ended. Raises TimeoutError: nothing here takes a minute."""
    mine, end = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]), monotonic() + PATIENCE
    while mine.filter(finished_at=None).exists():
        if monotonic() > end:
            raise TimeoutError(f"unfinished after {PATIENCE} s: {list(mine.values())}")
        nudges.get_message(timeout=5)
    return list(mine)


def _requests_of_one_validation(stack: Stack, session: LabSession) -> int:
    httpx.delete(f"{stack.control}/requests", trust_env=False)
    validate(session)
    answer = httpx.get(f"{stack.control}/requests", trust_env=False).json()
    return len(answer["requests"])
