"""A Chromium for the tests in a browser: found, installed where that may be done, or asked for. Never skipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from launcher.bell import Bell
from launcher.commands import begin, finish
from launcher.places import Places
from launcher.say import Progress, Stop

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def require(places: Places, bell: Bell) -> str:
    """The path of a Chromium. Raises Stop, saying what to install."""
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(places, bell)
        found = find()
    if found is None:
        raise Stop(
            "The tests in a browser need Chromium.\n"
            "  Debian: sudo apt install chromium      Fedora: sudo dnf install chromium\n"
            "  Ubuntu: sudo snap install chromium     macOS:  brew install --cask chromium\n"
            "Or set CHROME to the path of a Chrome or Chromium."
        )
    return found


def find() -> str | None:
    given = os.environ.get("CHROME")
    if given:
        program = shutil.which(given)
        if program is None:
            raise Stop(f"CHROME is set to {given}, which cannot be run.")
        return program
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((path for path in MACOS if Path(path).exists()), None)


def _install(places: Places, bell: Bell) -> None:
    progress = Progress("Installing Chromium with apt-get")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        child = begin("set-up-chromium", ["apt-get", *step], env=env, cwd=places.root, logs=places.logs)
        if finish(child, bell):
            progress.broken()
            raise Stop(f"Chromium could not be installed with apt-get:\n{child.tail()}")
    progress.done()
