"""What the portal's settings read, set before Django loads them. Every test run has a state folder of its own."""

from __future__ import annotations

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(tempfile.mkdtemp(prefix="lab-test-"))
REDIS_FOLDER = STATE / "redis"
LOGS = STATE / "logs"


def prepare() -> None:
    """Keeps ``DATABASE_URL`` when it is given (``./lab test`` gives PostgreSQL's), and replaces everything else
    but what the soaks are told (``LAB_SOAK_...``)."""
    LOGS.mkdir()
    (STATE / "static").mkdir()  # collectstatic fills it for a real web server; WhiteNoise warns where it is missing
    atexit.register(shutil.rmtree, STATE, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("LAB_") or name.upper().endswith("_PROXY")]:
        if not name.startswith("LAB_SOAK_"):
            del os.environ[name]
    key = base64.b64encode(bytes(range(32))).decode()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="labportal.settings",
        LAB_STATE=str(STATE),
        LAB_SECRET_KEY="only-for-tests-0123456789-0123456789-0123456789-0123456789",
        LAB_SEALING_KEYS=f"test:{key}",
        LAB_DIGEST_KEY="only-for-tests-digest-key",
        REDIS_URL=f"unix://{REDIS_FOLDER / 'redis.sock'}?db=0",
    )
