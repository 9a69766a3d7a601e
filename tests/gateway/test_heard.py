"""What is told of the requests that leave: each once, as it was, and nothing of what was in it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from labportal.gateway import Cloud, open_azure
from labportal.gateway.clients import clients_of
from labportal.gateway.guard import Refused
from labportal.gateway.sdk import SdkAzure
from labportal.gateway.sent import NoAnswer, Sent
from labportal.gateway.transport import Limits
from steps.kit.azure import Azure, AzureProblem
from tests.gateway.stage import Stage, Student, ended

CANARY = "canary-3f1b6c"


@contextmanager
def hearing(student: Student, *, may_write: bool = True) -> Iterator[tuple[Azure, list[Sent]]]:
    """What is told meanwhile, which is all that the cloud received: by request id, in any order."""
    heard: list[Sent] = []
    before = student.stage.practice.seen()
    yield open_azure(student.stage.cloud, student.who, may_write=may_write, heard=heard.append), heard
    received = student.stage.practice.requests(since=before)
    assert Counter(map(as_received, heard)) == Counter(map(as_recorded, received))


def as_received(call: Sent) -> tuple[Any, ...]:
    path, _, query = call.path.partition("?")
    assert query == "" or query.startswith("api-version=")
    return (call.method, call.host, path, call.status, call.request_id)


def as_recorded(request: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(request[name] for name in ("method", "host", "path", "status", "request_id"))


def test_each_request_is_told_once_with_the_tokens_that_it_needed(student: Student) -> None:
    with hearing(student, may_write=False) as (azure, heard):
        azure.subscription()
        azure.subscription()
    assert [call.method for call in heard] == ["GET", "POST", "GET", "GET"]
    assert [call.host for call in heard] == ["login.microsoftonline.com"] * 2 + ["management.azure.com"] * 2
    assert not any(call.writes or call.no_answer for call in heard)
    assert all(0 < call.milliseconds < 10_000 for call in heard)
    assert sorted(call.at for call in heard) == [call.at for call in heard]


def test_a_token_that_threads_share_is_told_once(stage: Stage, student: Student) -> None:
    stage.put("latency", ms=30, jitter_ms=0)
    with hearing(student, may_write=False) as (azure, heard), ThreadPoolExecutor(6) as pool:
        for look in [pool.submit(azure.subscription) for _ in range(6)]:
            look.result()
    assert len([call for call in heard if call.host == "login.microsoftonline.com"]) == 2
    assert len(heard) == 2 + 6


def test_what_changes_something_is_marked_and_the_machines_script_is_not(student: Student) -> None:
    with hearing(student) as (azure, heard):
        begun = azure.create_vault(
            student.group,
            student.vault_name,
            location=student.told.location,
            tenant_id=student.told.tenant_id,
            policies=(),
        )
        ended(begun, azure.resume_create_vault)
        ended(azure.run_powershell(student.group, student.told.vm, "whoami"), azure.resume_run_powershell)
        azure.delete_vault(student.group, student.vault_name)
    assert [call.method for call in heard if call.writes] == ["PUT", "DELETE"]
    assert any(call.method == "POST" and "/runCommand" in call.path for call in heard if not call.writes)


def test_what_is_refused_never_left_and_is_not_told(student: Student) -> None:
    with hearing(student, may_write=False) as (azure, heard), pytest.raises(Refused):
        azure.delete_vault(student.group, student.vault_name)
    assert heard == []


def test_no_secret_no_token_and_no_query_is_told(student: Student, vault_ready: str) -> None:
    with hearing(student) as (azure, heard):
        azure.set_secret(f"https://{vault_ready}.vault.azure.net/", "name", CANARY)
        azure.deleted_vaults()
    told = repr(heard)
    assert "/secrets/name" in told
    for hidden in (CANARY, student.who.client_secret, "eyJ", "skiptoken"):
        assert hidden not in told


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_breaks_is_told_with_no_answer(student: Student, when: str) -> None:
    heard: list[Sent] = []
    azure = open_azure(student.stage.cloud, student.who, may_write=False, heard=heard.append)
    azure.subscription()
    student.fault(reset=when)
    with pytest.raises(AzureProblem):
        azure.subscription()
    last = heard[-1]
    assert (last.status, last.request_id, last.no_answer) == (None, "", NoAnswer.BROKEN_OFF)


def test_an_answer_that_does_not_come_in_time_is_told_with_how_long_was_waited(student: Student) -> None:
    heard: list[Sent] = []
    clients = clients_of(student.stage.cloud, student.who, Limits(connect=0.3, read=0.2))
    student.stage.fault(host="login", path=student.told.tenant_id, delay_ms=600)
    with pytest.raises(AzureProblem):
        SdkAzure(clients, may_write=False, heard=heard.append).subscription()
    assert [(call.status, call.no_answer) for call in heard] == [(None, NoAnswer.TIMED_OUT)]
    assert 200 <= heard[0].milliseconds < 600


@pytest.mark.parametrize("without", ["proxy", "trust"])
def test_a_cloud_that_is_not_there_or_not_believed_is_told_as_unreachable(student: Student, without: str) -> None:
    heard: list[Sent] = []
    there = student.stage.cloud
    cloud = Cloud("http://127.0.0.1:9", there.ca_bundle) if without == "proxy" else Cloud(there.proxy)
    with pytest.raises(AzureProblem):
        open_azure(cloud, student.who, may_write=False, heard=heard.append).subscription()
    assert [(call.status, call.no_answer) for call in heard] == [(None, NoAnswer.UNREACHABLE)]


def test_an_answer_of_throttling_is_told_like_any_other(student: Student) -> None:
    student.fault(status=429, headers={"Retry-After": "7"}, times=1)
    with hearing(student, may_write=False) as (azure, heard), pytest.raises(AzureProblem):
        azure.subscription()
    assert heard[-1].status == 429
    assert dataclasses.asdict(heard[-1])["no_answer"] is None
