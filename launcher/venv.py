"""The virtual environment in ``.venv``: made, filled with what the lock file names, and repaired.

``.venv/lab.json`` says what was installed. It is written last, so whatever was cut off before that is made anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field

from launcher import pip_trouble
from launcher.bell import Bell
from launcher.child import Child
from launcher.commands import begin, finish
from launcher.locks import Lock
from launcher.places import Places
from launcher.say import Progress, Stop, say

RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
STAMP = "lab.json"


@dataclass
class Stamp:
    """What stands in the virtual environment. ``installed``: the lock file's name and its SHA-256."""

    folder: str
    python: str
    installed: dict[str, str] = field(default_factory=dict)


def ensure(places: Places, bell: Bell, *, development: bool = False) -> None:
    """Makes ``.venv`` fit the lock file; quick when it already does. Raises Stop with what to do."""
    wanted = DEVELOPMENT if development else RUNTIME
    lock = Lock(places.state / "set-up.lock")
    if not lock.take():
        say("Another set-up is under way in this folder; waiting for it …")
        while not lock.take():
            bell.wait(0.2)
    try:
        _ensure(places, bell, wanted)
    finally:
        lock.release()


def _ensure(places: Places, bell: Bell, wanted: str) -> None:
    digest = hashlib.sha256((places.root / wanted).read_bytes()).hexdigest()
    stamp = _read(places)
    if stamp is None or not usable(places, stamp):
        stamp = _make(places, bell)
    if stamp.installed.get(wanted) == digest:
        return
    (places.venv / STAMP).unlink(missing_ok=True)
    _install(places, bell, wanted)
    stamp.installed = {wanted: digest}
    if wanted == DEVELOPMENT:  # it holds everything of the other, at the same versions
        stamp.installed[RUNTIME] = hashlib.sha256((places.root / RUNTIME).read_bytes()).hexdigest()
    (places.venv / STAMP).write_text(json.dumps(asdict(stamp)))


def _read(places: Places) -> Stamp | None:
    try:
        return Stamp(**json.loads((places.venv / STAMP).read_text()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError):
        return None  # cut off while it was written, or from another version of this script


def usable(places: Places, stamp: Stamp) -> bool:
    """False after the checkout was moved, or the Python below was removed or replaced by another version."""
    if stamp.folder != str(places.venv):
        return False
    try:
        answer = subprocess.run(
            [places.python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == stamp.python


def _make(places: Places, bell: Bell) -> Stamp:
    require_venv_module()
    if places.venv.is_symlink():  # making it anew would empty the folder that it leads to
        raise Stop(f".venv is a link to {places.venv.resolve()}. Remove the link; the portal makes a .venv of its own.")
    if places.venv.exists():
        say("An earlier set-up of .venv was not finished, or Python has changed; making it anew.")
    base = getattr(sys, "_base_executable", sys.executable)  # not a Python inside the .venv that is about to go
    progress = Progress("Making a virtual environment in .venv")
    argv = [base, "-m", "venv", "--clear", str(places.venv)]
    child = begin("set-up-venv", argv, env=_clean_environment(), cwd=places.root, logs=places.logs)
    if finish(child, bell):
        progress.broken()
        raise Stop(f"The virtual environment could not be made:\n{child.tail()}\n{venv_advice()}")
    progress.done()
    return Stamp(folder=str(places.venv), python=this_python())


def this_python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def require_venv_module() -> None:
    """Debian splits these off; without them ``python -m venv`` fails half-way."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Stop(f"This Python ({sys.executable}) lacks its venv module.\n{venv_advice()}")


def venv_advice() -> str:
    version = this_python()
    return (
        f"  Debian/Ubuntu: sudo apt install python{version}-venv\n"
        f"  Fedora:        sudo dnf install python{version}\n"
        f"  macOS:         brew install python@{version}\n"
        "Then run the same command again."
    )


def _install(places: Places, bell: Bell, wanted: str) -> None:
    total = sum(1 for line in (places.root / wanted).read_text().splitlines() if "==" in line and line[0] not in "# ")
    ready_made = ["--only-binary", ":all:"]
    child = _pip(places, bell, wanted, total, ready_made)
    if child.exit_code and pip_trouble.lacks_ready_made(_log(child)):
        say(f"Some package has no ready-made build for this machine; building it instead. {_missing(child)}")
        child = _pip(places, bell, wanted, total, [])
    if child.exit_code:
        raise Stop(pip_trouble.explain(_log(child), child.service.log))


def _pip(places: Places, bell: Bell, wanted: str, total: int, more: list[str]) -> Child:
    progress = Progress(f"Installing what {wanted} names")
    argv = [str(places.python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    argv += ["--no-warn-script-location", "--progress-bar", "off", "--require-hashes", *more, "-r", wanted]
    child = begin("set-up-pip", argv, env=_clean_environment(), cwd=places.root, logs=places.logs)
    while child.exit_code is None:
        try:
            bell.wait(0.3)
        except BaseException:
            child.stop()
            raise
        text = _log(child)
        fetched = text.count("\nCollecting ") + text.startswith("Collecting ")
        progress.show("unpacking" if "Installing collected" in text else f"{fetched} of {total} packages fetched")
    if child.exit_code:
        progress.broken()
    else:
        progress.done()
    return child


def _log(child: Child) -> str:
    return child.service.log.read_text(errors="replace")


def _missing(child: Child) -> str:
    return pip_trouble.missing_package(_log(child))


def _clean_environment() -> dict[str, str]:
    """Settings of an activated environment or of an embedding program would send pip somewhere else."""
    dropped = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "PIP_PREFIX", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in dropped}
