"""A real practice cloud in a process of its own, and its control plane, for any test that needs them.

with start_practice(folder) as cloud:
    student = cloud.student()
    ClientSecretCredential(student["tenant_id"], ..., **cloud.sdk)
"""

from __future__ import annotations

import json
import select
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30
STOP_SECONDS = 10
Json = dict[str, Any]


@dataclass
class Practice:
    """Where a running practice cloud is, and what it can be asked. Addresses have no slash at the end."""

    state: Path
    process: subprocess.Popen[str]
    proxy: str
    control: str
    imds: str
    ca_bundle: str
    _http: httpx.Client = field(repr=False)

    @property
    def sdk(self) -> Json:
        """What every credential and client of the synchronous Azure SDKs needs to reach this cloud."""
        return {"proxies": {"https": self.proxy}, "connection_verify": self.ca_bundle}

    def http(self) -> httpx.Client:
        """A plain client that reaches Azure's host names through the proxy."""
        return httpx.Client(
            proxy=self.proxy, verify=ssl.create_default_context(cafile=self.ca_bundle), trust_env=False, timeout=20
        )

    def ask(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Json:
        """What the control plane answers. Raises httpx.HTTPStatusError for a refusal; its body says why."""
        answer = self._http.request(method, path, json=body, params=query)
        answer.raise_for_status()
        return {} if answer.status_code == 204 else dict(answer.json())

    def student(self, key: str | None = None) -> Json:
        return self.ask("POST", "/students", {"key": key} if key else {})

    def requests(self, **filters: str | int) -> list[Json]:
        """What was received: filters are since, host, method, path and subscription_id."""
        return list(self.ask("GET", "/requests", query=dict(filters))["requests"])

    def seen(self) -> int:
        """The ``seq`` of the last request, to be given as ``since``."""
        return max((one["seq"] for one in self.requests()), default=0)

    def add_fault(self, **fields: Any) -> str:
        """The id of a new fault, which stays until it is removed."""
        return str(self.ask("POST", "/faults", fields)["id"])

    @contextmanager
    def fault(self, **fields: Any) -> Iterator[str]:
        """A fault for as long as the block lasts."""
        fault_id = self.add_fault(**fields)
        try:
            yield fault_id
        finally:
            self.ask("DELETE", f"/faults/{fault_id}")

    @contextmanager
    def conduct(self, name: str, **values: float) -> Iterator[None]:
        """``latency``, ``timings`` or ``clock`` set to these values for as long as the block lasts."""
        before = self.ask("GET", f"/{name}")
        self.ask("PUT", f"/{name}", values)
        try:
            yield
        finally:
            self.ask("PUT", f"/{name}", {key: before[key] for key in values})

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        finally:
            self.process.kill()


@contextmanager
def start_practice(folder: Path, *options: str) -> Iterator[Practice]:
    """A practice cloud that keeps its state in ``folder``, on free ports; stopped at the end if it still runs.

    Its log is ``practice-cloud.log`` in the folder. Raises RuntimeError, with the log's end, if it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "practice-cloud.log"
    with log.open("ab") as stream:
        command = [sys.executable, "-m", "practice_cloud", "--state", str(folder), *options]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stream, text=True)
    try:
        told = _ready(process, log)
        with httpx.Client(base_url=told["control"], trust_env=False, timeout=20) as http:
            places = {name: told[name] for name in ("proxy", "control", "imds", "ca_bundle")}
            yield Practice(state=folder, process=process, _http=http, **places)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            assert process.stdout is not None
            process.stdout.close()


def _ready(process: subprocess.Popen[str], log: Path) -> Json:
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline() if readable else ""
    if not line:
        raise RuntimeError(f"the practice cloud did not start:\n{log.read_text()[-3000:]}")
    return dict(json.loads(line))
