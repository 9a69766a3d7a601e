"""``./lab check``: what a careful engineer runs before every commit, side by side, in seconds."""

from __future__ import annotations

from collections.abc import Mapping

from launcher import venv
from launcher.bell import Bell
from launcher.places import Places
from launcher.run import environment
from launcher.say import say
from launcher.together import Command, Together

QUICK = ["--quick", "-p", "no:cacheprovider", "-n", "auto", "--maxprocesses", "8"]


def run(places: Places) -> int:
    places.make()
    with Bell() as bell:
        venv.ensure(places, bell, development=True)
        env = keeping_bytecode(environment(places), places)
        quick = Command("quick tests", [str(places.python), "-m", "pytest", *QUICK], env)
        ended = Together([quick, *tools(places)], cwd=places.root, logs=places.logs).run(bell)
    for one in ended:
        if not one.good:
            say(f"\n── {one.name} ──\n{one.report}")
    return 0 if all(one.good for one in ended) else 1


def tools(places: Places) -> list[Command]:
    """What reads the code without running it; the slowest first."""
    python, env = str(places.python), environment(places)
    return [
        Command("types", [python, "-m", "mypy"], env),
        Command("imports", [python, str(places.tool("lint-imports"))], env),
        Command("lint", [python, "-m", "ruff", "check"], env),
        Command("format", [python, "-m", "ruff", "format", "--check"], env),
    ]


def keeping_bytecode(env: Mapping[str, str], places: Places) -> dict[str, str]:
    """Without bytecode pytest rewrites every assertion anew, a quarter of a minute of processor time, and each process
    of the portal reads all its sources. Whoever wants none beside the sources gets it in the state folder."""
    kept = dict(env)
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept["PYTHONPYCACHEPREFIX"] = str(places.state / "bytecode")
    return kept
