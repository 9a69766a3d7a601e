"""Which process is which: a pid alone may belong to a stranger by now, so nothing is ended by pid alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    name: str
    pid: int
    started: str
    program: str


def identify(pid: int, name: str = "") -> Identity | None:
    """The process that has this pid now, or None."""
    found = _linux(pid) if sys.platform == "linux" else _ps(pid)
    return Identity(name, pid, *found) if found else None


def is_running(who: Identity) -> bool:
    return identify(who.pid, who.name) == who


def end(who: Identity, pause: Callable[[float], None], patience: float = 5.0) -> bool:
    """Ends that very process, gently at first. False when it is gone already, or its pid belongs to another now."""
    if not is_running(who):
        return False
    os.kill(who.pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while is_running(who):
        if time.monotonic() > deadline:
            os.kill(who.pid, signal.SIGKILL)
        pause(0.05)
    return True


def _linux(pid: int) -> tuple[str, str] | None:
    """Ticks since boot and the boot's id; the file that is executed (titles change, files do not)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        program = os.readlink(f"/proc/{pid}/exe")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    return None if fields[0] == "Z" else (f"{boot}/{fields[19]}", program)


def _ps(pid: int) -> tuple[str, str] | None:
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    words = answer.stdout.split(maxsplit=6)
    if answer.returncode or len(words) < 7 or words[0].startswith("Z"):
        return None
    return " ".join(words[1:6]), words[6].strip()


class Register:
    """The file in which the launcher writes down what it has started."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Identity]:
        try:
            return [Identity(**row) for row in json.loads(self._path.read_text())]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError):
            return []  # written by another version: nothing in it can be trusted enough to end a process

    def write(self, rows: list[Identity]) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(row) for row in rows], indent=1))
        fresh.replace(self._path)

    def add(self, row: Identity) -> None:
        self.write([*self.read(), row])

    def remove(self, pid: int) -> None:
        self.write([row for row in self.read() if row.pid != pid])
