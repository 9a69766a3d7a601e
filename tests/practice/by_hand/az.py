"""az itself, run against a practice cloud. ``TEST_AZ`` names it (2.91.0), or it is on the PATH."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.practice_process import Json, Practice

SECONDS = 90


def az_path() -> Path | None:
    found = os.environ.get("TEST_AZ") or shutil.which("az")
    return Path(found) if found else None


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    text: str


class Az:
    """``command`` is what starts az; its settings and its tokens are kept in ``home``."""

    def __init__(self, command: list[str], cloud: Practice, home: Path, more: dict[str, str] | None = None) -> None:
        self._command = command
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "HTTPS_PROXY": cloud.proxy,
            "REQUESTS_CA_BUNDLE": cloud.ca_bundle,
            "AZURE_CONFIG_DIR": str(home / "azure"),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_NO_COLOR": "true",
            **(more or {}),
        }

    def sign_in(self, student: Json) -> None:
        keys = f"-u {student['client_id']} -p={student['client_secret']} --tenant {student['tenant_id']}"
        said = self.run(f"login --service-principal {keys}")
        assert said.code == 0, said.text

    def run(self, line: str) -> Said:
        """Raises subprocess.TimeoutExpired for a command that does not end."""
        done = subprocess.run(
            [*self._command, *shlex.split(line)],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Said(done.returncode, done.stdout + done.stderr)
