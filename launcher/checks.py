"""``./lab check``: what a careful engineer runs before every commit, side by side, in seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass

from launcher import venv
from launcher.bell import Bell
from launcher.child import Child
from launcher.commands import begin
from launcher.places import Places
from launcher.run import environment
from launcher.say import say

QUICK = ["--quick", "-p", "no:cacheprovider", "-n", "auto", "--maxprocesses", "8"]


@dataclass(frozen=True)
class Check:
    name: str
    argv: list[str]


def tools(places: Places) -> list[Check]:
    """What reads the code without running it; the slowest first."""
    python = str(places.python)
    return [
        Check("types", [python, "-m", "mypy"]),
        Check("imports", [python, str(places.tool("lint-imports"))]),
        Check("lint", [python, "-m", "ruff", "check"]),
        Check("format", [python, "-m", "ruff", "format", "--check"]),
    ]


def run(places: Places) -> int:
    places.make()
    with Bell() as bell:
        venv.ensure(places, bell, development=True)
        quick = Check("quick tests", [str(places.python), "-m", "pytest", *QUICK])
        return 0 if side_by_side(places, bell, [quick, *tools(places)]) else 1


def side_by_side(places: Places, bell: Bell, checks: list[Check]) -> bool:
    """Runs them together, says a line for each as it ends, and shows the output of those that failed."""
    began = time.monotonic()
    env = _keeping_bytecode(environment(places), places)
    running = {
        check.name: begin(
            f"check-{check.name.replace(' ', '-')}", check.argv, env=env, cwd=places.root, logs=places.logs
        )
        for check in checks
    }
    failed = []
    try:
        while running:
            for name in [name for name, child in running.items() if child.exit_code is not None]:
                child = running.pop(name)
                failed += [child] if child.exit_code else []
                say(_summary(name, child, time.monotonic() - began))
            if running:
                bell.wait(0.5)
    finally:
        for child in running.values():
            child.stop()
    for child in failed:
        say(f"\n── {child.service.name} ──\n{child.service.log.read_text(errors='replace').rstrip()}")
    return not failed


def _keeping_bytecode(env: dict[str, str], places: Places) -> dict[str, str]:
    """Without bytecode pytest rewrites every assertion anew, half a minute of processor time. Whoever wants none beside
    the sources gets it in the state folder."""
    if not env.pop("PYTHONDONTWRITEBYTECODE", ""):
        return env
    return {**env, "PYTHONPYCACHEPREFIX": str(places.state / "bytecode")}


def _summary(name: str, child: Child, seconds: float) -> str:
    lines = [line for line in child.service.log.read_text(errors="replace").splitlines() if line.strip()]
    return f"{'failed' if child.exit_code else 'ok':6} {name:12} {seconds:5.1f} s  {lines[-1].strip() if lines else ''}"
