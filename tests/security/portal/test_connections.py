"""The web process from outside: what one connection and one session may take."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

if TYPE_CHECKING:
    from labportal.labs.models import LabSession

pytestmark = pytest.mark.django_db(transaction=True)
BEGINNINGS = {
    "value": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ",
    "headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    "trailers": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    "address": b"GET /",
}


@pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_head_without_end_is_cut_off(web: str, begin: bytes) -> None:
    more = b"a" * 1000 if begin.endswith((b": ", b"/")) else b"X-More: " + b"a" * 990 + b"\r\n"
    address = urlsplit(web)
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as connection:
        connection.sendall(begin)
        with pytest.raises(ConnectionError):
            _send_for_ever(connection, more)


def _send_for_ever(connection: socket.socket, more: bytes) -> None:
    for _ in range(20_000):
        connection.sendall(more)


@contextmanager
def _stream(web: str, session: LabSession, token: str, **more: str) -> Iterator[requests.Response]:
    address = f"{web}/events/sessions/{session.pk}/"
    with requests.get(address, params={"token": token, **more}, stream=True, timeout=10) as answer:
        pieces = answer.iter_content(1)  # forgotten, it would close the connection
        next(pieces, b"")
        yield answer


def test_a_session_has_so_many_streams_and_no_more_until_one_ends(web: str) -> None:
    from labportal.runs.stream import MOST_STREAMS, token_for
    from tests.portal import walks

    ada, eve = walks.person("ada"), walks.person("eve")
    mine, hers = walks.ready_session(ada), walks.ready_session(eve)
    with ExitStack() as stack:
        opened = [stack.enter_context(_stream(web, mine, token_for(ada, mine))) for _ in range(MOST_STREAMS)]
        assert {answer.status_code for answer in opened} == {200}
        with _stream(web, mine, token_for(ada, mine)) as answer:
            assert answer.status_code == 429
        with _stream(web, hers, token_for(eve, hers)) as answer:
            assert answer.status_code == 200


def test_a_cursor_that_is_no_row_is_no_trouble(web: str) -> None:
    from labportal.runs.stream import token_for
    from tests.portal import walks

    ada = walks.person("ada")
    session = walks.ready_session(ada)
    with _stream(web, session, token_for(ada, session), after="9" * 5000) as answer:
        assert answer.status_code == 200
