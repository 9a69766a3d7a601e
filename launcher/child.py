"""One process that was started here: its log, its end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
KEPT_LOGS = 3

Pause = Callable[[float], None]


@dataclass(frozen=True)
class Service:
    """What to run, and how to know that it is ready.

    ``ready`` is asked again and again until it says yes. ``stop_within`` is the time between SIGTERM and SIGKILL.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    ready: Callable[[], bool] = field(default=lambda: True)
    ready_within: float = 30.0
    stop_within: float = 10.0
    stop_signal: signal.Signals = signal.SIGTERM
    pass_fds: tuple[int, ...] = ()
    user: int | None = None
    group: int | None = None


class Died(Exception):
    """The process ended by itself; the text has the end of its log."""


class TooSlow(Exception):
    """The process runs but did not become ready in time; the text has the end of its log."""


class Child:
    """A running service. Started in a session of its own, so that Ctrl-C reaches the launcher alone."""

    def __init__(self, service: Service) -> None:
        self.service = service
        with service.log.open("ab") as log:
            self._process = subprocess.Popen(
                service.argv,
                env=service.env,
                cwd=service.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=service.pass_fds,
                user=service.user,
                group=service.group,
                extra_groups=[] if service.user is not None else None,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - the launcher has one thread
            )
        self.pid = self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def tail(self, lines: int = 12) -> str:
        text = self.service.log.read_text(errors="replace")
        return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:])

    def _said(self) -> str:
        return f"Its log, {self.service.log}:\n{self.tail()}"

    def wait_ready(self, pause: Pause = time.sleep) -> None:
        """Waits until the service says it is ready. Raises Died or TooSlow."""
        service = self.service
        deadline = time.monotonic() + service.ready_within
        while not service.ready():
            if self.exit_code is not None:
                raise Died(f"{service.name} ended {describe_exit(self.exit_code)}. {self._said()}")
            if time.monotonic() > deadline:
                raise TooSlow(f"{service.name} is not ready after {service.ready_within:.0f} s. {self._said()}")
            pause(0.02)

    def signal(self, number: signal.Signals) -> None:
        if self.exit_code is None:
            os.kill(self.pid, number)

    def stop(self, pause: Pause = time.sleep, hurry: Callable[[], bool] = lambda: False) -> bool:
        """Asks it to end, and kills it when the time is up or ``hurry`` says so. True when it ended by itself."""
        self.signal(self.service.stop_signal)
        return self.see_out(pause, hurry)

    def see_out(self, pause: Pause = time.sleep, hurry: Callable[[], bool] = lambda: False) -> bool:
        """The second half of ``stop``, for one that was asked already: some take a second wish for great haste."""
        deadline = time.monotonic() + self.service.stop_within
        while self.exit_code is None and time.monotonic() < deadline and not hurry():
            pause(0.02)
        gentle = self.exit_code is not None
        self.kill()
        return gentle

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self._process.wait()


def describe_exit(code: int) -> str:
    return f"with code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"


def rotate(log: Path) -> None:
    """Keeps the logs of the last few starts beside the fresh one: name.log.1 is the previous."""
    for number in range(KEPT_LOGS, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        newer = log.with_name(f"{log.name}.{number - 1}") if number > 1 else log
        if newer.exists():
            newer.replace(older)
    log.touch(mode=0o600)


def die_with_parent() -> Callable[[], None]:
    """For ``preexec_fn``: the kernel ends the child when the process that called this is gone, even by kill -9.

    Linux only; elsewhere the next start finds it in the register.
    """
    parent = os.getpid()

    def set_up() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return set_up
