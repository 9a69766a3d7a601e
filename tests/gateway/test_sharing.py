"""Tokens and connections are shared by everyone who may share them, and by nobody else."""

from __future__ import annotations

import dataclasses
import gc
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from labportal.gateway import Cloud, open_azure
from labportal.gateway.clients import clients_of
from labportal.gateway.transport import Limits, transport_to
from steps.kit.azure import Azure, AzureProblem
from tests.gateway.relay import Relay, relay_to
from tests.gateway.stage import Stage, Student

LOOKS = 6


def at_once(ask: Callable[[int], object], times: int = LOOKS) -> float:
    """Seconds until all have an answer."""
    with ThreadPoolExecutor(times) as pool:
        list(pool.map(lambda _: None, range(times)))  # the threads exist
        start = time.perf_counter()
        list(pool.map(ask, range(times)))
        return time.perf_counter() - start


def looks(student: Student, azure: Azure) -> list[Callable[[], object]]:
    return [
        azure.subscription,
        lambda: azure.provider("Microsoft.KeyVault"),
        lambda: azure.resource_group(student.group),
        lambda: azure.virtual_machine(student.group, student.told.vm),
        lambda: azure.vault(student.group, student.vault_name),
        azure.vaults_in_subscription,
    ]


def to_entra(student: Student) -> list[str]:
    return [one.removeprefix("POST ").removeprefix("GET ") for one in student.requests() if "login." in one]


def test_the_first_token_costs_two_requests_and_later_ones_none(student: Student) -> None:
    for may_write in (False, True):
        azure = student.azure(may_write=may_write)
        azure.subscription()
        azure.virtual_machine(student.group, student.told.vm)
        azure.caller_object_id()
    tenant = f"login.microsoftonline.com/{student.told.tenant_id}"
    assert to_entra(student) == [f"{tenant}/v2.0/.well-known/openid-configuration", f"{tenant}/oauth2/v2.0/token"]


def test_a_vaults_token_costs_one_request_more(student: Student, vault_ready: str) -> None:
    before = len(to_entra(student))
    for number in range(3):
        student.azure().set_secret(f"https://{vault_ready}.vault.azure.net/", f"name-{number}", "value")
    assert len(to_entra(student)) == before + 1


def test_threads_that_want_the_first_token_at_once_share_one_request(stage: Stage, student: Student) -> None:
    stage.put("latency", ms=30, jitter_ms=0)
    azure = student.azure(may_write=False)
    asks = looks(student, azure)
    at_once(lambda number: asks[number]())
    assert len(to_entra(student)) == 2
    assert len(student.requests()) == 2 + LOOKS


def test_threads_with_a_wrong_secret_share_one_refusal_and_its_evidence(stage: Stage, student: Student) -> None:
    stage.put("latency", ms=100, jitter_ms=0)
    who = dataclasses.replace(student.who, client_secret="wrong")
    azure = open_azure(stage.cloud, who, may_write=False)
    problems: list[AzureProblem] = []

    def ask(_: int) -> None:
        with pytest.raises(AzureProblem) as caught:
            azure.subscription()
        problems.append(caught.value)

    at_once(ask)
    assert len(to_entra(student)) == 2
    assert {problem.code for problem in problems} == {"AADSTS7000215"}
    assert {problem.source.path for problem in problems} == {f"/{who.tenant_id}/oauth2/v2.0/token"}
    assert len({problem.source.request_id for problem in problems}) == 1


def test_looks_overlap(stage: Stage, student: Student) -> None:
    azure = student.azure(may_write=False)
    asks = looks(student, azure)
    at_once(lambda number: asks[number]())
    stage.put("latency", ms=100, jitter_ms=0)
    one = min(at_once(lambda _: asks[0](), times=1) for _ in range(3))
    assert min(at_once(lambda number: asks[number]()) for _ in range(3)) < 2 * one


