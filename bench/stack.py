"""The whole portal for one bench run: every process real, in a folder and on ports of its own, gone afterwards."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from launcher.child import Child, Service
from launcher.portal import (
    WEB_PROCESSES,
    follower_service,
    python_of,
    sweeper_service,
    web_service,
    worker_service,
)
from launcher.ports import bound
from launcher.redis_server import OwnRedis

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Stack:
    env: dict[str, str]
    web: str
    control: str
    proxy: str
    ca_bundle: str
    worker: Child
    webs: tuple[Child, ...]
    folder: Path

    def set_latency(self, milliseconds: int) -> None:
        answer = httpx.put(f"{self.control}/latency", json={"ms": milliseconds, "jitter_ms": 0}, trust_env=False)
        answer.raise_for_status()

    def set_timings(self, **seconds: float) -> None:
        httpx.put(f"{self.control}/timings", json=seconds, trust_env=False).raise_for_status()

    def restart_worker(self) -> None:
        """A worker that has never seen a student: no token, no connection."""
        self.worker.stop()
        self.worker = Child(self.worker.service)
        self.worker.wait_ready()

    def web_memory(self) -> float:
        """Resident sets of all that serve pages together, in MB."""
        return sum(float(psutil.Process(web.pid).memory_info().rss) for web in self.webs) / 1e6

    def worker_memory(self) -> float:
        """Resident set of the worker with all its children, in MB."""
        process = psutil.Process(self.worker.pid)
        resident: list[int] = [one.memory_info().rss for one in [process, *process.children(recursive=True)]]
        return sum(resident) / 1e6


@contextmanager
def running(folder: Path, database_url: str | None = None) -> Iterator[Stack]:
    with ExitStack() as stack:
        redis = OwnRedis.in_folder(folder / "redis", ROOT / ".venv")
        _start(stack, redis.service(folder / "redis.log"))
        cloud = _practice_cloud(stack, folder)
        env = _environment(folder, redis.url, cloud, database_url)
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            subprocess.run([python_of(ROOT), "manage.py", *command, "-v", "0"], env=env, cwd=ROOT, check=True)
        worker = _start(stack, worker_service(ROOT, env, folder / "worker.log"))
        _start(stack, sweeper_service(ROOT, env, folder / "sweeper.log"))
        _start(stack, follower_service(ROOT, env, folder / "follower.log"))
        listener = stack.enter_context(bound("127.0.0.1", 0))
        logs = [folder / f"web-{number}.log" for number in range(1, WEB_PROCESSES + 1)]
        webs = tuple(_start(stack, web_service(ROOT, env, log, listener)) for log in logs)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        whole = Stack(env, address, cloud["control"], cloud["proxy"], cloud["ca_bundle"], worker, webs, folder)
        stack.callback(lambda: whole.worker.stop())  # noqa: PLW0108  it may have been replaced by then
        yield whole


def _start(stack: ExitStack, service: Service) -> Child:
    child = Child(service)
    stack.callback(child.stop)
    child.wait_ready()
    return child


def _practice_cloud(stack: ExitStack, folder: Path) -> dict[str, str]:
    state = folder / "cloud"
    ready = state / "practice-cloud.json"
    service = Service(
        name="practice cloud",
        argv=[python_of(ROOT), "-m", "practice_cloud", "--state", str(state)],
        env=dict(os.environ),
        cwd=ROOT,
        log=folder / "cloud.log",
        ready=ready.exists,
    )
    _start(stack, service)
    answer: dict[str, str] = json.loads(ready.read_text())
    return answer


def _environment(folder: Path, redis_url: str, cloud: dict[str, str], database_url: str | None) -> dict[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "labportal.settings",
        "LAB_STATE": str(folder),
        "LAB_SECRET_KEY": secrets.token_urlsafe(50),
        "LAB_SEALING_KEYS": f"bench:{key}",
        "LAB_DIGEST_KEY": secrets.token_urlsafe(32),
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'bench.sqlite3'}",
        "REDIS_URL": redis_url,
        "LAB_PRACTICE_PROXY": cloud["proxy"],
        "LAB_PRACTICE_CA": cloud["ca_bundle"],
        "LAB_PRACTICE_CONTROL": cloud["control"],
    }
