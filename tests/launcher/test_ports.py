"""A port that is taken is named, and so is one that is not."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest

from launcher import ports
from launcher.say import Stop


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_named_together_with_one_that_is_free(taken: int) -> None:
    with pytest.raises(Stop) as stopped:
        ports.require("127.0.0.1", taken, "./lab run")
    message = str(stopped.value)
    assert f"Port {taken} is in use" in message
    advised = re.search(r"\./lab run --port (\d+)", message)
    assert advised
    assert ports.is_free("127.0.0.1", int(advised.group(1)))


def test_an_address_that_is_not_this_machines_is_refused_with_advice() -> None:
    with pytest.raises(Stop, match=r"Cannot listen on 192\.0\.2\.1 port 8000: .*--host"):
        ports.require("192.0.2.1", 8000, "./lab run")


def test_a_host_name_that_does_not_exist_is_refused_with_advice() -> None:
    with pytest.raises(Stop, match=r"Cannot listen on no\.such\.host\.invalid"):
        ports.require("no.such.host.invalid", 8000, "./lab run")


def test_a_free_port_is_accepted() -> None:
    ports.require("127.0.0.1", ports.free("127.0.0.1"), "./lab run")


def test_what_is_bound_for_us_is_nobody_elses() -> None:
    """Two that are started together would else both hold it, and the second would be told by a process that dies."""
    with ports.bound("127.0.0.1", 0) as ours:
        assert not ports.is_free("127.0.0.1", ours.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            ports.bound("127.0.0.1", ours.getsockname()[1])
