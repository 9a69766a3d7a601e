"""Runs every benchmark on one stack and prints the table. Exit code 1 when a bound is missed."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench.figures import save, table
from bench.stack import ROOT, running


def main() -> int:
    parser = argparse.ArgumentParser(prog="./lab bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / ".lab" / "bench.json", help="where the figures go as JSON")
    parser.add_argument("--no-az", action="store_true", help="leave out the rival, which may have to be installed")
    parser.add_argument("--database-url", default=None, help="PostgreSQL instead of SQLite; the database must be empty")
    chosen = parser.parse_args()
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="lab-bench-") as folder,
        running(Path(folder), chosen.database_url) as stack,
    ):
        os.environ.update(stack.env)
        import django  # noqa: PLC0415  needs the environment of the stack

        django.setup()
        from bench import load, rival_az, validation  # noqa: PLC0415

        figures = validation.figures(stack)
        if not chosen.no_az:
            figures += rival_az.figures(stack, rival_az.find_az(ROOT / ".lab" / "az"))
        figures += load.figures(stack)
    print(table(figures))
    save(figures, chosen.json)
    missed = [figure.name for figure in figures if figure.holds is False]
    print(
        f"\n{len(missed)} bound(s) missed. JSON: {chosen.json}" if missed else f"\nAll bounds hold. JSON: {chosen.json}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
