"""Commands that run to an end: quietly into a log, or in front of the reader."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.bell import Bell, Interrupted
from launcher.child import Child, Service, die_with_parent, rotate

PATIENCE = 10.0


def begin(name: str, argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, logs: Path) -> Child:
    """Starts a command whose output goes to ``logs/<name>.log``."""
    log = logs / f"{name}.log"
    rotate(log)
    return Child(Service(name=name, argv=argv, env=env, cwd=cwd, log=log))


def finish(child: Child, bell: Bell) -> int:
    """Waits for its end and answers its exit code. Ends it when the launcher is asked to stop."""
    try:
        while (code := child.exit_code) is None:
            bell.wait(0.5)
    except Interrupted:
        child.stop()
        raise
    return code


def in_front(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, bell: Bell) -> int:
    """Runs a command whose output the reader sees. Ctrl-C reaches it as SIGINT, once; then it has 10 s."""
    process = subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(),  # noqa: PLW1509
    )
    try:
        while process.poll() is None:
            bell.wait(0.5)
    except Interrupted:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    return process.returncode
