"""Runs every benchmark on one stack and prints the table. Exit code 1 when a bound is missed."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, save, table
from bench.stack import ROOT, Stack, running

PARTS = ("students", "class", "school")
"""One after another: a student's checks beside the rival's; a class of 300, live; a class of 10,000, as it is read."""


def _measure(stack: Stack, parts: Sequence[str], *, az: bool) -> list[Figure]:
    from bench import board, board_live, load, results, rival_az, school, validation  # noqa: PLC0415  after set-up
    from bench import round as a_round  # noqa: PLC0415

    figures: list[Figure] = []
    if "students" in parts:
        figures += validation.figures(stack)
        if az:
            figures += rival_az.figures(stack, rival_az.find_az(ROOT / ".lab" / "az"))
        figures += load.figures(stack)
    if "class" in parts:
        figures += board_live.figures(stack, load.make_students(load.CROWD, "watched"))
        figures += a_round.figures(stack)
    if "school" in parts:
        large = school.make_school()
        figures += board.figures(stack, large) + results.figures(stack, large)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="./lab bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / ".lab" / "bench.json", help="where the figures go as JSON")
    parser.add_argument("--no-az", action="store_true", help="leave out the rival, which may have to be installed")
    parser.add_argument("--database-url", default=None, help="PostgreSQL instead of SQLite; the database must be empty")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    chosen = parser.parse_args()
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="lab-bench-") as folder,
        running(Path(folder), chosen.database_url) as stack,
    ):
        os.environ.update(stack.env)
        import django  # noqa: PLC0415  needs the environment of the stack

        django.setup()
        figures = _measure(stack, [chosen.only] if chosen.only else PARTS, az=not chosen.no_az)
    print(table(figures))
    save(figures, chosen.json)
    missed = [figure.name for figure in figures if figure.holds is False]
    print(
        f"\n{len(missed)} bound(s) missed. JSON: {chosen.json}" if missed else f"\nAll bounds hold. JSON: {chosen.json}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
