"""The portal's processes as something keeps killing, stopping and emptying them."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import redis

from launcher.child import Child
from launcher.portal import follower_service, sweeper_service, worker_service
from launcher.redis_server import OwnRedis
from tests import processes
from tests.environment import ROOT
from tests.practice_process import Practice, start_practice

LEASE = 2.0
TIMINGS = {"vault_create": 0.3, "run_command": 0.3, "vm_power": 0.3}
MOVES = (-2.0, 90.0, 1800.0, 7200.0)
"""Seconds by which the cloud's clock moves: back a little, and ahead past every token that it has given out."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 429, "headers": {"Retry-After": "1"}},
    {"status": 503},
    {"reset": "before"},
    {"reset": "after"},
    {"reset": "after", "method": "PUT"},
)


class World:
    """A Redis, a practice cloud, a web process, a sweeper, a follower and two workers, all of its own. ``close`` ends
    them all."""

    def __init__(self, folder: Path, env: Mapping[str, str], rng: random.Random) -> None:
        self._rng = rng
        self._stack = ExitStack()
        self._workers: list[Child] = []
        self._cloud_folder = folder / "cloud"
        self.received: list[dict[str, Any]] = []
        try:
            self._redis = OwnRedis.in_folder(folder / "redis", ROOT / ".venv")
            self._server = self._own(processes.start(self._redis.service(processes.fresh_log("soak-redis"))))
            self.cloud = self._start_cloud()
            self.env = self._environment(env)
            web, self.address = processes.start_web(self.env)
            self._own(web)
            self._sweeper = self._start_sweeper()
            self._follower = self._start_follower()
            self._workers = [self._start_worker(), self._start_worker()]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._stack.close()

    def mishaps(self) -> list[Callable[[], None]]:
        return [
            *(self.kill_a_worker, self.kill_the_sweeper, self.empty_redis, self.kill_redis, self.stop_redis),
            *(self.stop_a_worker_past_its_lease, self.trouble_in_the_cloud, self.trouble_in_the_cloud),
            *(self.kill_a_worker, self.kill_the_cloud, self.move_the_clock, self.kill_the_follower),
        ]

    def kill_a_worker(self) -> None:
        unlucky = self._rng.randrange(len(self._workers))
        self._workers[unlucky].kill()
        self._workers[unlucky] = self._start_worker()

    def stop_a_worker_past_its_lease(self) -> None:
        zombie = self._rng.choice(self._workers)
        zombie.signal(signal.SIGSTOP)
        time.sleep(LEASE + 1.5)
        zombie.signal(signal.SIGCONT)

    def kill_the_sweeper(self) -> None:
        self._sweeper.kill()
        self._sweeper = self._start_sweeper()

    def kill_the_follower(self) -> None:
        self._follower.kill()
        time.sleep(self._rng.uniform(0, 1.5))
        self._follower = self._start_follower()

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self._redis.url) as client:
            client.flushall()

    def kill_redis(self) -> None:
        self._server.kill()
        time.sleep(self._rng.uniform(0, 1.5))
        self._server = self._own(processes.start(self._redis.service(processes.fresh_log("soak-redis"))))

    def stop_redis(self) -> None:
        self._server.signal(signal.SIGSTOP)
        time.sleep(3)
        self._server.signal(signal.SIGCONT)

    def trouble_in_the_cloud(self) -> None:
        self.cloud.add_fault(**self._rng.choice(FAULTS), times=self._rng.randint(2, 6))

    def kill_the_cloud(self) -> None:
        self._keep_received()
        ports = [port for name in ("proxy", "control", "imds") for port in self._port_of(name)]
        self.cloud.kill()
        time.sleep(self._rng.uniform(0, 1))
        self.cloud = self._start_cloud(*ports)

    def move_the_clock(self) -> None:
        """As when the portal's machine has slept, or keeps another time than Azure."""
        now = self.cloud.ask("GET", "/clock")["offset_seconds"]
        self.cloud.ask("PUT", "/clock", {"offset_seconds": now + self._rng.choice(MOVES)})

    def calm(self) -> None:
        self.cloud.ask("DELETE", "/faults")

    def all_received(self) -> list[dict[str, Any]]:
        """What the cloud received in all its lives; of the last moments before each end something may be missing."""
        self._keep_received()
        return self.received

    def _keep_received(self) -> None:
        self.received += self.cloud.requests()
        self.cloud.ask("DELETE", "/requests")

    def _port_of(self, name: str) -> tuple[str, str]:
        return f"--{name}-port", str(httpx.URL(getattr(self.cloud, name)).port)

    def _start_cloud(self, *ports: str) -> Practice:
        cloud = self._stack.enter_context(start_practice(self._cloud_folder, *ports))
        cloud.ask("PUT", "/timings", dict(TIMINGS))
        return cloud

    def _environment(self, env: Mapping[str, str]) -> dict[str, str]:
        cloud = self.cloud
        places = {"PROXY": cloud.proxy, "CA": cloud.ca_bundle, "CONTROL": cloud.control}
        practice = {f"LAB_PRACTICE_{name}": place for name, place in places.items()}
        return {**env, **practice, "REDIS_URL": self._redis.url, "LAB_LEASE_SECONDS": str(LEASE)}

    def _start_sweeper(self) -> Child:
        return self._own(Child(sweeper_service(ROOT, self.env, processes.fresh_log("soak-sweeper"))))

    def _start_follower(self) -> Child:
        return self._own(Child(follower_service(ROOT, self.env, processes.fresh_log("soak-follower"))))

    def _start_worker(self) -> Child:
        log = processes.fresh_log("soak-worker")
        return self._own(Child(worker_service(ROOT, self.env, log, concurrency=8)))

    def _own(self, child: Child) -> Child:
        self._stack.callback(child.kill)
        return child
