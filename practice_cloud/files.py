"""Files of the state folder: written whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Replace ``path`` in one step, so that a kill leaves the old content or the new."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def read_or_create(path: Path, create: Callable[[], bytes]) -> bytes:
    """The content of ``path``, made by ``create`` the first time."""
    if not path.exists():
        write_private(path, create())
    return path.read_bytes()


def private_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
