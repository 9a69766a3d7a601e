"""Exports from the web process, as a browser gets them."""

from __future__ import annotations

import csv
import io
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from tests.classes.school import Role, a_class, member
from tests.results.achieved import crowd

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 4
"""More than there are threads for the pages."""


@pytest.fixture
def signed_in(web: str) -> tuple[str, dict[str, str]]:
    """The address of a class's CSV, and an instructor's cookies."""
    lab_class = a_class()
    crowd(lab_class, 1_000)
    client = Client()
    client.force_login(member(lab_class, "teacher", Role.INSTRUCTOR).user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return f"{web}{reverse('results:csv', args=[lab_class.pk])}", cookies


def test_an_export_arrives_whole_and_says_how_long_it_is(signed_in: tuple[str, dict[str, str]]) -> None:
    address, cookies = signed_in
    answer = requests.get(address, cookies=cookies, timeout=60)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.headers["Content-Security-Policy"], "what Django says of every answer is said of this one"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1_001
    assert {len(row) for row in rows} == {len(rows[0])}


def test_who_is_not_signed_in_gets_none(signed_in: tuple[str, dict[str, str]]) -> None:
    answer = requests.get(signed_in[0], timeout=20, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("accounts:sign_in"))


def test_readers_who_ask_and_do_not_read_keep_nobody_out(web: str, signed_in: tuple[str, dict[str, str]]) -> None:
    address, cookies = signed_in
    parts = urlsplit(address)
    words = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {words}\r\n\r\n".encode()
    idle = []
    for _ in range(READERS):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((parts.hostname, parts.port))
        connection.sendall(head)
        idle.append(connection)
    began = time.monotonic()
    page = requests.get(f"{web}{reverse('accounts:sign_in')}", timeout=10)
    assert (page.status_code, time.monotonic() - began < 8) == (200, True)
    assert requests.get(address, cookies=cookies, timeout=60).status_code == 200, "and the next export is made"
    for connection in idle:
        assert connection.recv(15) == b"HTTP/1.1 200 OK"
        connection.close()
