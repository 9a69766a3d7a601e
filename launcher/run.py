"""``./lab run``: everything, from nothing to an address to open, and back to nothing."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

from launcher import keys, portal, ports, practice, venv
from launcher.bell import Bell, Interrupted
from launcher.child import Child, Died
from launcher.commands import begin, finish
from launcher.identity import Register
from launcher.locks import Lock
from launcher.places import Places
from launcher.redis_server import OwnRedis
from launcher.say import Stop, say
from launcher.supervisor import Supervisor, end_leftovers

RUNNING_FILE = "running.json"
MOST_WEB_PROCESSES = 64
INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C kept from its end
PING = "import os, redis; redis.Redis.from_url(os.environ['REDIS_URL'], socket_connect_timeout=5).ping()"


def run(places: Places, host: str, port: int) -> int:
    """Until Ctrl-C. Raises Stop when it cannot go on; whatever was started is stopped first."""
    places.make()
    lock = Lock(places.state / "run.lock")
    if not lock.take():
        raise Stop(f"The portal already runs from this folder: {_address_of_the_other(places)}")
    with Bell() as bell:
        register = Register(places.state / "processes.json")
        end_leftovers(register, bell)
        portal_run = Run(places, bell, Supervisor(register, bell), host, port)
        code = INTERRUPTED
        try:
            portal_run.start()
            code = 0
            portal_run.supervisor.watch()
        except Interrupted:
            return code
        finally:
            bell.stopping = True
            portal_run.end()
            lock.release()


class Run:
    def __init__(self, places: Places, bell: Bell, supervisor: Supervisor, host: str, port: int) -> None:
        self.supervisor = supervisor
        self._places, self._bell, self._host, self._port = places, bell, host, port
        self._cloud_lock = Lock(places.state / "cloud.lock")
        self._listener: socket | None = None  # held as long as a web process may have to be started again
        self._short: list[Child] = []  # commands that prepare something and end by themselves

    def start(self) -> None:
        """Says the address at the end. Raises Stop or Interrupted; what was started is in the supervisor then."""
        began = time.monotonic()
        ports.require(self._host, self._port, "./lab run")
        venv.ensure(self._places, self._bell)
        os.umask(0o077)  # databases, journals and whatever else is written from here on is its owner's
        env = environment(self._places)
        web_processes(env)  # what cannot be used is said before minutes are spent
        redis, cloud, preparing = self._begin_redis(env), self._begin_cloud(), self._begin_preparing(env)
        env["REDIS_URL"] = self._finish_redis(redis, env)
        env |= self._finish_cloud(cloud).environment
        for child in preparing:
            self._require(child, "The portal could not be prepared")
        self._start_portal(env)
        address = self._address()
        (self._places.state / RUNNING_FILE).write_text(json.dumps({"pid": os.getpid(), "address": address}))
        say(f"Ready in {time.monotonic() - began:.1f} s. Open {address}\nCtrl-C stops everything.")

    def end(self) -> None:
        say("Stopping …")
        (self._places.state / RUNNING_FILE).unlink(missing_ok=True)
        for child in self._short:
            child.stop(self._bell.wait)
        self.supervisor.stop()
        if self._listener is not None:
            self._listener.close()
        self._cloud_lock.release()

    def _begin_redis(self, env: dict[str, str]) -> tuple[Child, OwnRedis | None]:
        """A server of our own, or a look at the one in REDIS_URL."""
        if env.get("REDIS_URL"):
            say(f"Redis: the one in REDIS_URL, {without_password(env['REDIS_URL'])}")
            return self._begin("redis-ping", "-c", PING, env=env), None
        own = OwnRedis.in_folder(self._places.state / "redis", self._places.venv)
        say(f"Redis: {self._where(own.program)}")
        return self.supervisor.launch(own.service(self._places.logs / "redis.log")), own

    def _where(self, program: str) -> str:
        ours = Path(program).is_relative_to(self._places.venv)
        return f"{Path(program).name} from the requirements" if ours else program

    def _finish_redis(self, begun: tuple[Child, OwnRedis | None], env: dict[str, str]) -> str:
        child, own = begun
        if own is None:
            self._require(child, "The Redis in REDIS_URL does not answer")
            return env["REDIS_URL"]
        try:
            child.wait_ready(self._bell.wait)
        except Died:
            aside = own.set_aside()
            if aside is None:
                raise
            self.supervisor.forget(child)
            say(f"Redis could not read its data; it is now in {aside}. Nothing is lost: the truth is in the database.")
            self.supervisor.wait_ready(self.supervisor.launch(child.service))
        return own.url

    def _begin_cloud(self) -> Child | None:
        """None when ``./lab cloud`` runs one from this folder already."""
        if not self._cloud_lock.take():
            say("Practice cloud: the one that ./lab cloud runs")
            return None
        say("Practice cloud: a simulated Azure on this machine")
        log = self._places.logs / "cloud.log"
        return self.supervisor.launch(practice.service(self._places.root, self._places.cloud, log))

    def _finish_cloud(self, child: Child | None) -> practice.Cloud:
        if child is not None:
            self.supervisor.wait_ready(child)
        deadline = time.monotonic() + 10
        while (cloud := practice.find(self._places.cloud)) is None:
            if time.monotonic() > deadline:
                raise Stop("The practice cloud of ./lab cloud does not answer. Stop it with Ctrl-C and try again.")
            self._bell.wait(0.1)
        return cloud

    def _begin_preparing(self, env: dict[str, str]) -> list[Child]:
        say(f"Database: {database(env)}")
        return [
            self._begin("migrate", "manage.py", "migrate", "--noinput", env=env),
            self._begin("collectstatic", "manage.py", "collectstatic", "--noinput", "--verbosity", "0", env=env),
        ]

    def _begin(self, name: str, *argv: str, env: dict[str, str]) -> Child:
        places = self._places
        self._short.append(begin(name, [str(places.python), *argv], env=env, cwd=places.root, logs=places.logs))
        return self._short[-1]

    def _require(self, child: Child, problem: str) -> None:
        if finish(child, self._bell):
            raise Stop(f"{problem}:\n{child.tail()}\nThe whole log: {child.service.log}")

    def _start_portal(self, env: dict[str, str]) -> None:
        root, logs = self._places.root, self._places.logs
        say("Starting the worker, the sweeper, the follower and the web server …")
        ports.require(self._host, self._port, "./lab run")  # once more: setting up may have taken minutes
        self._listener = ports.bound(self._host, self._port)
        children = [
            self.supervisor.launch(portal.worker_service(root, env, logs / "worker.log")),
            self.supervisor.launch(portal.sweeper_service(root, env, logs / "sweeper.log")),
            self.supervisor.launch(portal.follower_service(root, env, logs / "follower.log")),
        ]
        for number in range(1, web_processes(env) + 1):
            name = f"web-{number}"
            service = portal.web_service(root, env, logs / f"{name}.log", self._listener, name)
            children.append(self.supervisor.launch(service))
        for child in children:
            self.supervisor.wait_ready(child)

    def _address(self) -> str:
        host = portal.reachable(self._host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"


def environment(places: Places) -> dict[str, str]:
    """What every process of the portal gets; see docs/operating.md."""
    return {
        **os.environ,
        **keys.ensure(places.state),
        "LAB_STATE": str(places.state),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "labportal.settings",
    }


def web_processes(env: dict[str, str]) -> int:
    """How many serve pages. Raises Stop for what is no such number."""
    said = env.get("LAB_WEB_PROCESSES") or str(portal.WEB_PROCESSES)
    if not said.isdecimal() or not 1 <= int(said) <= MOST_WEB_PROCESSES:
        raise Stop(
            f"LAB_WEB_PROCESSES is {said!r}. Set it to a number from 1 to {MOST_WEB_PROCESSES}, or leave it out."
        )
    return int(said)


def database(env: dict[str, str]) -> str:
    return without_password(env.get("DATABASE_URL") or f"SQLite in {env['LAB_STATE']}")


def without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=f"{parts.username or ''}:…@{parts.netloc.rpartition('@')[2]}").geturl()


def _address_of_the_other(places: Places) -> str:
    try:
        told = json.loads((places.state / RUNNING_FILE).read_text())
        return f"{told['address']} (process {told['pid']}). Stop it with Ctrl-C in its terminal."
    except (OSError, ValueError, KeyError):
        return "it is just starting. Look at its terminal."
