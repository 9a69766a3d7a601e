"""A launcher of stand-in services, to be killed and interrupted: ``stand_in.py FOLDER NAME=SHELL-COMMAND …``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from launcher.bell import Bell, Interrupted
from launcher.child import Service
from launcher.identity import Register
from launcher.say import Stop, complain, say
from launcher.supervisor import Supervisor


def service(folder: Path, name: str, command: str) -> Service:
    return Service(
        name=name,
        argv=["/bin/sh", "-c", command],
        env=dict(os.environ),
        cwd=folder,
        log=folder / f"{name}.log",
        ready=lambda: (folder / f"{name}.log").read_text() != "",
        stop_within=30.0,
    )


def main(folder: Path, commands: dict[str, str]) -> int:
    with Bell() as bell:
        supervisor = Supervisor(Register(folder / "processes.json"), bell)
        try:
            for name, command in commands.items():
                supervisor.wait_ready(supervisor.launch(service(folder, name, command)))
            say("all ready")
            supervisor.watch()
        except Interrupted:
            return 0
        except Stop as problem:
            complain(str(problem))
            return 1
        finally:
            bell.stopping = True
            say("stopping")
            supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), dict(word.split("=", 1) for word in sys.argv[2:])))
