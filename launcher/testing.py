"""``./lab test``: everything that must be true before a change lands."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from launcher import chromium, postgres, venv
from launcher.bell import Bell
from launcher.checks import side_by_side, tools
from launcher.commands import in_front
from launcher.places import Places
from launcher.say import say

NOTHING_COLLECTED = 5  # pytest's exit code when the arguments leave no test


class Results:
    """What was run, how it went, how long it took."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed = False

    @contextmanager
    def part(self, name: str) -> Iterator[list[bool]]:
        """The block appends whether it went well."""
        say(f"\n── {name} ──")
        began = time.monotonic()
        went: list[bool] = []
        yield went
        good = all(went)
        self.failed |= not good
        self.lines.append(f"{'ok' if good else 'failed':6} {name:28} {time.monotonic() - began:6.1f} s")


def run(places: Places, arguments: list[str]) -> int:
    places.make()
    results = Results()
    with Bell() as bell:
        venv.ensure(places, bell, development=True)
        chrome = chromium.require(places, bell)
        with results.part("lint, format, types, imports") as went:
            went.append(side_by_side(places, bell, tools(places)))
        with results.part("tests on SQLite") as went:
            went.append(_pytest(places, bell, arguments, chrome, database=None))
        given = os.environ.get("DATABASE_URL")
        with results.part("tests on PostgreSQL") as went, _database(places, bell, given) as url:
            went.append(_pytest(places, bell, arguments, chrome, database=url))
    say("\n" + "\n".join(results.lines))
    return 1 if results.failed else 0


@contextmanager
def _database(places: Places, bell: Bell, given: str | None) -> Iterator[str]:
    with nullcontext(given) if given else postgres.running(places, bell) as url:
        yield url


def _pytest(places: Places, bell: Bell, arguments: list[str], chrome: str, database: str | None) -> bool:
    env = {**os.environ, "CHROME": chrome, "PYTHONUNBUFFERED": "1"}
    env.pop("DATABASE_URL", None)
    argv = [str(places.python), "-m", "pytest", *arguments]
    if database:
        env["DATABASE_URL"] = database
        argv.append("--database-only")
    code = in_front(argv, env=env, cwd=places.root, bell=bell)
    return code == 0 or (code == NOTHING_COLLECTED and bool(arguments))
