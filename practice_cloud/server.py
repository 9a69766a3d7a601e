"""The practice cloud's process: three listeners on loopback, from ready to stopped."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import IO

from practice_cloud import control, front
from practice_cloud.ca import Authority
from practice_cloud.cloud import IMDS_HOST, Cloud
from practice_cloud.connections import Http, Serving, Tunnel
from practice_cloud.files import private_folder, write_private
from practice_cloud.names import resolves

log = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
STOP_SECONDS = 3.0


class CannotStart(Exception):
    """Says what to do about it."""


@dataclass(frozen=True, slots=True)
class Ports:
    """0 picks a free one."""

    proxy: int
    control: int
    imds: int


async def serve(state: Path, ports: Ports, announce: Callable[[str], None]) -> None:
    """Runs until SIGTERM or SIGINT. ``announce`` gets the JSON line that says where everything is.

    Raises CannotStart.
    """
    with _only_one(state):
        cloud = Cloud.open(state)
        authority = Authority(cloud.ca_file, state / "ca-key.pem")
        azure, steering = Serving(front.build(cloud)), Serving(control.build(cloud))
        listeners = [
            await _listen(lambda: Tunnel(azure, authority.context, partial(resolves, cloud)), ports.proxy, "proxy"),
            await _listen(lambda: Http(steering, origin="control", host=None), ports.control, "control"),
            await _listen(lambda: Http(azure, origin="imds", host=IMDS_HOST), ports.imds, "imds"),
        ]
        dates = asyncio.create_task(_keep_dates(cloud, (azure, steering)))
        announce(_ready(cloud, listeners))
        await _signalled()
        for listener in listeners:
            listener.close()
        dates.cancel()
        await asyncio.gather(azure.stop(STOP_SECONDS), steering.stop(STOP_SECONDS))
        cloud.store.close()


async def _listen(make: Callable[[], asyncio.Protocol], port: int, name: str) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(make, LOOPBACK, port, backlog=2048)
    except OSError as error:
        raise CannotStart(
            f"Port {port} on {LOOPBACK} cannot be used for the practice cloud's {name} ({error.strerror or error}). "
            f"Stop what uses it, or choose another with --{name}-port (0 picks a free one)."
        ) from error


def _ready(cloud: Cloud, listeners: list[asyncio.Server]) -> str:
    """Fills in the cloud's own addresses and writes them down for others to find."""
    proxy, steering, imds = (f"http://{LOOPBACK}:{one.sockets[0].getsockname()[1]}" for one in listeners)
    cloud.proxy_url, cloud.imds_base = proxy, imds
    ready = {
        "event": "ready",
        "pid": os.getpid(),
        "proxy": proxy,
        "control": steering,
        "imds": imds,
        "ca_bundle": str(cloud.ca_file),
    }
    line = json.dumps(ready)
    write_private(cloud.state / "practice-cloud.json", line.encode() + b"\n")
    return line


def _only_one(state: Path) -> IO[str]:
    """The lock on the state folder; the system lets go of it however the process ends."""
    try:
        private_folder(state)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise CannotStart(f"{state} cannot be used ({error.strerror}). Choose another folder with --state.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotStart(
            f"Another practice cloud is using {state}. Stop it first, or choose another folder with --state."
        ) from None
    return lock


async def _keep_dates(cloud: Cloud, servings: tuple[Serving, ...]) -> None:
    """The Date header of every answer, by the cloud's clock."""
    while True:
        date = format_datetime(cloud.clock.now(), usegmt=True).encode()
        for serving in servings:
            serving.state.default_headers = [(b"date", date)]
        await asyncio.sleep(1)


async def _signalled() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
