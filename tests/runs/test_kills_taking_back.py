"""A worker killed (-9) in the middle of each thing that mends, undoes or cleans up: it ends well, and happens once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from labportal.connections.azure import azure_of
from labportal.gateway.sent import unheard
from labportal.labs.models import LabSession
from labportal.runs import services
from labportal.runs.models import Attempt
from steps.kit.course import Mode
from tests.runs.live import stream
from tests.runs.practising import carry_out, practising

if TYPE_CHECKING:
    from launcher.child import Child
    from tests.practice_process import Practice

PATIENCE = 30.0
FIRST = {"skip": 1}
"""A new worker asks a vault first without a token, to hear where one is given out: it is not that which is held up."""
DELETES_VAULT = {"method": "DELETE", "path": r"/vaults/[^/]+$"}
PURGES_VAULT = {"method": "POST", "path": r"/purge$"}
LETS_IN = {"method": "PUT", "path": r"(?i)/accessPolicies/add$"}
TAKES_BACK = {"method": "PUT", "path": r"(?i)/accessPolicies/remove$"}


@dataclass(frozen=True)
class Case:
    """``effects`` are the requests that change something, in their order: a worker dies in each of them."""

    name: str
    task: str
    mode: Mode
    effects: tuple[dict[str, Any], ...]
    before: tuple[str, ...] = ()
    remedy: str = ""
    scenario: str = ""


WALK = ("create-vault", "create-secret", "grant-access")
CASES = (
    Case(
        "mend-vm",
        "preflight",
        Mode.REPAIR,
        ({"method": "POST", "path": "/start$"},),
        remedy="start-vm",
        scenario="vm-deallocated",
    ),
    Case(
        "mend-secret",
        "create-secret",
        Mode.REPAIR,
        ({"method": "PATCH", "path": "^/secrets/"},),
        WALK[:2],
        remedy="enable-secret",
        scenario="secret-disabled",
    ),
    Case(
        "new-version",
        "create-secret",
        Mode.REPAIR,
        ({"method": "PUT", "path": "^/secrets/"},),
        WALK[:2],
        remedy="new-version",
        scenario="secret-disabled",
    ),
    Case("mend-access", "grant-access", Mode.REPAIR, (LETS_IN,), WALK[:2], remedy="add-policy-for-vm"),
    Case("undo-vault", "create-vault", Mode.UNDO, (DELETES_VAULT, PURGES_VAULT), WALK[:1]),
    Case(
        "undo-secret",
        "create-secret",
        Mode.UNDO,
        (
            LETS_IN,
            FIRST | {"method": "DELETE", "path": "^/secrets/"},
            {"method": "DELETE", "path": "^/deletedsecrets/"},
            TAKES_BACK,
        ),
        WALK[:2],
    ),
    Case("undo-access", "grant-access", Mode.UNDO, (TAKES_BACK,), WALK),
    Case("clean-up", "clean-up", Mode.CARRY_OUT, (DELETES_VAULT, PURGES_VAULT), WALK),
)


@pytest.fixture(autouse=True)
def quick(practice: Practice, portal_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(portal_env, "LAB_LEASE_SECONDS", "3")
    at_once = ("vault_create", "vault_purge", "policy_propagation", "vm_power", "vault_delete", "secret_delete")
    with practice.conduct("timings", **dict.fromkeys(at_once, 0.2)):
        yield


def until_seen(practice: Practice, fault: str) -> None:
    """The request that counts is there, and held up."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if any(one["id"] == fault and one["seen"] > one["skip"] for one in practice.ask("GET", "/faults")["faults"]):
            return
        time.sleep(0.05)
    raise AssertionError("the request never came")


def done(practice: Practice, effect: dict[str, Any], session: LabSession, since: int) -> list[dict[str, Any]]:
    where = {key: effect[key] for key in ("method", "path")}
    asked = practice.requests(**where, subscription_id=session.connection.subscription_id, since=since)
    return [one for one in asked if one["status"] in {200, 201, 202, 204}]


def prepared(case: Case, web: str, practice: Practice) -> LabSession:
    session = practising(f"ada-{case.name}")
    with stream(web, session) as page:
        for task_id in case.before:
            page.until_state(carry_out(session, task_id).pk, "finished")
    if case.scenario:
        names = {"vault": session.vault_name, "secret": session.secret_name}
        place = f"/students/{session.connection.subscription_id}/scenarios"
        practice.ask("POST", place, {"name": case.scenario, **names})
    return session


@pytest.mark.usefixtures("sweeper")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_workers_killed_in_the_middle_cost_time_and_nothing_is_done_twice(
    web: str, start_worker: Callable[[], Child], practice: Practice, case: Case
) -> None:
    worker = start_worker()
    session = prepared(case, web, practice)
    since = practice.seen()
    faults = [practice.add_fault(**one, delay_ms=1500, times=1) for one in case.effects]
    attempt = services.start(session, case.task, case.mode, {}, case.remedy).attempt
    try:
        with stream(web, session, timeout=60) as page:
            for fault in faults:
                until_seen(practice, fault)
                worker.kill()
                worker = start_worker()
            page.until_state(attempt.pk, "finished", "cancelled", "lost")
    finally:
        practice.ask("DELETE", "/faults")

    attempt.refresh_from_db()
    assert attempt.verdict == "passed", list(attempt.evidence.values("check_id", "reason", "found"))
    assert attempt.fence > len(case.effects)
    assert [len(done(practice, one, session, since)) for one in case.effects] == [1] * len(case.effects)
    assert_the_portal_kept_no_right(case, session, attempt)


def assert_the_portal_kept_no_right(case: Case, session: LabSession, attempt: Attempt) -> None:
    """Undone is undone; and what was cleaned up holds no vault, there or deleted."""
    azure = azure_of(session.connection, may_write=False, heard=unheard)
    vault = azure.vault(session.resource_group, session.vault_name).value
    if case.name in {"undo-vault", "clean-up"}:
        assert vault is None
        assert session.vault_name not in {one.name for one in azure.deleted_vaults().value}
    if case.name == "undo-secret":
        assert vault is not None
        mine = [one for one in vault.access_policies if one.object_id == azure.caller_object_id()]
        assert not {right for one in mine for right in one.secrets} & {"purge"}
    assert attempt.events.filter(kind="ended").count() == 1
