"""The Redis of our own, and the one somebody else runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from launcher import ports
from launcher.places import SOCKET_PATH_LIMIT, socket_folder
from launcher.redis_server import OwnRedis, find_program
from launcher.say import Stop
from tests import processes
from tests.environment import ROOT
from tests.launcher.lab import lab

pytestmark = pytest.mark.wire


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder whose path leaves no room for a socket's."""
    folder = tmp_path / ("deep" * 20) / ("down" * 20)
    folder.mkdir(parents=True)
    yield folder
    short = socket_folder(folder, "redis.sock")
    (short / "redis.sock").unlink(missing_ok=True)
    short.rmdir()


def test_a_deep_checkout_gets_its_socket_in_a_short_private_folder(deep: Path) -> None:
    own = OwnRedis.in_folder(deep, ROOT / ".venv")
    assert len(os.fsencode(own.socket)) <= SOCKET_PATH_LIMIT
    assert own.socket.parent.stat().st_mode & 0o777 == 0o700
    child = processes.start(own.service(processes.fresh_log("redis")))
    try:
        with redis.Redis.from_url(own.url) as client:
            assert client.ping()
    finally:
        child.stop()
    assert OwnRedis.in_folder(deep, ROOT / ".venv").socket == own.socket, "the next start finds it again"


def test_a_short_folder_of_somebody_else_is_not_used(deep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socket_folder(deep, "redis.sock")
    real = os.getuid()
    other = socket_folder(deep, "redis.sock").name.replace(f"lab-{real}-", f"lab-{real + 1}-")
    planted = socket_folder(deep, "redis.sock").with_name(other)
    planted.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: real + 1)
    try:
        with pytest.raises(Stop, match="belongs to somebody else"):
            socket_folder(deep, "redis.sock")
    finally:
        monkeypatch.undo()
        planted.rmdir()


def test_what_was_written_is_there_after_kill_9(tmp_path: Path) -> None:
    own = OwnRedis.in_folder(tmp_path / "r", ROOT / ".venv")
    child = processes.start(own.service(processes.fresh_log("redis")))
    with redis.Redis.from_url(own.url) as client:
        client.set("word", "kept")
    child.kill()
    child = processes.start(own.service(processes.fresh_log("redis")))
    try:
        with redis.Redis.from_url(own.url) as client:
            assert client.get("word") == b"kept"
    finally:
        child.stop()


def test_without_any_server_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match=r"There is no Redis[\s\S]*apt install redis-server[\s\S]*REDIS_URL"):
        find_program(tmp_path)


def test_a_redis_url_that_does_not_answer_stops_the_start(tmp_path: Path) -> None:
    answer = lab(
        tmp_path / "state", "run", "--port", str(ports.free("127.0.0.1")), REDIS_URL="redis://:hush@127.0.0.1:9/0"
    )
    assert answer.returncode == 1
    assert "The Redis in REDIS_URL does not answer" in answer.stderr
    assert "hush" not in answer.stdout + answer.stderr
