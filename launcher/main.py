"""The sub-commands of ``./lab``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from launcher import bench, checks, cloud, lock, manage, practice, run, scenario, student, testing
from launcher.bell import Interrupted
from launcher.places import Places
from launcher.say import Stop, complain, say

PASSES_ON = {"test": testing.run, "bench": bench.run, "manage": manage.run}
"""Commands whose arguments belong to the program behind them."""


def main(argv: Sequence[str]) -> int:
    try:
        if argv and argv[0] in PASSES_ON:
            return PASSES_ON[argv[0]](Places.here(), list(argv[1:]))
        parser = _parser()
        return _carry_out(parser, parser.parse_args(argv))
    except Stop as problem:
        complain(str(problem))
        return problem.code
    except (Interrupted, KeyboardInterrupt):
        return 130


def _carry_out(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    places = Places.here()
    match options.command:
        case "run":
            return run.run(places, options.host, options.port)
        case "cloud":
            return _cloud(places, options)
        case "check":
            return checks.run(places)
        case "lock":
            return lock.run(places, upgrade=options.upgrade)
        case _:
            parser.print_help()
            return 0


def _cloud(places: Places, options: argparse.Namespace) -> int:
    if options.what is None:
        return cloud.run(places, options.port)
    say(_student(places, options) if options.what == "student" else _scenario(places, options))
    return 0


def _student(places: Places, options: argparse.Namespace) -> str:
    found = practice.student(places.cloud, key=options.key, subscription=options.subscription)
    return student.as_exports(found, places.cloud) if options.shell else student.as_json(found)


def _scenario(places: Places, options: argparse.Namespace) -> str:
    if options.what == "scenarios":
        return scenario.listing(places.cloud)
    whose = options.subscription
    if options.key is not None:
        whose = practice.student(places.cloud, key=options.key)["subscription_id"]
    if options.what == "lift":
        return scenario.lift(places.cloud, whose)
    given = {name: getattr(options, name) for name in ("vault", "secret", "after_seconds")}
    more = {name: value for name, value in given.items() if value is not None}
    return scenario.apply(places.cloud, options.name, student=whose, more=more, given=options.set or [])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./lab", description="The lab portal: run it, test it, practise with it.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    started = commands.add_parser("run", help="set up and start everything; ends with the address to open")
    started.add_argument("--port", type=_port, default=8000, help="the web server's port (8000)")
    started.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    _add_cloud(commands.add_parser("cloud", help="the practice cloud alone; its students and scenarios"))
    commands.add_parser("check", help="the quick checks: lint, format, types, imports, fast tests")
    commands.add_parser("test", help="all checks and tests, on SQLite and PostgreSQL; arguments go to pytest")
    commands.add_parser("bench", help="measures, and prints a table and JSON")
    locking = commands.add_parser("lock", help="makes requirements*.txt again from requirements*.in")
    locking.add_argument("--upgrade", action="store_true", help="take newer versions where the .in files allow them")
    commands.add_parser("manage", help="Django's manage.py with the portal's environment, e.g. manage createsuperuser")
    commands.add_parser("help", help="this text")
    return parser


def _add_cloud(parser: argparse.ArgumentParser) -> None:
    what = "student: print a practice student of the running cloud; scenarios: list them;"
    what += " scenario NAME: put a student's Azure into one; lift: end what a student suffers from"
    parser.add_argument("what", nargs="?", choices=["student", "scenarios", "scenario", "lift"], help=what)
    parser.add_argument("name", nargs="?", help="scenario: which one")
    parser.add_argument("--port", type=_port, help="the proxy's port (the last one used, or a free one)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="student: as JSON (this is what you get anyway)")
    form.add_argument("--shell", action="store_true", help='student: as exports, for eval "$(…)"')
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--key", help="the student made for this key, the same every time")
    which.add_argument("--subscription", "--student", metavar="ID", help="the student who owns this subscription")
    for name in ("vault", "secret"):
        parser.add_argument(f"--{name}", help=f"scenario: the name of the {name} that the student agreed on")
    after = "scenario: not now but after so many seconds"
    parser.add_argument("--after", dest="after_seconds", type=float, metavar="SECONDS", help=after)
    parser.add_argument("--set", action="append", metavar="NAME=NUMBER", help="scenario: a parameter, as seconds=30")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 1 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
