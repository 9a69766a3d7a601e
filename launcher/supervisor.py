"""Keeps the services running: starts them again when they die, and stops them in the opposite order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NoReturn

from launcher.bell import Bell
from launcher.child import Child, Died, Service, TooSlow, describe_exit, rotate
from launcher.identity import Register, end, identify
from launcher.say import Stop, complain, say

FIRST_DELAY = 0.5  # seconds before a dead service is started again; doubles up to LONGEST_DELAY
LONGEST_DELAY = 30.0
SETTLED = 60.0  # a service that lived this long before it died starts counting afresh
MOST_DEATHS = 6


@dataclass
class Watched:
    service: Service
    child: Child
    since: float = field(default_factory=time.monotonic)
    deaths: int = 0
    due: float | None = None  # when to start it again


class Supervisor:
    def __init__(self, register: Register, bell: Bell) -> None:
        self._register = register
        self._bell = bell
        self._watched: list[Watched] = []

    def launch(self, service: Service) -> Child:
        """Starts it and writes it down; does not wait until it is ready."""
        rotate(service.log)
        child = self._spawn(service)
        self._watched.append(Watched(service, child))
        return child

    def wait_ready(self, child: Child) -> None:
        """Raises Stop, with the end of the log, when it dies or takes too long."""
        try:
            child.wait_ready(self._bell.wait)
        except (Died, TooSlow) as problem:
            raise Stop(f"Cannot start: {problem}") from problem

    def forget(self, child: Child) -> None:
        child.kill()
        self._register.remove(child.pid)
        self._watched = [watched for watched in self._watched if watched.child is not child]

    def watch(self) -> NoReturn:
        """Until the launcher is asked to stop (Interrupted), or a service cannot be kept alive (Stop)."""
        while True:
            now = time.monotonic()
            for watched in self._watched:
                self._look_at(watched, now)
            due = [watched.due - now for watched in self._watched if watched.due is not None]
            self._bell.wait(min([5.0, *due]))

    def stop(self) -> None:
        """In the opposite order of starting, each with its own time; a second Ctrl-C kills what is left at once."""
        presses = min(self._bell.presses, 1)
        for watched in reversed(self._watched):
            child = watched.child
            if child.exit_code is None:
                gentle = child.stop(self._bell.wait, hurry=lambda: self._bell.presses > presses)
                say(f"  {watched.service.name}: {'stopped' if gentle else 'ended at once'}")
            self._register.remove(child.pid)

    def _spawn(self, service: Service) -> Child:
        child = Child(service)
        identity = identify(child.pid, service.name)
        if identity is not None:
            self._register.add(identity)
        return child

    def _look_at(self, watched: Watched, now: float) -> None:
        code = watched.child.exit_code
        if code is None:
            return
        if watched.due is None:
            self._mourn(watched, code, now)
        elif now >= watched.due:
            self._register.remove(watched.child.pid)
            watched.child, watched.since, watched.due = self._spawn(watched.service), now, None
            say(f"{watched.service.name}: started again")

    def _mourn(self, watched: Watched, code: int, now: float) -> None:
        name = watched.service.name
        watched.deaths = 1 if now - watched.since > SETTLED else watched.deaths + 1
        story = f"{name} ended {describe_exit(code)}. The end of {watched.service.log}:\n{watched.child.tail()}"
        if watched.deaths >= MOST_DEATHS:
            raise Stop(f"{story}\n{name} has ended {watched.deaths} times in a row; stopping everything.")
        delay = min(FIRST_DELAY * 2 ** (watched.deaths - 1), LONGEST_DELAY)
        watched.due = now + delay
        complain(f"{story}\nStarting {name} again in {delay:g} s.")


def end_leftovers(register: Register, bell: Bell) -> None:
    """Ends what an earlier launcher left running: only processes that are surely the ones it wrote down."""
    for who in register.read():
        if end(who, bell.wait):
            say(f"Ended {who.name} (process {who.pid}), left over from an earlier run.")
    register.write([])
