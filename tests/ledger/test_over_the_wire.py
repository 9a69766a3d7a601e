"""The ledger beside what the practice cloud really received, with the portal's own worker between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from labportal.connections.sealing import open_sealed
from labportal.labs.models import LabSession
from labportal.ledger.models import AzureCall
from labportal.runs import services
from tests.runs.live import stream
from tests.runs.practising import LAB, carry_out, check, practising

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

TOKEN = re.compile(rb"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
CHECKED = ("create-vault", "create-secret", "grant-access")
Told = tuple[Any, ...]


@pytest.fixture(autouse=True)
def quick_cloud(practice: Practice) -> Iterator[None]:
    with practice.conduct("timings", vault_create=0.3, run_command=0.5):
        yield


def told(session: LabSession, **only: Any) -> Counter[Told]:
    """What the ledger says, as the practice cloud words it: 0 where nothing was answered, with no id then."""
    calls = AzureCall.objects.filter(connection=session.connection_id, **only)
    return Counter(
        (call.method, call.host, call.path.partition("?")[0], call.status or 0, call.request_id) for call in calls
    )


def received(practice: Practice, since: int) -> Counter[Told]:
    """All that reached the practice cloud from the portal: what a machine asks is the student's own."""
    return Counter(
        (one["method"], one["host"], one["path"], one["status"], one["request_id"] if one["status"] else "")
        for one in practice.requests(since=since)
        if one["origin"] == "proxy"
    )


def shown(session: LabSession, web: str) -> dict[str, bytes]:
    """The page and the file, as the web process serves them."""
    client = Client()
    client.force_login(session.user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    addresses = [reverse(name, args=[LAB]) for name in ("ledger:calls", "ledger:csv")]
    with httpx.Client(base_url=web, cookies=cookies, trust_env=False) as browser:
        return {address: browser.get(address).raise_for_status().content for address in addresses}


@pytest.mark.usefixtures("worker", "sweeper")
def test_all_that_reached_azure_is_told_and_nothing_else(web: str, practice: Practice) -> None:
    since = practice.seen()
    session = practising("ada")
    with stream(web, session) as page:
        looked = check(session, "create-vault")
        page.until_state(looked.pk, "finished")
        assert told(session) == received(practice, since) == told(session, attempt=looked, writes=False)

        for task_id in CHECKED:
            page.until_state(carry_out(session, task_id).pk, "finished")
        with practice.fault(host="management", method="GET", reset="before", times=2):
            page.until_state(check(session, "create-vault").pk, "waiting")
    assert told(session) == received(practice, since)
    writes = (
        AzureCall.objects.filter(writes=True).order_by("id").values_list("attempt__mode", "method", "attempt__task_id")
    )
    assert list(writes.filter(status__lt=300)) == [("carry_out", "PUT", task_id) for task_id in CHECKED]
    assert {mode for mode, _, _ in writes} == {"carry_out"}, "also of those that a vault first asks to sign in"
    changing = [one for one in received(practice, since) if one[0] in ("PUT", "PATCH", "DELETE")]
    assert Counter(changing) == told(session, writes=True)
    assert set(AzureCall.objects.filter(status=None).values_list("no_answer", flat=True)) == {"broken_off"}


@pytest.mark.usefixtures("worker", "sweeper")
def test_what_checks_share_is_told_once_for_the_one_that_asked(web: str, practice: Practice) -> None:
    session = practising("bob")
    with stream(web, session) as page:
        for task_id in CHECKED:
            page.until_state(carry_out(session, task_id).pk, "finished")
        since = practice.seen()
        attempts = services.check_all(session, {task_id: {} for task_id in CHECKED})
        under_way = {attempt.pk for attempt in attempts}
        while under_way:
            _, _, heard = page.next()
            under_way -= {heard["attempt"]} if heard["state"] == "finished" else set()
    assert {attempt.session_id for attempt in attempts} == {session.pk}
    asked = told(session, attempt__in=attempts)
    assert asked == received(practice, since)
    assert max(asked.values()) == 1
    looks = Counter(one[:3] for one in asked)
    assert max(looks.values()) == 1, "three tasks ask about one vault, and Azure is asked once"


@pytest.mark.usefixtures("worker", "sweeper")
def test_neither_the_secret_nor_a_credential_is_in_it(web: str) -> None:
    session = practising("carol")
    with stream(web, session) as page:
        for task_id in (*CHECKED, "read-secret"):
            page.until_state(carry_out(session, task_id).pk, "finished")
    credential = open_sealed(session.connection.sealed_secret, place=session.connection.place_of_secret)
    for address, content in shown(session, web).items():
        assert session.vault_name.encode() in content, address
        assert b"Write" in content or b"write" in content, address
        assert credential.encode() not in content, address
        assert not TOKEN.search(content), address


@pytest.mark.usefixtures("sweeper")
def test_a_killed_worker_takes_along_only_what_it_had_not_stored(
    web: str,
    start_worker: Callable[[], Child],
    practice: Practice,
    portal_env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(portal_env, "LAB_LEASE_SECONDS", "3")
    since = practice.seen()
    session = practising("dora")
    worker = start_worker()
    with stream(web, session) as page:
        page.until_state(check(session, "preflight").pk, "finished")
        before = told(session)
        assert before == received(practice, since)
        with practice.fault(method="PUT", path=r"/vaults/[^/]+$", delay_ms=1500, times=1):
            attempt = carry_out(session, "create-vault")
            page.until_state(attempt.pk, "running")
            worker.kill()
            start_worker()
            page.until_state(attempt.pk, "finished")
    after, all_of_it = told(session), received(practice, since)
    assert not after - all_of_it, "nothing is told that was not asked"
    assert not before - after, "what was stored stays"
    lost = all_of_it - after
    assert all(one[2].startswith(("/subscriptions/", f"/{session.connection.tenant_id}/")) for one in lost)
    assert len(lost) < len(after)
