"""The portal's real processes, for tests: started from the same commands as ``./lab run`` uses."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Mapping
from pathlib import Path

from launcher.child import Child, Service
from launcher.portal import follower_service, python_of, sweeper_service, web_service, worker_service
from launcher.ports import bound
from launcher.redis_server import OwnRedis
from tests.environment import LOGS, ROOT

_numbers = itertools.count(1)


def fresh_log(name: str) -> Path:
    return LOGS / f"{name}-{next(_numbers)}.log"


def start(service: Service) -> Child:
    """Starts it and waits until it is ready. Raises launcher.child.Died or TooSlow, with the end of its log."""
    child = Child(service)
    try:
        child.wait_ready()
    except BaseException:
        child.kill()
        raise
    return child


def start_redis(folder: Path) -> tuple[Child, str]:
    """A real Redis of its own, and its address as redis-py reads it."""
    own = OwnRedis.in_folder(folder, ROOT / ".venv")
    return start(own.service(fresh_log("redis"))), own.url


def start_worker(env: Mapping[str, str], *, concurrency: int = 8) -> Child:
    return start(worker_service(ROOT, env, fresh_log("worker"), concurrency=concurrency))


def start_follower(env: Mapping[str, str]) -> Child:
    return start(follower_service(ROOT, env, fresh_log("follower")))


def start_sweeper(env: Mapping[str, str]) -> Child:
    return start(sweeper_service(ROOT, env, fresh_log("sweeper")))


def start_web(env: Mapping[str, str]) -> tuple[Child, str]:
    """The web process on a free port, and its address without a slash at the end."""
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        return start(web_service(ROOT, env, fresh_log("web"), listener)), f"http://127.0.0.1:{port}"


def collect_static(env: Mapping[str, str]) -> None:
    subprocess.run(
        [python_of(ROOT), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], env=env, cwd=ROOT, check=True
    )
