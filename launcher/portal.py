"""The portal's own processes: how each is started, and how one knows that it is ready."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from socket import socket

from launcher.child import Service

WORKER_THREADS = 32  # calls to Azure wait far more than they compute
WEB_PROCESSES = 2  # Python computes on one core in each: with 100 students checking, one would be busy half of the time
WORKER_PATIENCE = 20.0  # a task is over within 15 s; what is cut off is taken up again by the next worker


def python_of(root: Path) -> str:
    """The virtual environment's Python; inside it (in tests), the one that is running."""
    own = root / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def worker_service(root: Path, env: Mapping[str, str], log: Path, *, concurrency: int = WORKER_THREADS) -> Service:
    level = env.get("LAB_LOG_LEVEL", "INFO")
    return Service(
        name="worker",
        argv=[
            *(python_of(root), "-m", "celery", "-A", "labportal", "worker"),
            *("--pool", "threads", "--concurrency", str(concurrency), "--loglevel", level),
            *("--without-gossip", "--without-mingle"),
        ],
        env=env,
        cwd=root,
        log=log,
        ready=_says(log, " ready.") if level in {"DEBUG", "INFO"} else lambda: True,
        stop_within=WORKER_PATIENCE,
    )


def sweeper_service(root: Path, env: Mapping[str, str], log: Path) -> Service:
    return _turning_service("sweeper", "sweep", root, env, log)


def follower_service(root: Path, env: Mapping[str, str], log: Path) -> Service:
    return _turning_service("follower", "follow", root, env, log)


def _turning_service(name: str, command: str, root: Path, env: Mapping[str, str], log: Path) -> Service:
    """One of those that do the same small thing again and again (``labportal.turning``)."""
    level = env.get("LAB_LOG_LEVEL", "INFO")
    return Service(
        name=name,
        argv=[python_of(root), "manage.py", command],
        env=env,
        cwd=root,
        log=log,
        ready=_says(log, f"{name} ready") if level in {"DEBUG", "INFO"} else lambda: True,
    )


def web_service(root: Path, env: Mapping[str, str], log: Path, listener: socket, name: str = "web") -> Service:
    """One of those that serve what ``listener`` is bound to, which must stay open as long as it may be started anew."""
    host, port = listener.getsockname()[:2]
    return Service(
        name=name,
        argv=[python_of(root), "-m", "labportal.web", "--fd", str(listener.fileno())],
        env=env,
        cwd=root,
        log=log,
        ready=lambda: b"Application startup complete" in log.read_bytes() and serves(host, port),
        pass_fds=(listener.fileno(),),
    )


def serves(host: str, port: int) -> bool:
    """True when the first page comes without a server error."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """An address to call when the server listens on all of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)


def _says(log: Path, words: str) -> Callable[[], bool]:
    """Asks whether the words stand in the log, which is fresh at every start."""
    return lambda: words.encode() in log.read_bytes()
