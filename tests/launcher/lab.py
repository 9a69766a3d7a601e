"""``./lab`` itself, as a person in a terminal runs it, with a state folder of its own."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.environment import ROOT
from tests.launcher.waiting import until

OF_THE_TESTS = {"REDIS_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}


def environment(state: Path) -> dict[str, str]:
    """What a person's shell has: nothing of what the tests set."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("LAB_") and n not in OF_THE_TESTS}
    return {**kept, "LAB_STATE": str(state)}


def lab(state: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    argv = [str(ROOT / "lab"), *words]
    env = environment(state) | variables
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=60)


@dataclass
class Running:
    """A ``./lab run`` or ``./lab cloud`` in the background; what it says is collected in ``output``."""

    process: subprocess.Popen[str]
    output: Path

    @classmethod
    def begin(cls, state: Path, *words: str, **variables: str) -> Running:
        output = state.with_name(f"{state.name}-says.txt")
        with output.open("w") as stream:
            process = subprocess.Popen(
                [str(ROOT / "lab"), *words],
                env=environment(state) | variables,
                stdout=stream,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return cls(process, output)

    def said(self) -> str:
        return self.output.read_text()

    def until_it_says(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None, f"“{words}”", within=60)
        assert words in self.said(), self.said()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
