"""The portal's keys, made once and kept in ``.lab/keys.json``, for its owner's eyes only."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from launcher.say import Stop

NAMES = ("LAB_SECRET_KEY", "LAB_SEALING_KEYS", "LAB_DIGEST_KEY")


def without_keys(env: Mapping[str, str]) -> dict[str, str]:
    """For processes that are not the portal's own: they need neither its keys nor the way to its database."""
    return {name: value for name, value in env.items() if name not in {*NAMES, "DATABASE_URL", "REDIS_URL"}}


def ensure(state: Path) -> dict[str, str]:
    """The environment variables that hold the keys. What is set in the environment already goes first.

    Raises Stop when the file is there but cannot be read: new keys would lock away every stored credential.
    """
    path = state / "keys.json"
    if not path.exists():
        _write(path, _fresh())
    try:
        kept = json.loads(path.read_text())
        values = {name: str(kept[name]) for name in NAMES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stop(
            f"{path} cannot be read ({type(error).__name__}). Put it back from a backup. If there is none, remove it:"
            " new keys are made, everybody signs in again, and subscriptions have to be connected again."
        ) from error
    return {name: os.environ.get(name) or value for name, value in values.items()}


def _fresh() -> dict[str, str]:
    return {
        "LAB_SECRET_KEY": secrets.token_urlsafe(48),
        "LAB_SEALING_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "LAB_DIGEST_KEY": secrets.token_urlsafe(32),
    }


def _write(path: Path, values: dict[str, str]) -> None:
    """In one step: a power cut leaves either no file or a whole one."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
