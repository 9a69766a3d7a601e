"""A walk that is carried out, undone in part, done again and cleaned up, through worker, gateway and practice cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.models import Attempt, AttemptEvidence, TaskResult
from steps.kit.course import Mode
from tests.runs.live import stream
from tests.runs.practising import carry_out, practising

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

pytestmark = pytest.mark.usefixtures("sweeper")


@pytest.fixture(autouse=True)
def quick_cloud(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.2, vault_purge=0.5, policy_propagation=0):
        yield


def ended(web: str, session: LabSession, attempt: Attempt) -> Attempt:
    with stream(web, session) as page:
        page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    return attempt


def go(session: LabSession, task_id: str, mode: Mode) -> Attempt:
    return services.start(session, task_id, mode, {}).attempt


def completed(session: LabSession) -> set[str]:
    return set(session.results.filter(completed_at__isnull=False).values_list("task_id", flat=True))


def found(attempt: Attempt) -> dict[str, str]:
    return dict(AttemptEvidence.objects.filter(attempt=attempt).values_list("check_id", "found"))


@pytest.mark.usefixtures("worker")
def test_undone_done_again_and_cleaned_up_twice(web: str) -> None:
    session = practising("ada")
    for task_id in ("create-vault", "create-secret", "grant-access"):
        assert ended(web, session, carry_out(session, task_id)).verdict == "passed"
    assert ended(web, session, go(session, "grant-access", Mode.UNDO)).verdict == "passed"
    assert completed(session) == {"create-vault", "create-secret"}
    assert ended(web, session, carry_out(session, "grant-access")).verdict == "passed"

    receipt = ended(web, session, go(session, "clean-up", Mode.CARRY_OUT))
    assert receipt.verdict == "passed"
    assert found(receipt)["vaults"] == f"Nothing is left. Deleted just now: {session.vault_name}."
    assert found(receipt)["deleted-vaults"] == f"Nothing is left. Purged just now: {session.vault_name}."
    assert completed(session) == {"create-vault", "create-secret", "grant-access"}, "what was done stays done"
    assert not TaskResult.objects.filter(session=session, task_id="clean-up").exists()

    again = ended(web, session, go(session, "clean-up", Mode.CARRY_OUT))
    assert again.verdict == "passed"
    assert found(again)["vaults"] == "Nothing is left."
    assert found(receipt)["vaults"].endswith(f"{session.vault_name}."), "the receipt stays in the history"


def test_a_worker_killed_while_the_vault_is_purged_is_followed_by_one_that_ends_it(
    web: str, practice: Practice, start_worker: Callable[[], Child]
) -> None:
    first = start_worker()
    session = practising("ben")
    assert ended(web, session, carry_out(session, "create-vault")).verdict == "passed"
    with practice.conduct("timings", vault_purge=3):
        attempt = go(session, "clean-up", Mode.CARRY_OUT)
        with stream(web, session) as page:
            page.until_state(attempt.pk, "waiting")
            first.kill()
            start_worker()
            page.until_state(attempt.pk, "finished")
    attempt.refresh_from_db()
    assert attempt.verdict == "passed"
    purges = practice.requests(method="POST", path="/purge", subscription_id=session.connection.subscription_id)
    assert len(purges) == 1
