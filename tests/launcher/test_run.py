"""``./lab run``, whole: from the command to the first page, and back to nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher import ports, practice
from launcher.identity import Identity, Register
from tests.launcher.lab import Running, lab
from tests.launcher.waiting import all_gone, until

pytestmark = pytest.mark.wire
Start = Callable[[], Running]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "state"


@pytest.fixture(scope="module")
def port() -> int:
    return ports.free("127.0.0.1")


@pytest.fixture
def start(state: Path, port: int) -> Iterator[Start]:
    """Starts the portal and waits for its address."""
    started: list[Running] = []

    def begin() -> Running:
        started.append(Running.begin(state, "run", "--port", str(port)))
        started[-1].until_it_says(f"Open http://127.0.0.1:{port}")
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            one.process.wait(30)


@dataclass
class Shared:
    portal: Running
    state: Path
    port: int


STARTED = ["redis", "practice cloud", "worker", "sweeper", "follower", "web-1", "web-2"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """One portal that runs, for the tests that only look at it from outside."""
    state, port = tmp_path_factory.mktemp("shared") / "state", ports.free("127.0.0.1")
    portal = Running.begin(state, "run", "--port", str(port))
    portal.until_it_says(f"Open http://127.0.0.1:{port}")
    yield Shared(portal, state, port)
    stop(portal)


def running(state: Path) -> list[Identity]:
    return Register(state / "processes.json").read()


def stop(portal: Running) -> None:
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(30) == 0, portal.said()


def test_it_ends_with_an_address_that_opens_and_stops_without_a_trace(start: Start, state: Path, port: int) -> None:
    portal = start()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.status == 200
    processes = running(state)
    assert [who.name for who in processes] == STARTED
    stop(portal)
    assert all_gone(processes)
    assert running(state) == []
    stopped = [line.split(":")[0].strip() for line in portal.said().splitlines() if line.endswith(": stopped")]
    assert stopped == STARTED[::-1]


def test_a_second_run_loses_nothing(start: Start, state: Path) -> None:
    portal = start()
    before = practice.student(state / "cloud", key="me")
    keys = (state / "keys.json").read_text()
    with sqlite3.connect(state / "portal.sqlite3") as database:
        database.execute("create table witness (word text)")
    stop(portal)
    start()
    assert practice.student(state / "cloud", key="me") == before, "the same student, the same addresses"
    assert (state / "keys.json").read_text() == keys
    with sqlite3.connect(state / "portal.sqlite3") as database:
        database.execute("drop table witness")


def test_everything_it_writes_is_for_its_owner_alone(shared: Shared) -> None:
    public = shared.state / "static"  # what everybody's browser gets anyway
    found = [path for path in (shared.state, *shared.state.rglob("*")) if not path.is_relative_to(public)]
    assert shared.state / "portal.sqlite3" in found
    assert {path for path in found if path.stat().st_mode & 0o077} == set()


def test_a_second_one_at_the_same_time_is_pointed_to_the_first(shared: Shared) -> None:
    answer = lab(shared.state, "run", "--port", str(ports.free("127.0.0.1")))
    assert answer.returncode == 1
    assert f"already runs from this folder: http://127.0.0.1:{shared.port}" in answer.stderr


def test_a_port_in_use_stops_it_before_anything_is_started(shared: Shared, tmp_path: Path) -> None:
    answer = lab(tmp_path / "state", "run", "--port", str(shared.port))
    assert answer.returncode == 1
    assert f"Port {shared.port} is in use by another program. Choose another: ./lab run --port" in answer.stderr
    assert running(tmp_path / "state") == []


def test_a_number_of_web_processes_that_is_none_stops_it_before_anything_is_started(tmp_path: Path) -> None:
    answer = lab(tmp_path / "state", "run", "--port", str(ports.free("127.0.0.1")), LAB_WEB_PROCESSES="many")
    assert answer.returncode == 1
    assert "LAB_WEB_PROCESSES is 'many'. Set it to a number from 1 to" in answer.stderr
    assert running(tmp_path / "state") == []


def test_while_a_web_process_is_started_again_the_other_answers(shared: Shared) -> None:
    web = next(who for who in running(shared.state) if who.name == "web-1")
    os.kill(web.pid, signal.SIGKILL)
    for _ in range(20):
        with urllib.request.urlopen(f"http://127.0.0.1:{shared.port}/", timeout=5) as page:
            assert page.status == 200
    shared.portal.until_it_says("web-1: started again")


def test_a_worker_that_is_killed_is_started_again(shared: Shared) -> None:
    worker = next(who for who in running(shared.state) if who.name == "worker")
    os.kill(worker.pid, signal.SIGKILL)
    shared.portal.until_it_says("worker: started again")
    assert "worker ended by SIGKILL" in shared.portal.said()


def test_managing_it_reaches_the_same_database(shared: Shared) -> None:
    answer = lab(
        shared.state, "manage", "shell", "-c", "from django.conf import settings as s; print(s.DATABASES, s.REDIS_URL)"
    )
    assert answer.returncode == 0, answer.stderr
    assert str(shared.state / "portal.sqlite3") in answer.stdout
    assert str(shared.state / "redis") in answer.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_kill_9_leaves_nothing_running_and_the_next_start_is_clean(start: Start, state: Path) -> None:
    portal = start()
    processes = running(state)
    assert len(processes) == len(STARTED)
    portal.end()
    until(lambda: all_gone(processes), "all processes to be gone")
    start()


def test_an_interrupt_while_it_starts_leaves_nothing_running(state: Path, port: int) -> None:
    portal = Running.begin(state, "run", "--port", str(port))
    portal.until_it_says("Database:")
    processes = running(state)
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(30) == 130
    assert processes
    assert all_gone(processes)


def test_redis_that_cannot_read_its_data_starts_empty_and_the_data_is_kept(start: Start, state: Path) -> None:
    for path in (state / "redis" / "appendonlydir").glob("*.incr.aof"):
        path.write_bytes(b"*1\r\n$4\r\nnope\r\nfrom another version")
    portal = start()
    assert "Redis could not read its data" in portal.said()
    assert list(state.glob("redis-set-aside-*/appendonlydir"))


def test_it_uses_the_practice_cloud_that_already_runs_and_leaves_it_running(start: Start, state: Path) -> None:
    cloud = Running.begin(state.with_name("cloud-alone"), "cloud", LAB_STATE=str(state))
    try:
        cloud.until_it_says("The practice cloud runs.")
        portal = start()
        assert "Practice cloud: the one that ./lab cloud runs" in portal.said()
        assert "practice cloud" not in [who.name for who in running(state)]
        stop(portal)
        assert practice.find(state / "cloud")
    finally:
        cloud.process.send_signal(signal.SIGINT)
        cloud.process.wait(20)


def test_the_files_it_leaves_are_for_its_owner_only(state: Path) -> None:
    assert state.stat().st_mode & 0o777 == 0o700
    assert json.loads((state / "processes.json").read_text()) == []
