"""Workers killed (-9) while the challenge has the machine's access away: it ends well, and the access is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models.functions import Now

from labportal.connections.azure import azure_of
from labportal.gateway.sent import unheard
from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.cut_short import MAX_CLAIMS
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.runs.live import stream
from tests.runs.practising import carry_out, practising
from tests.runs.test_kills import TASKS
from tests.runs.test_kills_taking_back import LETS_IN, TAKES_BACK, done, until_seen

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

    StartWorker = Callable[[], Child]

pytestmark = pytest.mark.usefixtures("sweeper")
RUNS = {"method": "POST", "path": "/runCommand$"}
MOMENTS: dict[str, dict[str, Any]] = {
    "taken-away": TAKES_BACK,
    "asked-without": RUNS,
    "put-back": LETS_IN,
    "asked-with": RUNS | {"skip": 1},
}
FORESEEN = {"prediction": "refused"}


@pytest.fixture(autouse=True)
def quick(practice: Practice, portal_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(portal_env, "LAB_LEASE_SECONDS", "3")
    with practice.conduct("timings", vault_create=0.2, run_command=0.3, policy_propagation=0.2):
        yield


def walked(name: str, web: str) -> LabSession:
    """All four tasks are done."""
    session = practising(name)
    with stream(web, session) as page:
        for task_id in TASKS:
            page.until_state(carry_out(session, task_id).pk, "finished")
    return session


def dare(session: LabSession) -> Attempt:
    return services.start(session, "challenge", Mode.CARRY_OUT, FORESEEN).attempt


def access_of_the_machine(practice: Practice, session: LabSession) -> set[str]:
    """What its policy in the vault lets it do with secrets."""
    machine = practice.ask("GET", f"/students/{session.connection.subscription_id}")["vm_principal_id"]
    azure = azure_of(session.connection, may_write=False, heard=unheard)
    vault = azure.vault(session.resource_group, session.vault_name).value
    assert vault is not None
    return {right for policy in vault.access_policies if policy.object_id == machine for right in policy.secrets}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_ends_it(
    web: str, start_worker: StartWorker, practice: Practice, moment: str
) -> None:
    worker = start_worker()
    session = walked(f"ada-{moment}", web)
    before, since = access_of_the_machine(practice, session), practice.seen()
    with practice.fault(**MOMENTS[moment], delay_ms=1500, times=1) as fault, stream(web, session, timeout=60) as page:
        attempt = dare(session)
        until_seen(practice, fault)
        worker.kill()
        start_worker()
        page.until_state(attempt.pk, "finished", "cancelled", "lost")

    attempt.refresh_from_db()
    assert attempt.verdict == "passed", list(attempt.evidence.values("check_id", "reason", "found"))
    assert attempt.fence >= 2
    assert "get" in before
    assert access_of_the_machine(practice, session) == before
    assert [len(done(practice, one, session, since)) for one in (TAKES_BACK, LETS_IN)] == [1, 1]


def test_cancelled_while_no_worker_lives_it_is_put_back_by_the_next(
    web: str, start_worker: StartWorker, practice: Practice
) -> None:
    worker = start_worker()
    session = walked("ben", web)
    before, since = access_of_the_machine(practice, session), practice.seen()
    with practice.conduct("timings", run_command=30), stream(web, session, timeout=60) as page:
        attempt = dare(session)
        page.until_state(attempt.pk, "waiting")
        assert access_of_the_machine(practice, session) == set(), "it is away, and the machine is asking"
        worker.kill()
        services.cancel(attempt)
        with practice.fault(**LETS_IN, delay_ms=1500, times=1) as fault:
            worker = start_worker()
            until_seen(practice, fault)
            worker.kill()  # also while it is being put back
            start_worker()
            page.until_state(attempt.pk, "finished", "cancelled", "lost")

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict) == ("cancelled", "")
    assert access_of_the_machine(practice, session) == before
    assert [len(done(practice, one, session, since)) for one in (TAKES_BACK, LETS_IN)] == [1, 1]
    assert attempt.events.filter(kind="ended").count() == 1


def test_given_up_as_lost_it_is_put_back_first(web: str, start_worker: StartWorker, practice: Practice) -> None:
    worker = start_worker()
    session = walked("eve", web)
    before = access_of_the_machine(practice, session)
    with practice.conduct("timings", run_command=30), stream(web, session, timeout=60) as page:
        attempt = dare(session)
        page.until_state(attempt.pk, "waiting")
        worker.kill()
        Attempt.objects.filter(pk=attempt.pk).update(claims=MAX_CLAIMS, due_at=Now())  # as if others had died with it
        start_worker()
        page.until_state(attempt.pk, "finished", "cancelled", "lost")

    attempt.refresh_from_db()
    assert (attempt.state, attempt.verdict, attempt.problem) == ("lost", "could_not_tell", "lost")
    assert "get" in before
    assert access_of_the_machine(practice, session) == before
