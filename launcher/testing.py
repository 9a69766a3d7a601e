"""``./lab test``: everything that must be true before a change lands.

The two halves of the tests, on SQLite and on PostgreSQL, wait for other processes half of their time: so they run side
by side. They share the checkout and nothing else: each has a state folder, a database, a Redis and a cache of its own
(tests/environment.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from launcher import chromium, postgres, venv
from launcher.bell import Bell
from launcher.checks import keeping_bytecode, tools
from launcher.places import Places
from launcher.say import say
from launcher.together import Command, Ended, Together

NOTHING_COLLECTED = 5  # pytest's exit code when the arguments leave no test


def run(places: Places, arguments: list[str]) -> int:
    places.make()
    with Bell() as bell:
        venv.ensure(places, bell, development=True)
        chrome = chromium.require(places, bell)
        ended = Together(tools(places), cwd=places.root, logs=places.logs).run(bell)
        _report(ended)
        with _database(places, bell) as url:
            halves = [_pytest(places, arguments, chrome, None), _pytest(places, arguments, chrome, url)]
            ended += Together(halves, cwd=places.root, logs=places.logs).run(bell)
    _report(ended[-len(halves) :])
    say("\n" + "\n".join(one.summary for one in ended))
    return 0 if all(one.good for one in ended) else 1


def _report(ended: list[Ended]) -> None:
    """What was skipped is said of those that went well, too: nothing is skipped silently."""
    for one in ended:
        if one.report:
            say(f"\n── {one.name} ──\n{one.report}")


@contextmanager
def _database(places: Places, bell: Bell) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
    else:
        with postgres.running(places, bell) as url:
            yield url


def _pytest(places: Places, arguments: list[str], chrome: str, database: str | None) -> Command:
    """On PostgreSQL, if there is an address, only what touches the database; else everything, on SQLite."""
    name = "tests on PostgreSQL" if database else "tests on SQLite"
    env = keeping_bytecode({**os.environ, "CHROME": chrome, "PYTHONUNBUFFERED": "1"}, places)
    env.pop("DATABASE_URL", None)
    cache = places.state / "pytest" / ("postgresql" if database else "sqlite")
    argv = [str(places.python), "-m", "pytest", "-o", f"cache_dir={cache}", *arguments]
    if database:
        env["DATABASE_URL"] = database
        argv.append("--database-only")
    return Command(name, argv, env, fine=frozenset({0, NOTHING_COLLECTED} if arguments else {0}))
