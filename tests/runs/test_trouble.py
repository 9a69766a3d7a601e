"""Redis gone, Redis wiped, Azure in trouble: every accepted click still ends in a visible final state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import redis

from labportal import post
from labportal.runs.models import Attempt, AttemptEvidence
from labportal.runs.services import check_now
from tests.runs.live import stream
from tests.runs.practising import carry_out, check, practising

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

pytestmark = pytest.mark.usefixtures("sweeper")


@pytest.fixture(autouse=True)
def quick_cloud(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.3, run_command=0.3):
        yield


def test_a_click_whose_message_was_lost_is_found_by_the_sweeper(
    web: str, redis_url: str, start_worker: Callable[[], Child]
) -> None:
    session = practising("ada")
    attempt = check(session, "create-vault")
    with redis.Redis.from_url(redis_url) as client:
        assert post.until_sent(10)
        client.flushall()  # the job is gone before any worker saw it
    start_worker()
    with stream(web, session) as page:
        page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    assert attempt.verdict == "not_yet"


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "headers": {"Retry-After": "1"}},
        {"status": 429},
        {"status": 503},
        {"reset": "before"},
        {"reset": "after"},
    ],
    ids=["429 with Retry-After", "429", "503", "reset", "reset after"],
)
def test_azure_in_trouble_is_could_not_tell_and_then_the_truth(
    web: str, practice: Practice, fault: dict[str, Any]
) -> None:
    session = practising("ada")
    with stream(web, session) as page:
        page.until_state(carry_out(session, "create-vault").pk, "finished")
        with practice.fault(host="management.azure.com", **fault):
            attempt = check(session, "create-vault")
            page.until_state(attempt.pk, "waiting")
        unclear = AttemptEvidence.objects.filter(attempt=attempt)
        assert {one.verdict for one in unclear} == {"could_not_tell"}
        assert all(one.sources for one in unclear)
        check_now(attempt)
        page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    assert attempt.verdict == "passed"


@pytest.mark.usefixtures("worker")
def test_a_rejected_credential_is_never_held_against_the_student(web: str, practice: Practice) -> None:
    session = practising("ada")
    body = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
    with stream(web, session) as page, practice.fault(host="login", path="/token", status=401, body=body):
        attempt = check(session, "create-vault")
        page.until_state(attempt.pk, "finished", "waiting")
    assert AttemptEvidence.objects.filter(attempt=attempt, verdict="not_yet").count() == 0
    assert Attempt.objects.get(pk=attempt.pk).verdict in {"", "could_not_tell"}
