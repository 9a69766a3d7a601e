"""The practice cloud: how it is started, found, and asked for students."""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from launcher import keys, ports
from launcher.child import Service
from launcher.portal import python_of
from launcher.say import Stop

LOOPBACK = "127.0.0.1"
READY_FILE = "practice-cloud.json"
KINDS = ("proxy", "control", "imds")
_no_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Cloud:
    """A practice cloud that runs: where it is."""

    pid: int
    proxy: str
    control: str
    imds: str
    ca_bundle: str

    def answers(self) -> bool:
        try:
            return bool(self.ask("GET", "/health") == {"status": "ok"})
        except (OSError, ValueError):
            return False

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the control plane says. Raises OSError (urllib's HTTPError and URLError are such) or ValueError."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.control + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with _no_proxy.open(request, timeout=10) as answer:
            return json.load(answer)

    @property
    def environment(self) -> dict[str, str]:
        """What the portal's processes need to know of it."""
        return {
            "LAB_PRACTICE_PROXY": self.proxy,
            "LAB_PRACTICE_CA": self.ca_bundle,
            "LAB_PRACTICE_CONTROL": self.control,
        }


def find(state: Path) -> Cloud | None:
    """The practice cloud that keeps its state there, if it runs."""
    cloud = _written(state)
    return cloud if cloud and cloud.answers() else None


def _written(state: Path) -> Cloud | None:
    try:
        told = json.loads((state / READY_FILE).read_text())
        return Cloud(**{name: told[name] for name in ("pid", "proxy", "control", "imds", "ca_bundle")})
    except (OSError, ValueError, KeyError):
        return None  # never started here, or cut off while it wrote


def service(root: Path, state: Path, log: Path, proxy_port: int | None = None) -> Service:
    """On the ports it had the last time when they are free, so that a shell set up for it goes on working."""
    before = _written(state)
    (state / READY_FILE).unlink(missing_ok=True)
    options: list[str] = []
    for kind in KINDS:
        port = proxy_port if kind == "proxy" and proxy_port else _port(before, kind)
        options += [f"--{kind}-port", str(port)]
    return Service(
        name="practice cloud",
        argv=[python_of(root), "-m", "practice_cloud", "--state", str(state), *options],
        env={**keys.without_keys(os.environ), "PYTHONUNBUFFERED": "1"},
        cwd=root,
        log=log,
        ready=lambda: find(state) is not None,
    )


def _port(before: Cloud | None, kind: str) -> int:
    last = urlsplit(getattr(before, kind)).port if before else None
    return last if last and ports.is_free(LOOPBACK, last) else ports.free(LOOPBACK)


def student(state: Path, *, key: str | None = None, subscription: str | None = None) -> dict[str, str]:
    """A practice student: the one of that subscription, the one made for that key, or a fresh one. Raises Stop."""
    if subscription is not None:
        told = ask(state, "GET", f"/students/{quote(subscription)}")
    else:
        told = ask(state, "POST", "/students", {} if key is None else {"key": key})
    return {name: str(value) for name, value in told.items()}


def ask(state: Path, method: str, path: str, body: object = None) -> Any:
    """What the control plane of the running cloud says. Raises Stop, with what it says against it."""
    cloud = find(state)
    if cloud is None:
        raise Stop("No practice cloud is running from this folder. Start it in another terminal: ./lab cloud")
    try:
        return cloud.ask(method, path, body)
    except urllib.error.HTTPError as error:
        student = re.match("/students/([^/]+)", path)
        if error.code == 404 and student:
            raise Stop(f"The practice cloud has no student with subscription {student[1]}.") from error
        raise Stop(f"The practice cloud answered {error.code}: {_why(error)}") from error


def _why(error: urllib.error.HTTPError) -> str:
    said = error.read(2000).decode(errors="replace")
    try:
        return str(json.loads(said)["error"])
    except (ValueError, KeyError, TypeError):
        return said
