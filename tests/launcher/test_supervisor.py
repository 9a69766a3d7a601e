"""Started, watched, stopped: with stand-in services and a launcher that is really interrupted and really killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import bell
from launcher.identity import Identity, Register, identify
from tests.environment import ROOT
from tests.launcher.waiting import all_gone, until

STAND_IN = Path(__file__).with_name("stand_in.py")
STEADY = "echo up; exec sleep 300"
STUBBORN = "trap '' TERM; echo up; while :; do sleep 0.1; done"
Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts a launcher of these services and waits until all are ready."""
    started: list[subprocess.Popen[str]] = []

    def begin(**commands: str) -> subprocess.Popen[str]:
        argv = [sys.executable, str(STAND_IN), str(tmp_path), *(f"{name}={line}" for name, line in commands.items())]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        out = (tmp_path / "out.txt").open("w")
        process = subprocess.Popen(argv, env=env, stdout=out, stderr=subprocess.STDOUT, text=True)
        started.append(process)
        until(lambda: "all ready" in said(tmp_path), "the services to be ready")
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def said(folder: Path) -> str:
    return (folder / "out.txt").read_text()


def running(folder: Path) -> list[Identity]:
    return Register(folder / "processes.json").read()


def test_an_interrupt_stops_all_in_the_opposite_order_and_leaves_no_process(launch: Launch, tmp_path: Path) -> None:
    process = launch(first=STEADY, second=STEADY)
    children = running(tmp_path)
    assert [child.name for child in children] == ["first", "second"]
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert said(tmp_path).index("second: stopped") < said(tmp_path).index("first: stopped")
    assert all_gone(children)
    assert running(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminate_and_a_closed_terminal_stop_it_as_well(
    launch: Launch, tmp_path: Path, number: signal.Signals
) -> None:
    process = launch(only=STEADY)
    children = running(tmp_path)
    process.send_signal(number)
    assert process.wait(10) == 0
    assert all_gone(children)


def test_a_second_interrupt_does_not_wait_for_a_stubborn_service(launch: Launch, tmp_path: Path) -> None:
    process = launch(steady=STEADY, stubborn=STUBBORN)
    children = running(tmp_path)
    process.send_signal(signal.SIGINT)
    until(lambda: "stopping" in said(tmp_path), "the launcher to stop")
    time.sleep(bell.ONE_PRESS + 0.05)  # no event tells a second press from an echo of the first
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert "stubborn: ended at once" in said(tmp_path)
    assert all_gone(children)


def test_the_same_wish_sent_twice_at_once_is_one_press(launch: Launch, tmp_path: Path) -> None:
    process = launch(steady="trap 'sleep 0.5; exit' TERM; echo up; while :; do sleep 0.05; done")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert "steady: stopped" in said(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_kill_9_of_the_launcher_leaves_nothing_running(launch: Launch, tmp_path: Path) -> None:
    process = launch(first=STEADY, stubborn=STUBBORN)
    children = running(tmp_path)
    assert len(children) == 2
    process.kill()
    process.wait()
    until(lambda: all_gone(children), "the services to be gone")


def test_a_service_that_dies_is_reported_with_its_last_words_and_started_again(launch: Launch, tmp_path: Path) -> None:
    launch(steady=STEADY, mortal="echo my last words; exec sleep 300")
    first = running(tmp_path)[1]
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: "mortal: started again" in said(tmp_path), "the restart")
    assert "mortal ended by SIGKILL" in said(tmp_path)
    assert "| my last words" in said(tmp_path)
    assert {who.name: who.pid for who in running(tmp_path)}["mortal"] != first.pid


def test_a_service_that_keeps_dying_stops_everything(
    launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.supervisor.FIRST_DELAY", 0.0)
    from launcher.bell import Bell
    from launcher.say import Stop
    from launcher.supervisor import Supervisor
    from tests.launcher.stand_in import service

    with Bell() as bell:
        supervisor = Supervisor(Register(tmp_path / "processes.json"), bell)
        steady = supervisor.launch(service(tmp_path, "steady", STEADY))
        supervisor.launch(service(tmp_path, "hopeless", "echo no luck; exit 3"))
        with pytest.raises(Stop, match=r"hopeless ended with code 3[\s\S]*no luck[\s\S]*6 times in a row"):
            supervisor.watch()
        supervisor.stop()
        assert steady.exit_code is not None


def test_only_the_very_process_that_was_written_down_is_ended(tmp_path: Path) -> None:
    from launcher.bell import Bell
    from launcher.supervisor import end_leftovers

    left = subprocess.Popen(["sleep", "300"])
    stranger = subprocess.Popen(["sleep", "300"])
    try:
        register = Register(tmp_path / "processes.json")
        known, other = identify(left.pid, "left"), identify(stranger.pid, "stranger")
        assert known
        assert other
        reused = Identity("long gone", stranger.pid, "another start", other.program)
        register.write([known, reused])
        with Bell() as bell:
            end_leftovers(register, bell)
        assert left.wait(5) == -signal.SIGTERM
        assert stranger.poll() is None
        assert register.read() == []
    finally:
        for process in (left, stranger):
            process.kill()
            process.wait()


def test_a_register_of_another_version_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "processes.json").write_text(json.dumps([{"pid": os.getpid()}]))
    assert Register(tmp_path / "processes.json").read() == []
