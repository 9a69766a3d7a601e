"""Where things are: the checkout, the virtual environment, and the folder for everything that is not code."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher.say import Stop

SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107 and macOS 103 in sockaddr_un


@dataclass(frozen=True)
class Places:
    root: Path
    state: Path
    venv: Path

    @classmethod
    def here(cls) -> Places:
        root = Path(__file__).resolve().parent.parent
        return cls(root=root, state=Path(os.environ.get("LAB_STATE") or root / ".lab").resolve(), venv=root / ".venv")

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def cloud(self) -> Path:
        return self.state / "cloud"

    def tool(self, name: str) -> Path:
        return self.venv / "bin" / name

    def make(self) -> None:
        """Makes the state folder, for its owner's eyes only."""
        try:
            private_folder(self.state)
            private_folder(self.logs)
        except OSError as error:
            raise Stop(
                f"Cannot write to {self.state}: {error.strerror}. Set LAB_STATE to a folder of your own."
            ) from error


def private_folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def socket_folder(wanted: Path, longest_name: str) -> Path:
    """``wanted``, made private; or a short private folder when a socket in ``wanted`` would have too long a path.

    The short folder's name follows from ``wanted``, so that the next start finds it again.
    Raises Stop when somebody else has made that folder.
    """
    if len(os.fsencode(wanted / longest_name)) <= SOCKET_PATH_LIMIT:
        return private_folder(wanted)
    mark = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"lab-{os.getuid()}-{mark}"
    if len(os.fsencode(short / longest_name)) > SOCKET_PATH_LIMIT:
        short = Path("/tmp") / short.name  # noqa: S108 - the owner is checked below
    short.mkdir(mode=0o700, exist_ok=True)
    made = short.lstat()
    if made.st_uid != os.getuid() or short.is_symlink():
        raise Stop(f"{short} belongs to somebody else. Set TMPDIR to a folder of your own and try again.")
    return private_folder(short)
