"""What was answered stays true: through kill -9, restarts and resets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.practice.sign_in import GRAPH, app_token, bearer, token_request
from tests.practice_process import ROOT, Practice, start_practice

pytestmark = pytest.mark.wire


def organization(cloud: Practice, token: str) -> int:
    with cloud.http() as http:
        return http.get(f"{GRAPH}/v1.0/organization", headers=bearer(token)).status_code


def test_a_killed_cloud_comes_back_as_it_was(tmp_path: Path) -> None:
    with start_practice(tmp_path / "cloud") as cloud:
        student = cloud.student("ada")
        token, ca = app_token(cloud, student, GRAPH), Path(cloud.ca_bundle).read_bytes()
        cloud.ask("PUT", "/timings", {"vault_create": 0.5})
        cloud.ask("PUT", "/latency", {"ms": 1})
        cloud.ask("PUT", "/clock", {"offset_seconds": 60})
        fault = cloud.ask("POST", "/faults", {"path": "/nowhere", "status": 500})
        cloud.kill()
    with start_practice(tmp_path / "cloud") as cloud:
        addresses = {"proxy", "imds"}
        again = cloud.student("ada")
        assert {n: v for n, v in again.items() if n not in addresses} == {
            n: v for n, v in student.items() if n not in addresses
        }
        assert again["imds"].startswith(cloud.imds)
        assert Path(cloud.ca_bundle).read_bytes() == ca
        assert organization(cloud, token) == 200, "a token cached by a client is still good"
        assert cloud.ask("GET", "/timings")["vault_create"] == 0.5
        assert cloud.ask("GET", "/latency")["ms"] == 1
        assert cloud.ask("GET", "/clock")["offset_seconds"] == 60
        assert cloud.ask("GET", "/faults")["faults"] == [fault]


def test_no_student_that_was_answered_is_lost(tmp_path: Path) -> None:
    with start_practice(tmp_path / "cloud") as cloud:
        made = [cloud.student()["subscription_id"] for _ in range(50)]
        cloud.kill()
    with start_practice(tmp_path / "cloud") as cloud:
        assert [cloud.ask("GET", f"/students/{one}")["subscription_id"] for one in made] == made


def test_a_reset_forgets_all_but_the_keys(tmp_path: Path) -> None:
    with start_practice(tmp_path / "cloud") as cloud:
        student = cloud.student("ada")
        token = app_token(cloud, student, GRAPH)
        for path, body in (("/latency", {"ms": 1}), ("/timings", {"vm_power": 9}), ("/clock", {"offset_seconds": 9})):
            cloud.ask("PUT", path, body)
        cloud.add_fault(status=500, path="/nowhere")
        ca = Path(cloud.ca_bundle).read_bytes()
        cloud.ask("POST", "/reset")
        assert cloud.requests() == []
        assert cloud.ask("GET", "/faults")["faults"] == []
        assert cloud.ask("GET", "/latency") == {"ms": 0, "jitter_ms": 0}
        assert cloud.ask("GET", "/timings")["vm_power"] != 9
        assert cloud.ask("GET", "/clock")["offset_seconds"] == 0
        assert organization(cloud, token) == 401, "its tenant is gone"
        assert token_request(cloud, student["tenant_id"], grant_type="x", client_id="y").json()["error_codes"] == [
            90002
        ]
        assert cloud.student("ada")["tenant_id"] != student["tenant_id"]
        assert Path(cloud.ca_bundle).read_bytes() == ca


def test_it_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    with start_practice(tmp_path / "cloud") as cloud, cloud.http() as http:
        assert http.get(f"{GRAPH}/v1.0/me").status_code == 401  # leaves an open connection behind
        written = json.loads((cloud.state / "practice-cloud.json").read_text())
        assert written["pid"] == cloud.process.pid
        assert cloud.stop() == 0
        assert "Traceback" not in (cloud.state / "practice-cloud.log").read_text()


def refused(folder: Path, *options: str) -> str:
    """What a cloud that cannot start says."""
    command = [sys.executable, "-m", "practice_cloud", "--state", str(folder), *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_two_clouds_never_share_a_folder(cloud_process: Practice) -> None:
    assert "--state" in refused(cloud_process.state)


@pytest.mark.parametrize("name", ["proxy", "control", "imds"])
def test_a_port_in_use_is_said_with_what_to_do(cloud_process: Practice, tmp_path: Path, name: str) -> None:
    port = cloud_process.proxy.rpartition(":")[2]
    said = refused(tmp_path, f"--{name}-port", port)
    assert port in said
    assert f"--{name}-port" in said


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "--state" in refused(tmp_path / "file" / "cloud")


def test_two_students_share_nothing(cloud_process: Practice) -> None:
    first, second = cloud_process.student(), cloud_process.student()
    common: set[Any] = set(first.values()) & set(second.values())
    assert common == {first["proxy"], first["ca_bundle"], first["location"]}
