"""Long-running operations: begun, looked at once a call, never waited for, taken up again anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from steps.kit.records import Done, Running
from tests.gateway.stage import Stage, Student, ended


@pytest.fixture
def slow_vaults(stage: Stage) -> None:
    stage.put("timings", vault_create=60)


def test_creating_a_vault_starts_and_returns(stage: Stage, student: Student, slow_vaults: None) -> None:
    azure = student.azure()
    azure.subscription()
    before, started = len(student.requests()), time.monotonic()
    begun = student.begin_vault()
    assert isinstance(begun, Running)
    assert time.monotonic() - started < 1
    assert begun.retry_after == 2.0
    assert begun.source.method == "PUT"

    for number in (2, 3):
        looked = azure.resume_create_vault(begun.token)
        assert isinstance(looked, Running)
        assert looked.token == begun.token
        assert looked.source.method == "GET"
        assert len(student.requests()) == before + number


def test_a_vault_in_access_policy_mode_is_what_comes_out(stage: Stage, student: Student) -> None:
    stage.put("timings", vault_create=0.3)
    begun = student.begin_vault()
    assert isinstance(begun, Running)
    done = ended(begun, student.azure().resume_create_vault)
    assert done.value.rbac is False
    assert done.value.provisioning_state == "Succeeded"
    assert done.value.uri.endswith("/")


ELSEWHERE = """
import json, sys
from labportal.gateway import Cloud, ServicePrincipal, open_azure
told = json.load(sys.stdin)
azure = open_azure(Cloud(**told["cloud"]), ServicePrincipal(**told["who"]), may_write=False)
outcome = getattr(azure, told["resume"])(told["token"])
print(type(outcome).__name__, getattr(outcome, "value", None))
"""


def elsewhere(student: Student, resume: str, token: str) -> str:
    who, cloud = student.who, student.stage.cloud
    told = {
        "cloud": {"proxy": cloud.proxy, "ca_bundle": cloud.ca_bundle},
        "who": {name: getattr(who, name) for name in ("tenant_id", "subscription_id", "client_id", "client_secret")},
        "resume": resume,
        "token": token,
    }
    command = [sys.executable, "-c", ELSEWHERE]
    ran = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_another_process_takes_up_the_vault_from_its_token(stage: Stage, student: Student) -> None:
    stage.put("timings", vault_create=60)
    begun = student.begin_vault()
    assert isinstance(begun, Running)
    assert elsewhere(student, "resume_create_vault", begun.token).startswith("Running")
    stage.put("clock", offset_seconds=120)
    told = elsewhere(student, "resume_create_vault", begun.token)
    assert told.startswith("Done Vault(")
    assert student.vault_name in told


def test_a_script_runs_on_the_machine(stage: Stage, student: Student) -> None:
    stage.put("timings", run_command=0.3)
    azure = student.azure(may_write=False)  # the proof only reads
    begun = azure.run_powershell(student.group, student.told.vm, "Write-Output 'one'\nWrite-Output 'two'")
    assert isinstance(begun, Running)
    assert begun.source.status == 202
    done = ended(begun, azure.resume_run_powershell)
    assert done.value.stdout.split() == ["one", "two"]
    assert done.value.stderr == ""


def test_another_process_takes_up_the_script_from_its_token(stage: Stage, student: Student) -> None:
    stage.put("timings", run_command=0.2)
    begun = student.azure().run_powershell(student.group, student.told.vm, "Write-Output 'far away'")
    assert isinstance(begun, Running)
    deadline = time.monotonic() + 10
    told = "Running"
    while told.startswith("Running"):
        assert time.monotonic() < deadline
        told = elsewhere(student, "resume_run_powershell", begun.token)
    assert told.startswith("Done RunCommandResult(")
    assert "far away" in told


def test_a_wait_that_azure_names_is_passed_on(stage: Stage, student: Student) -> None:
    operation = "https://management.azure.com/subscriptions/x/providers/Microsoft.Compute/locations/e/operations/1"
    student.fault(
        method="POST", path="/runCommand$", status=202, headers={"Azure-AsyncOperation": operation, "Retry-After": "7"}
    )
    begun = student.azure().run_powershell(student.group, student.told.vm, "Write-Output 1")
    assert isinstance(begun, Running)
    assert begun.retry_after == 7.0


def test_an_operation_that_is_over_at_once_is_done_at_once(stage: Stage, student: Student) -> None:
    stage.put("timings", vault_create=0)
    first = student.begin_vault()
    again = student.begin_vault() if isinstance(first, Done) else ended(first, student.azure().resume_create_vault)
    assert isinstance(again, Done)
