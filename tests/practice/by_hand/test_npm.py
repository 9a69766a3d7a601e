"""The lab with @azure/identity, @azure/keyvault-secrets and @azure/arm-keyvault, unchanged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practice.by_hand.replay import QUICK, oid_of
from tests.practice_process import Json, Practice

PACKAGES = os.environ.get("TEST_NPM", "")
SECONDS = 90
pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(
        not PACKAGES or shutil.which("node") is None,
        reason="node, and TEST_NPM: a folder in which npm installed @azure/identity, keyvault-secrets and arm-keyvault",
    ),
]


@pytest.fixture(autouse=True)
def quick(cloud_process: Practice) -> Iterator[None]:
    with cloud_process.conduct("timings", **QUICK):
        yield


def test_the_npm_clients_do_the_lab(cloud_process: Practice, student: Json, tmp_path: Path) -> None:
    caller = oid_of(cloud_process, student)
    (tmp_path / "node_modules").symlink_to(Path(PACKAGES).resolve() / "node_modules")
    script = shutil.copy(Path(__file__).parent / "lab.mjs", tmp_path)
    environment = {
        "PATH": os.environ["PATH"],
        "HTTPS_PROXY": cloud_process.proxy,
        "NODE_EXTRA_CA_CERTS": cloud_process.ca_bundle,
        "STUDENT": json.dumps({**student, "caller": caller}),
    }
    done = subprocess.run(
        ["node", script], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "uri": f"https://kv-npm-{student['subscription_id'][:8]}.vault.azure.net/",
        "policies": [caller, student["vm_principal_id"]],
        "held": 409,
        "recovered": "hello",
        "withoutRole": 403,
        "given": 201,
        "withRole": "hello",
        "free": True,
    }
