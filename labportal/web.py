"""``python -m labportal.web``: one web process, on a socket that whoever started it has bound.

Several serve one address so: the system gives each new connection to one of them, and while one computes or starts
again the others answer. uvicorn's own ``--workers`` has a parent that, when it is killed, leaves them running.
"""

from __future__ import annotations

import argparse
import socket

import uvicorn

GRACE = 3
"""Seconds for what is under way when the process is asked to end."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m labportal.web", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="the number of the inherited socket")
    config = uvicorn.Config(
        "labportal.asgi:application",
        http="labportal.protocol:BoundedHead",
        timeout_graceful_shutdown=GRACE,
        access_log=False,
    )
    with socket.socket(fileno=parser.parse_args().fd) as listener:
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
