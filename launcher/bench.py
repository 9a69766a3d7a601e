"""``./lab bench``: the measurements in ``bench/``; with ``--postgres`` on a PostgreSQL of its own instead of SQLite.

It is the tests' one, which does not wait for the disk: what writes takes longer on one that does.
"""

from __future__ import annotations

from contextlib import nullcontext

from launcher import postgres, venv
from launcher.bell import Bell
from launcher.commands import in_front
from launcher.places import Places
from launcher.run import environment

POSTGRES = "--postgres"


def run(places: Places, arguments: list[str]) -> int:
    places.make()
    with Bell() as bell:
        venv.ensure(places, bell, development=True)
        database = postgres.running(places, bell) if POSTGRES in arguments else nullcontext("")
        with database as url:
            given = [one for one in arguments if one != POSTGRES] + (["--database-url", url] if url else [])
            argv = [str(places.python), "-m", "bench", *given]
            return in_front(argv, env=environment(places), cwd=places.root, bell=bell)
