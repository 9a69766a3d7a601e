"""``./lab bench``: the measurements in ``bench/``."""

from __future__ import annotations

from launcher import venv
from launcher.bell import Bell
from launcher.commands import in_front
from launcher.places import Places
from launcher.run import environment


def run(places: Places, arguments: list[str]) -> int:
    places.make()
    with Bell() as bell:
        venv.ensure(places, bell, development=True)
        argv = [str(places.python), "-m", "bench", *arguments]
        return in_front(argv, env=environment(places), cwd=places.root, bell=bell)
