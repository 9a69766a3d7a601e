"""``./lab cloud``: the practice cloud alone, in front of the reader until Ctrl-C."""

from __future__ import annotations

from launcher import ports, practice, venv
from launcher.bell import Bell, Interrupted
from launcher.identity import Register
from launcher.locks import Lock
from launcher.places import Places
from launcher.say import Stop, say
from launcher.supervisor import Supervisor, end_leftovers


def run(places: Places, port: int | None) -> int:
    places.make()
    lock = Lock(places.state / "cloud.lock")
    if not lock.take():
        other = practice.find(places.cloud)
        raise Stop(
            f"The practice cloud already runs from this folder: {other.proxy if other else 'it is just starting'}"
        )
    with Bell() as bell:
        register = Register(places.state / "cloud-processes.json")
        end_leftovers(register, bell)
        supervisor = Supervisor(register, bell)
        try:
            _start(places, supervisor, bell, port)
            supervisor.watch()
        except Interrupted:
            return 0
        finally:
            bell.stopping = True
            supervisor.stop()
            lock.release()


def _start(places: Places, supervisor: Supervisor, bell: Bell, port: int | None) -> None:
    if port:
        ports.require(practice.LOOPBACK, port, "./lab cloud")
    venv.ensure(places, bell)
    log = places.logs / "cloud.log"
    supervisor.wait_ready(supervisor.launch(practice.service(places.root, places.cloud, log, port)))
    cloud = practice.find(places.cloud)
    if cloud is None:
        raise Stop(f"The practice cloud stopped answering. Its log: {log}")
    say(
        f"The practice cloud runs.\n  proxy: {cloud.proxy}\n  CA: {cloud.ca_bundle}\n  control: {cloud.control}\n"
        'In another terminal:  eval "$(./lab cloud student --shell)"  makes a student and points that shell at it.\n'
        "Ctrl-C stops it; nothing is forgotten."
    )
