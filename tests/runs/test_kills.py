"""The four tasks through a real worker, and the worker killed (-9) in the middle of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from labportal.runs.models import Attempt, TaskResult
from tests.runs.live import stream
from tests.runs.practising import carry_out, check, practising

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

TASKS = ["create-vault", "create-secret", "grant-access", "read-secret"]
EFFECTS = {
    "create-vault": {"method": "PUT", "path": r"/vaults/[^/]+$"},
    "create-secret": {"method": "PUT", "path": r"^/secrets/[^/]+/?$"},
    "grant-access": {"method": "PUT", "path": r"(?i)/accessPolicies/add$"},
    "read-secret": {"method": "POST", "path": r"/runCommand$"},
}
"""The one request by which each task changes something, or starts the proof."""


@pytest.fixture(autouse=True)
def quick_cloud(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.3, run_command=0.5):
        yield


@pytest.fixture
def quick_lease(portal_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(portal_env, "LAB_LEASE_SECONDS", "3")


def effects(practice: Practice, task_id: str, subscription_id: str) -> int:
    received = practice.requests(**EFFECTS[task_id], subscription_id=subscription_id)
    return len([one for one in received if one["status"] in {200, 201, 202}])


@pytest.mark.usefixtures("sweeper")
def test_the_lab_is_carried_out_and_validated_end_to_end(
    web: str, start_worker: Callable[[], Child], practice: Practice
) -> None:
    start_worker()
    session = practising("ada")
    with stream(web, session) as page:
        for task_id in ["preflight"]:
            attempt = check(session, task_id)
            page.until_state(attempt.pk, "finished")
        for task_id in TASKS:
            attempt = carry_out(session, task_id)
            page.until_state(attempt.pk, "finished")
            attempt.refresh_from_db()
            assert attempt.verdict == "passed", list(attempt.evidence.values("check_id", "reason", "found"))
    assert set(TaskResult.objects.values_list("task_id", "provenance")) == {
        ("preflight", "student"),
        *((task_id, "portal") for task_id in TASKS),
    }
    assert Attempt.objects.filter(verdict="passed").count() == 5


@pytest.mark.usefixtures("sweeper", "quick_lease")
@pytest.mark.parametrize("task_id", TASKS)
def test_a_killed_worker_costs_time_and_nothing_is_done_twice(
    web: str, start_worker: Callable[[], Child], practice: Practice, task_id: str
) -> None:
    session = practising(f"ada-{task_id}")
    worker = start_worker()
    with stream(web, session) as page:
        for earlier in TASKS[: TASKS.index(task_id)]:
            page.until_state(carry_out(session, earlier).pk, "finished")

        with practice.fault(**EFFECTS[task_id], delay_ms=1500, times=1):
            attempt = carry_out(session, task_id)
            page.until_state(attempt.pk, "running")  # it has begun, and the request that counts is held up
            worker.kill()
            start_worker()
            page.until_state(attempt.pk, "finished")

    attempt.refresh_from_db()
    assert attempt.verdict == "passed", list(attempt.evidence.values("check_id", "reason", "found"))
    assert attempt.fence >= 2
    assert effects(practice, task_id, session.connection.subscription_id) == 1


@pytest.mark.usefixtures("sweeper", "worker")
@pytest.mark.parametrize("task_id", TASKS[:3])
def test_an_answer_lost_after_the_effect_does_not_do_it_twice(web: str, practice: Practice, task_id: str) -> None:
    session = practising(f"eve-{task_id}")
    with stream(web, session) as page:
        for earlier in TASKS[: TASKS.index(task_id)]:
            page.until_state(carry_out(session, earlier).pk, "finished")
        with practice.fault(**EFFECTS[task_id], reset="after", times=1):
            attempt = carry_out(session, task_id)
            page.until_state(attempt.pk, "finished")

    attempt.refresh_from_db()
    assert attempt.verdict == "passed", list(attempt.evidence.values("check_id", "reason", "found"))
    assert attempt.events.filter(kind="trouble").count() == 1
    assert TaskResult.objects.get(session=session, task_id=task_id).provenance == "portal"
    assert effects(practice, task_id, session.connection.subscription_id) == 1