@contextmanager
def counted(stage: Stage) -> Iterator[tuple[Relay, Cloud]]:
    with relay_to(stage.cloud.proxy) as relay:
        yield relay, Cloud(relay.address, stage.cloud.ca_bundle)


def test_connections_are_kept_and_shared_by_students_and_outlive_a_client(stage: Stage) -> None:
    with counted(stage) as (relay, cloud):
        for student in (stage.new_student(), stage.new_student(), stage.new_student()):
            azure = open_azure(cloud, student.who, may_write=False)
            for look in looks(student, azure):
                look()
            clients = clients_of(cloud, student.who)
            clients.compute.close()
            clients.key_vault.close()
        gc.collect()
        azure.subscription()
        assert relay.opened == 2  # one to Entra, one to ARM


def test_six_looks_at_once_open_six_connections_once(stage: Stage, student: Student) -> None:
    stage.put("latency", ms=30, jitter_ms=0)
    with counted(stage) as (relay, cloud):
        azure = open_azure(cloud, student.who, may_write=False)
        asks = looks(student, azure)
        azure.subscription()
        for _ in range(3):
            at_once(lambda number: asks[number]())
        assert relay.opened <= 1 + LOOKS


def test_the_public_authorities_are_read_once_and_believed(
    stage: Stage, student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the practice cloud's own among them. Without it nothing is believed: see test_problems."""
    reads: list[str] = []

    def where() -> str:
        reads.append(stage.cloud.ca_bundle)
        return reads[-1]

    monkeypatch.setattr("certifi.where", where)
    with relay_to(stage.cloud.proxy) as relay:
        azure = open_azure(Cloud(relay.address), student.who, may_write=False)
        asks = looks(student, azure)
        at_once(lambda number: asks[number]())
        assert relay.opened > 2
    assert len(reads) == 1


def test_no_request_waits_for_nagles_algorithm(stage: Stage, student: Student) -> None:
    """Which costs one with a body 40 ms."""
    student.azure(may_write=False).subscription()
    adapter = transport_to(stage.cloud, Limits()).session.get_adapter("https://management.azure.com")
    pool = adapter.proxy_manager[stage.cloud.proxy].connection_from_url(
        "https://management.azure.com", {"cert_reqs": "CERT_REQUIRED", "ca_certs": stage.cloud.ca_bundle}
    )
    connection = pool.pool.get_nowait()
    assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    pool.pool.put(connection)


def test_the_same_credential_has_the_same_clients_and_a_rotated_one_its_own(stage: Stage, student: Student) -> None:
    first = clients_of(stage.cloud, student.who)
    assert clients_of(stage.cloud, student.who) is first
    rotated = dataclasses.replace(student.who, client_secret="another")
    assert clients_of(stage.cloud, rotated) is not first
    assert clients_of(Cloud(stage.cloud.proxy, "/other/ca.pem"), student.who) is not first
    assert clients_of(stage.cloud, student.who).transport is transport_to(stage.cloud, Limits())


def test_students_share_no_cookies_and_nothing_of_the_environment(stage: Stage, student: Student) -> None:
    student.fault(status=200, body={"subscriptionId": "x"}, headers={"Set-Cookie": "who=me; Path=/; Secure"})
    student.azure(may_write=False).subscription()
    session = transport_to(stage.cloud, Limits()).session
    assert len(session.cookies) == 0
    assert session.trust_env is False


def test_a_vault_name_that_came_from_another_tenant_still_opens(student: Student, vault_ready: str) -> None:
    """The SDK remembers which tenant a vault name belonged to; the portal does not let that mislead it."""
    from azure.keyvault.secrets._shared import http_challenge_cache
    from azure.keyvault.secrets._shared.http_challenge import HttpChallenge

    address = f"https://{vault_ready}.vault.azure.net"
    stale = 'Bearer authorization="https://login.microsoftonline.com/gone", resource="https://vault.azure.net"'
    http_challenge_cache.set_challenge_for_url(address, HttpChallenge(address, stale))
    assert student.azure().set_secret(f"{address}/", "name", "value").value.name == "name"
