"""Several commands at once: each writes into a log of its own. A line says how far they are, another as each ends, and
what went wrong is shown last."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT

from launcher.bell import Bell
from launcher.child import Child, Service, rotate
from launcher.say import say

OFTEN, SELDOM = 1.0, 30.0
"""Seconds from one line of progress to the next: on a terminal, where it is the same line, and elsewhere."""
DOTS = re.compile(r"^([.sxXFE]+) *(?:\[ *(\d+)%\])?$", re.MULTILINE)
"""What pytest writes of its tests, a letter for each."""


@dataclass(frozen=True)
class Command:
    """``fine``: the exit codes of one that went well."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    fine: frozenset[int] = field(default=frozenset({0}))


@dataclass(frozen=True)
class Ended:
    name: str
    good: bool
    seconds: float
    log: str

    @property
    def summary(self) -> str:
        lines = [line for line in self.log.splitlines() if line.strip()]
        last = lines[-1].strip() if lines else ""
        return f"{'ok' if self.good else 'failed':6} {self.name:19} {self.seconds:6.1f} s  {last}"

    @property
    def report(self) -> str:
        """What is to be read: of pytest's all below the dots, of a command that failed otherwise everything."""
        _dots, line, below = self.log.partition("\n====")
        return (line + below).strip() if line else "" if self.good else self.log.strip()


class Together:
    """The commands, and those of them that run."""

    def __init__(self, commands: Sequence[Command], *, cwd: Path, logs: Path) -> None:
        self._commands, self._cwd, self._logs = commands, cwd, logs
        self._running: list[tuple[Command, Child]] = []
        self._progress = _Progress()
        self._began = time.monotonic()

    def run(self, bell: Bell) -> list[Ended]:
        """In the order in which they end. Raises Interrupted when asked to stop; then none is left."""
        ended: list[Ended] = []
        try:
            for command in self._commands:
                self._running.append((command, self._begin(command)))
            while self._running:
                ended += self._those_that_ended()
                if self._running:
                    self._progress.show(lambda: ", ".join(map(_how_far, self._running)), self._passed)
                    bell.wait(0.5)
        finally:
            self._progress.clear()
            self._stop(bell)
        return ended

    def _begin(self, command: Command) -> Child:
        log = self._logs / f"{command.name.replace(' ', '-')}.log"
        rotate(log)
        # SIGINT: pytest stops what its tests have started, and so does all else that is written in Python
        service = Service(command.name, command.argv, command.env, self._cwd, log, stop_signal=SIGINT)
        return Child(service)

    @property
    def _passed(self) -> float:
        return time.monotonic() - self._began

    def _those_that_ended(self) -> list[Ended]:
        ended = []
        for command, child in list(self._running):
            if child.exit_code is not None:
                self._running.remove((command, child))
                good = child.exit_code in command.fine
                ended.append(Ended(command.name, good, self._passed, _log_of(child)))
                self._progress.clear()
                say(ended[-1].summary)
        return ended

    def _stop(self, bell: Bell) -> None:
        """All are asked before the first is waited for. A second Ctrl-C kills what is left."""
        presses = bell.presses
        for _command, child in self._running:
            child.signal(child.service.stop_signal)
        for _command, child in self._running:
            child.see_out(hurry=lambda: bell.presses > presses)


class _Progress:
    """One line that is written anew on a terminal; elsewhere one now and then, so that a log stays short."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._said = time.monotonic()
        self._stands = False

    def show(self, text: Callable[[], str], seconds: float) -> None:
        now = time.monotonic()
        if now - self._said < (OFTEN if self._terminal else SELDOM):
            return
        self._said, self._stands = now, self._terminal
        line = f"{seconds:.0f} s: {text()}"
        say(f"\r\033[K{line}" if self._terminal else f"  {line}", end="" if self._terminal else "\n")

    def clear(self) -> None:
        if self._stands:
            say("\r\033[K", end="")
            self._stands = False


def _how_far(running: tuple[Command, Child]) -> str:
    dotted, _line, _below = _log_of(running[1]).partition("\n====")
    found = DOTS.findall(dotted)
    letters = "".join(dots for dots, _percent in found)
    if not letters:
        return running[0].name
    percent = next((f", {percent} %" for _dots, percent in reversed(found) if percent), "")
    wrong = letters.count("F") + letters.count("E")
    return f"{running[0].name}: {len(letters)} done{percent}{f', {wrong} failed' if wrong else ''}"


def _log_of(child: Child) -> str:
    return child.service.log.read_text(errors="replace")
