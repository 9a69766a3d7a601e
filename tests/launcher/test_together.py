"""Commands side by side: what is said of them, what they come to, and that Ctrl-C leaves none running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import together
from launcher.bell import Bell
from launcher.together import Command, Ended, Together
from tests.environment import ROOT
from tests.launcher.waiting import until

LAUNCHER = """
import sys
from pathlib import Path
from launcher.bell import Bell, Interrupted
from launcher.together import Command, Together

folder, *lines = sys.argv[1:]
commands = [Command(f"part {n}", [sys.executable, "-c", line], {}) for n, line in enumerate(lines)]
with Bell() as bell:
    try:
        Together(commands, cwd=Path(folder), logs=Path(folder)).run(bell)
    except Interrupted:
        sys.exit(130)
"""
TIDY = """
import os, time
print(os.getpid(), flush=True)
try:
    time.sleep(60)
finally:
    time.sleep(1.5)
    print("tidied up", flush=True)
"""
"""As pytest does, which takes a while to stop what its tests have started."""
STUBBORN = "import os, signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(os.getpid(), flush=True)"
STUBBORN += "; time.sleep(60)"
Launch = Callable[..., subprocess.Popen[bytes]]


def python(name: str, code: str, **more: frozenset[int]) -> Command:
    return Command(name, [sys.executable, "-c", code], dict(os.environ), **more)


def run(folder: Path, *commands: Command) -> dict[str, Ended]:
    with Bell() as bell:
        ended = Together(commands, cwd=folder, logs=folder).run(bell)
    return {one.name: one for one in ended}


def test_they_run_at_once_and_each_is_told_of_as_it_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first waits for the second, which comes later: one after the other they would never end."""
    waits = "import pathlib, time\nwhile not pathlib.Path('there').exists(): time.sleep(0.01)\nprint('it was there')"
    run(tmp_path, python("waits", waits), python("makes", "open('there', 'w'); print('made')"))
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[:2] for line in lines) == [["ok", "makes"], ["ok", "waits"]]
    assert {line.rpartition("  ")[2] for line in lines} == {"made", "it was there"}


def test_what_a_command_comes_to_is_its_exit_code(tmp_path: Path) -> None:
    bad, five = "print('so'); raise SystemExit(1)", "raise SystemExit(5)"
    ended = run(tmp_path, python("bad", bad), python("five", five), python("none", five, fine=frozenset({0, 5})))
    assert {name: one.good for name, one in ended.items()} == {"bad": False, "five": False, "none": True}
    assert ended["bad"].summary.startswith("failed bad ")
    assert ended["bad"].report == "so"
    assert ended["none"].report == ""


def test_each_has_a_log_of_its_own_and_the_last_ones_are_kept(tmp_path: Path) -> None:
    for word in ("first", "second"):
        run(tmp_path, python("part one", f"print({word!r})"), python("part two", "print('other')"))
    assert (tmp_path / "part-one.log").read_text() == "second\n"
    assert (tmp_path / "part-one.log.1").read_text() == "first\n"
    assert (tmp_path / "part-two.log").read_text() == "other\n"


def test_of_tests_what_went_wrong_is_shown_without_the_dots(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_good(): pass\ndef test_bad(): assert 1 == 2\n")
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider"]
    ended = run(tmp_path, Command("tests", argv, dict(os.environ)))["tests"]
    assert not ended.good
    assert "[100%]" in ended.log
    assert "[100%]" not in ended.report
    assert ended.report.startswith("====")
    assert "assert 1 == 2" in ended.report
    assert ended.summary.endswith("1 failed, 1 passed in " + ended.summary.rpartition(" in ")[2])


def test_meanwhile_it_is_said_how_far_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "SELDOM", 0)
    dots = "import time\nprint('..F. [ 40%]', '.E', sep='\\n', flush=True)\n"
    until_told = f"{dots}time.sleep(1)"
    run(tmp_path, python("tests", until_told), python("lint", "import time; time.sleep(1)"))
    assert "tests: 6 done, 40 %, 2 failed, lint" in capsys.readouterr().out


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(*lines: str) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", LAUNCHER, str(tmp_path), *lines]
        started.append(subprocess.Popen(argv, env={**os.environ, "PYTHONPATH": str(ROOT)}))
        until(lambda: len(pids(tmp_path)) == len(lines), "the commands to be up")
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def pids(folder: Path) -> list[int]:
    logs = [log.read_text() for log in folder.glob("part-*.log")]
    return [int(text.split()[0]) for text in logs if text.endswith("\n") or "\n" in text]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_it_stops_all_at_the_same_time_and_they_tidy_up(
    launch: Launch, tmp_path: Path, number: signal.Signals
) -> None:
    process = launch(TIDY, TIDY, TIDY)
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(20) == 130
    assert time.monotonic() - began < 4, "one after the other"
    assert all(gone(pid) for pid in pids(tmp_path))
    assert all("tidied up" in log.read_text() for log in tmp_path.glob("part-*.log"))


@pytest.mark.thorough
def test_a_second_time_kills_what_does_not_listen(launch: Launch, tmp_path: Path) -> None:
    process = launch(STUBBORN, STUBBORN)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)  # two at once are one wish
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 130
    assert all(gone(pid) for pid in pids(tmp_path))
