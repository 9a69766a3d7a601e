"""One client cannot fill the memory of the process that all students share, nor a web page look into it."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

import httpx
import pytest

from practice_cloud.limits import LONGEST_BODY, LONGEST_HEAD
from tests.practice_process import Practice

PLACES = [
    "https://management.azure.com/subscriptions?api-version=2022-12-01",
    "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "https://graph.microsoft.com/v1.0/directoryObjects/getByIds",
]


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_a_body_too_long_is_refused_before_anybody_signed_in(
    practice: Practice, address: str, *, announced: bool
) -> None:
    pieces = [b" " * LONGEST_BODY, b" "]
    with practice.http() as http:
        answer = http.post(address, content=b"".join(pieces) if announced else iter(pieces))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "RequestContentTooLarge"


def _tunnel(practice: Practice) -> ssl.SSLSocket:
    address = urlsplit(practice.proxy)
    raw = socket.create_connection((address.hostname, address.port or 0), timeout=10)
    raw.sendall(b"CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")
    assert b" 200 " in raw.recv(4096)
    context = ssl.create_default_context(cafile=practice.ca_bundle)
    return context.wrap_socket(raw, server_hostname="management.azure.com")


HEAD = b"GET /tenants?api-version=2022-12-01 HTTP/1.1\r\nHost: management.azure.com\r\n"
CHUNKED = HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"


BEGINNINGS = {"value": HEAD + b"x-long: ", "headers": HEAD, "trailers": CHUNKED, "address": b"GET /"}


@pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_head_without_end_is_cut_off(practice: Practice, begin: bytes) -> None:
    more = b"a" * 1000 if begin.endswith((b": ", b"/")) else b"x-more: " + b"a" * 990 + b"\r\n"
    with _tunnel(practice) as tunnel:
        tunnel.sendall(begin)
        with pytest.raises((ConnectionError, ssl.SSLError)):
            _send_for_ever(tunnel, more)


def _send_for_ever(tunnel: ssl.SSLSocket, more: bytes) -> None:
    for _ in range(20_000):
        tunnel.sendall(more)


def test_many_requests_on_one_connection_are_no_long_head(practice: Practice) -> None:
    request = HEAD + b"x-some: " + b"a" * 4000 + b"\r\n\r\n"
    with _tunnel(practice) as tunnel:
        for _ in range(3 * LONGEST_HEAD // len(request)):
            tunnel.sendall(request)
            assert tunnel.recv(65536).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
def test_the_control_plane_answers_no_web_page_s_reading(practice: Practice, site: str) -> None:
    answer = httpx.get(f"{practice.control}/requests", headers={"Sec-Fetch-Site": site}, trust_env=False)
    assert answer.status_code == 403


def test_but_a_teacher_s_address_bar(practice: Practice) -> None:
    answer = httpx.get(f"{practice.control}/health", headers={"Sec-Fetch-Site": "none"}, trust_env=False)
    assert answer.status_code == 200
