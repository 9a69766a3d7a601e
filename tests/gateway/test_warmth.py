"""A worker that is warm imports nothing more for its first student, and collects no garbage among the SDKs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

FIRST = """
import gc, json, sys
from labportal.gateway import Cloud, ServicePrincipal, open_azure, warm_up
warm_up()
frozen, loaded = gc.get_freeze_count(), set(sys.modules)
who = ServicePrincipal("11111111-1111-4111-8111-111111111111", "s", "c", "secret")
open_azure(Cloud("http://127.0.0.1:9"), who, may_write=False)
print(json.dumps({"frozen": frozen, "more": sorted(set(sys.modules) - loaded)}))
"""


@pytest.mark.thorough
def test_the_first_student_of_a_warm_worker_waits_for_nothing() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["more"] == []
    assert told["frozen"] > 50_000
