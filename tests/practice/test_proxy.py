"""The proxy answers for Azure's host names, as those hosts, and for nobody else."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests
from cryptography import x509

from tests.practice.sign_in import ARM, LOGIN
from tests.practice_process import Practice

KEYS = f"{LOGIN}/common/discovery/v2.0/keys"


def connect(cloud: Practice, target: str) -> tuple[socket.socket, bytes]:
    """A socket to the proxy after CONNECT, and what it answered."""
    address = urlsplit(cloud.proxy)
    raw = socket.create_connection((address.hostname, address.port or 0), timeout=10)
    raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    return raw, raw.recv(4096)


@pytest.mark.parametrize(
    "target",
    [
        *("example.com:443", "management.azure.com:80", "management.azure.com:8443", "127.0.0.1:443"),
        *("169.254.169.254:80", "vault.azure.net:443", "a.b.vault.azure.net:443", "evil-vault.azure.net.example:443"),
        *("management.azure.com.:443", "management.azure.com", "xmanagement.azure.com:443"),
    ],
)
def test_every_other_host_and_port_is_refused(cloud_process: Practice, target: str) -> None:
    raw, answer = connect(cloud_process, target)
    with raw:
        assert answer.startswith(b"HTTP/1.1 403 ")


def test_plain_requests_are_refused_even_to_the_metadata_address(cloud_process: Practice) -> None:
    for address in ("http://169.254.169.254/metadata/identity/oauth2/token", "http://management.azure.com/"):
        answer = httpx.get(address, proxy=cloud_process.proxy, headers={"metadata": "true"}, trust_env=False)
        assert answer.status_code == 403


def test_a_tunnel_to_one_host_does_not_reach_another(cloud_process: Practice) -> None:
    with cloud_process.http() as http:
        answer = http.get("https://management.azure.com/tenants", headers={"host": "graph.microsoft.com"})
    assert answer.status_code == 421


def test_the_certificate_passes_strict_checking(cloud_process: Practice) -> None:
    host = "login.microsoftonline.com"
    raw, _ = connect(cloud_process, f"{host}:443")
    context = ssl.create_default_context(cafile=cloud_process.ca_bundle)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 does by default
    with raw, context.wrap_socket(raw, server_hostname=host) as secure:
        leaf = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)


def test_the_certificate_is_for_that_host_only(cloud_process: Practice) -> None:
    raw, _ = connect(cloud_process, "login.microsoftonline.com:443")
    context = ssl.create_default_context(cafile=cloud_process.ca_bundle)
    with raw, pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(raw, server_hostname="management.azure.com")


def test_requests_reaches_it_with_a_proxy_and_a_ca_only(cloud_process: Practice) -> None:
    proxies = {"https": cloud_process.proxy}
    assert requests.get(KEYS, proxies=proxies, verify=cloud_process.ca_bundle, timeout=10).status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(KEYS, proxies=proxies, timeout=10)


def test_one_connection_serves_many_requests(cloud_process: Practice) -> None:
    raw, _ = connect(cloud_process, "login.microsoftonline.com:443")
    context = ssl.create_default_context(cafile=cloud_process.ca_bundle)
    with raw, context.wrap_socket(raw, server_hostname="login.microsoftonline.com") as secure:
        for _ in range(3):
            secure.sendall(f"GET {urlsplit(KEYS).path} HTTP/1.1\r\nHost: login.microsoftonline.com\r\n\r\n".encode())
            answer = http.client.HTTPResponse(secure)
            answer.begin()
            assert answer.status == 200
            assert len(answer.read()) > 100


def test_head_and_body_leave_together(cloud_process: Practice) -> None:
    address = urlsplit(cloud_process.imds)
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as raw:
        for _ in range(50):
            raw.sendall(b"GET /vm/none/metadata/instance HTTP/1.1\r\nHost: x\r\n\r\n")
            head, _, body = raw.recv(65536).partition(b"\r\n\r\n")
            assert f"content-length: {len(body)}".encode() in head.lower()


def test_a_client_that_speaks_before_the_tunnel_stands_is_told_so(cloud_process: Practice) -> None:
    address = urlsplit(cloud_process.proxy)
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as raw:
        raw.sendall(b"CONNECT graph.microsoft.com:443 HTTP/1.1\r\n\r\nhello")
        assert raw.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_what_is_not_implemented_is_501_azure_shaped_and_logged(cloud_process: Practice) -> None:
    with cloud_process.http() as http:
        answer = http.get("https://graph.microsoft.com/beta/nothing-here")
    assert answer.status_code == 501
    assert answer.json()["error"]["code"] == "NotImplementedByPracticeCloud"
    assert answer.headers["x-ms-request-id"]
    assert "/beta/nothing-here" in (cloud_process.state / "practice-cloud.log").read_text()


async def test_added_latency_overlaps(cloud_process: Practice) -> None:
    context = ssl.create_default_context(cafile=cloud_process.ca_bundle)
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(proxy=cloud_process.proxy, verify=context, trust_env=False, limits=limits) as http:
        await asyncio.gather(*(http.get(KEYS) for _ in range(20)))
        with cloud_process.conduct("latency", ms=300):
            began = time.perf_counter()
            answers = await asyncio.gather(*(http.get(KEYS) for _ in range(20)))
            took = time.perf_counter() - began
    assert {answer.status_code for answer in answers} == {200}
    assert 0.3 <= took < 20 * 0.3 / 2


def test_a_fault_strikes_after_its_skips_and_only_so_often(cloud_process: Practice) -> None:
    body = {"error": {"code": "Throttled", "message": "Slow down."}}
    told = {"status": 429, "headers": {"Retry-After": "7"}, "body": body, "skip": 1, "times": 2}
    with cloud_process.http() as http, cloud_process.fault(path="discovery/v2.0/keys$", **told):
        answers = [http.get(KEYS) for _ in range(4)]
        other = http.get(f"{LOGIN}/common/v2.0/.well-known/openid-configuration")
    assert [answer.status_code for answer in answers] == [200, 429, 429, 200]
    assert answers[1].headers["retry-after"] == "7"
    assert answers[1].json() == body
    assert other.status_code == 200


def test_a_fault_may_strike_every_second_request_only(cloud_process: Practice) -> None:
    with cloud_process.http() as http, cloud_process.fault(path="/keys$", status=503, skip=1, times=4, every=2):
        answers = [http.get(KEYS).status_code for _ in range(7)]
    assert answers == [200, 503, 200, 503, 200, 200, 200]


def test_a_fault_can_be_for_one_subscription(cloud_process: Practice, student: dict[str, Any]) -> None:
    path = "v2.0/.well-known/openid-configuration"
    fault = cloud_process.fault(subscription_id=student["subscription_id"], status=503)
    with cloud_process.http() as http, fault:
        assert http.get(f"{LOGIN}/{student['tenant_id']}/{path}").status_code == 503
        assert http.get(f"{LOGIN}/{cloud_process.student()['tenant_id']}/{path}").status_code == 200


@pytest.mark.parametrize(("when", "happens"), [("before", False), ("after", True)])
def test_a_reset_drops_the_connection_before_or_after_the_deed(
    cloud_process: Practice, when: str, happens: bool
) -> None:
    since = cloud_process.seen()
    with cloud_process.http() as http, cloud_process.fault(path="/keys$", reset=when, times=1):
        with pytest.raises(httpx.TransportError):
            http.get(KEYS)
        assert http.get(KEYS).status_code == 200
    first = cloud_process.requests(since=since)[0]
    assert first["status"] == (200 if happens else 0)


def seen_soon(cloud: Practice, since: int) -> list[dict[str, Any]]:
    """The requests since, as soon as there are any: nobody is answered here, so there is nothing else to wait for."""
    deadline = time.monotonic() + 5
    while not (seen := cloud.requests(since=since)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return seen


def test_what_was_asked_for_in_full_happens_even_if_the_caller_hangs_up(
    cloud_process: Practice, student: dict[str, Any]
) -> None:
    form = {name: student[name] for name in ("client_id", "client_secret")}
    form |= {"grant_type": "client_credentials", "scope": f"{ARM}/.default"}
    since = cloud_process.seen()
    held_up = cloud_process.fault(path="/token$", delay_ms=400)
    with held_up, cloud_process.http() as http, pytest.raises(httpx.ReadTimeout):
        http.post(f"{LOGIN}/{student['tenant_id']}/oauth2/v2.0/token", data=form, timeout=0.1)
    assert [one["status"] for one in seen_soon(cloud_process, since)] == [200]


def test_nothing_is_done_for_a_caller_who_hangs_up_in_the_middle_of_a_body(cloud_process: Practice) -> None:
    since = cloud_process.seen()
    raw, _ = connect(cloud_process, "login.microsoftonline.com:443")
    context = ssl.create_default_context(cafile=cloud_process.ca_bundle)
    with raw, context.wrap_socket(raw, server_hostname="login.microsoftonline.com") as secure:
        head = "POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: login.microsoftonline.com\r\nContent-Length: 100"
        secure.sendall(f"{head}\r\n\r\ngrant_type=".encode())
    assert [one["status"] for one in seen_soon(cloud_process, since)] == [0]


def test_the_name_of_a_vault_that_is_not_there_leads_nowhere(cloud_process: Practice) -> None:
    raw, answer = connect(cloud_process, "no-such-vault.vault.azure.net:443")
    with raw:
        assert answer.startswith(b"HTTP/1.1 502 no-such-vault.vault.azure.net does not resolve\r\n")
