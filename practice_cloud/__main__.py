"""``python -m practice_cloud --state DIR``: see docs/architecture.md for what it prints and answers."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

import uvloop

from practice_cloud.server import CannotStart, Ports, serve


def main() -> int:
    options = _options()
    logging.basicConfig(
        stream=sys.stderr, level=options.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every address that a practice VM asks
    os.umask(0o077)
    ports = Ports(options.proxy_port, options.control_port, options.imds_port)
    try:
        uvloop.run(serve(options.state.resolve(), ports, _announce))
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m practice_cloud", description="A simulated Azure on loopback.")
    parser.add_argument("--state", type=Path, required=True, help="folder for everything that must survive")
    for name in ("proxy", "control", "imds"):
        parser.add_argument(f"--{name}-port", type=_port, default=0, help="0 (the default) picks a free one")
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    level = os.environ.get("LAB_LOG_LEVEL", "INFO").upper()
    parser.add_argument("--log-level", choices=levels, default=level if level in levels else "INFO")
    return parser.parse_args()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give a number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
