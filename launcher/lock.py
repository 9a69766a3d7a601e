"""``./lab lock``: requirements*.txt from requirements*.in, for every platform and every Python from 3.11 on."""

from __future__ import annotations

import os
import sys

from launcher.bell import Bell
from launcher.commands import begin, finish, in_front
from launcher.places import Places
from launcher.say import Stop, say

UV = "uv==0.13.9"


def run(places: Places, *, upgrade: bool) -> int:
    places.make()
    with Bell() as bell:
        uv = _uv(places, bell)
        for name in ("requirements", "requirements-dev"):
            code = _compile(places, bell, uv, name, upgrade=upgrade)
            if code:
                return code
            say(f"{name}.txt is made from {name}.in")
    return 0


def _compile(places: Places, bell: Bell, uv: str, name: str, *, upgrade: bool) -> int:
    argv = [
        *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "./lab lock"),
        *(("--upgrade",) if upgrade else ()),
        *(f"{name}.in", "--output-file", f"{name}.txt"),
    ]
    return in_front(argv, env=os.environ, cwd=places.root, bell=bell)


def _uv(places: Places, bell: Bell) -> str:
    """uv in a virtual environment of its own: nothing of the portal needs it."""
    folder = places.state / "uv"
    program = folder / "bin" / "uv"
    if not program.exists():
        say("Installing uv …")
        steps = {
            "lock-venv": [sys.executable, "-m", "venv", "--clear", str(folder)],
            "lock-pip": [str(folder / "bin" / "python"), "-m", "pip", "install", "--only-binary", ":all:", UV],
        }
        for step, argv in steps.items():
            child = begin(step, argv, env=os.environ, cwd=places.root, logs=places.logs)
            if finish(child, bell):
                raise Stop(f"uv could not be installed:\n{child.tail()}")
    return str(program)
