"""Run Command over the wire: the script really runs on the machine, as the machine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError

from tests.practice.services.clients import POLL, Azure
from tests.practice_process import Json, start_practice

LAB = [
    "$Response = Invoke-RestMethod -Uri 'http://169.254.169.254/metadata/identity/oauth2/token?"
    'api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net\' -Method GET -Headers @{Metadata="true"}',
    "$KeyVaultToken = $Response.access_token",
]


def read(azure: Azure) -> str:
    uri = f"https://{azure.name}.vault.azure.net/secrets/lab?api-version=2016-10-01"
    return f'Invoke-RestMethod -Uri {uri} -Method GET -Headers @{{Authorization="Bearer $KeyVaultToken"}}'


def begin(azure: Azure, script: list[str], **more: Any) -> Any:
    body: Any = {"commandId": "RunPowerShellScript", "script": script, **more}
    return azure.compute.virtual_machines.begin_run_command(azure.group, azure.vm, body, polling_interval=POLL)


def run(azure: Azure, script: list[str], **more: Any) -> dict[str, str]:
    """The two streams by their codes."""
    result = begin(azure, script, **more).result()
    return {str(one.code): str(one.message) for one in result.value}


OUT, ERR = "ComponentStatus/StdOut/succeeded", "ComponentStatus/StdErr/succeeded"


def test_the_labs_commands_read_the_secret_as_the_machine(azure: Azure) -> None:
    azure.create_vault()
    azure.secrets().set_secret("lab", "canary-of-the-lab")
    refused = run(azure, [*LAB, read(azure)])
    assert "canary-of-the-lab" not in refused[OUT]
    assert refused[ERR]
    grant: Any = {"properties": {"accessPolicies": [azure.policy(["get"], azure.student["vm_principal_id"])]}}
    azure.keyvault.vaults.update_access_policy(azure.group, azure.name, "add", grant)
    since = azure.cloud.seen()
    assert "canary-of-the-lab" in run(azure, [*LAB, read(azure)])[OUT]
    inside = [one for one in azure.cloud.requests(since=since) if one["origin"] == "vm"]
    assert inside[-1]["caller_oid"] == azure.student["vm_principal_id"]


def test_a_firewall_lets_the_machines_address_in_and_not_the_students(azure: Azure) -> None:
    vm = azure.policy(["get"], azure.student["vm_principal_id"])
    azure.create_vault(accessPolicies=[azure.policy(["set", "get"]), vm])
    azure.secrets().set_secret("lab", "canary-of-the-lab")
    closed: Any = {"defaultAction": "Deny", "ipRules": []}
    azure.create_vault(accessPolicies=[azure.policy(["set", "get"]), vm], networkAcls=closed)
    assert "canary-of-the-lab" not in run(azure, [*LAB, read(azure)])[OUT]
    closed["ipRules"] = [{"value": "203.0.113.4"}]
    azure.create_vault(accessPolicies=[azure.policy(["set", "get"]), vm], networkAcls=closed)
    assert "canary-of-the-lab" in run(azure, [*LAB, read(azure)])[OUT]
    with pytest.raises(HttpResponseError, match=r"Client address: 127\.0\.0\.1"):
        azure.secrets().get_secret("lab")


def test_the_answers_on_the_way_are_azures(azure: Azure) -> None:
    with azure.cloud.conduct("timings", run_command=1):
        answer = azure.arm("POST", f"{azure.vm_id}/runCommand?api-version=2024-11-01", command("Write-Output 'hi'"))
    assert answer.status_code == 202
    operation = answer.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
    final = answer.headers["location"].removeprefix("https://management.azure.com")
    assert "monitor=true" in final
    state = azure.arm("GET", operation).json()
    assert (state["status"], set(state)) == ("InProgress", {"startTime", "status", "name"})
    assert azure.arm("GET", final).status_code == 202
    state = ended(azure, operation)
    assert state["status"] == "Succeeded"
    assert state["properties"]["output"] == azure.arm("GET", final).json()
    assert state["properties"]["output"]["value"][0] == {
        "code": OUT,
        "level": "Info",
        "displayStatus": "Provisioning succeeded",
        "message": state["properties"]["output"]["value"][0]["message"],
    }


def command(line: str) -> Json:
    return {"commandId": "RunPowerShellScript", "script": [line]}


def ended(azure: Azure, operation: str) -> Json:
    for _ in range(200):
        state = azure.arm("GET", operation).json()
        if state["status"] != "InProgress":
            return dict(state)
        time.sleep(POLL)
    raise AssertionError("the command did not end")


def test_one_command_at_a_time(azure: Azure) -> None:
    with azure.cloud.conduct("timings", run_command=0.5):
        first = begin(azure, ["Write-Output 'first'"])
        with pytest.raises(ResourceExistsError) as raised:
            begin(azure, ["Write-Output 'second'"])
        assert raised.value.error
        assert raised.value.error.code == "Conflict"
        first.result()
    run(azure, ["Write-Output 'third'"])


def test_a_machine_that_does_not_run_takes_no_command(azure: Azure) -> None:
    azure.compute.virtual_machines.begin_deallocate(azure.group, azure.vm, polling_interval=POLL).result()
    with pytest.raises(ResourceExistsError) as raised:
        begin(azure, ["Write-Output 'hi'"])
    assert raised.value.error
    assert raised.value.error.code == "OperationNotAllowed"


def test_a_machine_whose_agent_is_silent_fails_the_command(azure: Azure) -> None:
    azure.suffers(vm_agent="Not Ready")
    properties: Any = azure.compute.virtual_machines.get(azure.group, azure.vm, expand="instanceView").properties
    assert properties.instance_view.vm_agent.statuses[0].display_status == "Not Ready"
    with pytest.raises(HttpResponseError) as raised:
        begin(azure, ["Write-Output 'hi'"]).result()
    assert raised.value.error
    assert raised.value.error.code == "VMAgentStatusCommunicationError"


def test_the_last_4096_bytes_are_kept(azure: Azure) -> None:
    message = run(azure, ["Write-Output ('x' * 5000 + 'end')"])[OUT]
    assert len(message.encode()) <= 4096
    assert message.strip().endswith("end")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"commandId": "RunPowerShellScript"}, 400),
        ({"commandId": "RunPowerShellScript", "script": "text"}, 400),
        ({"commandId": "IPConfig"}, 501),
        ({"commandId": "RunShellScript", "script": ["hostname"]}, 400),
        ({"commandId": "RunPowerShellCommand", "script": ["hostname"]}, 404),
    ],
)
def test_what_is_no_command_is_refused(azure: Azure, body: Json, status: int) -> None:
    assert azure.arm("POST", f"{azure.vm_id}/runCommand?api-version=2024-11-01", body).status_code == status


def test_a_poller_resumes_from_its_token(azure: Azure) -> None:
    with azure.cloud.conduct("timings", run_command=0.5):
        token = begin(azure, ["Write-Output 'resumed'"]).continuation_token()
    again: Any = Azure(azure.cloud, azure.student).compute.virtual_machines
    poller = again.begin_run_command(azure.group, azure.vm, {}, continuation_token=token, polling_interval=POLL)
    assert "resumed" in poller.result().value[0].message


def test_kill_9_keeps_what_was_answered_and_fails_what_was_running(tmp_path: Path) -> None:
    with start_practice(tmp_path) as before:
        azure = Azure(before, before.student())
        before.ask("PUT", "/timings", {"vault_create": 0.01, "run_command": 0.01})
        azure.create_vault()
        azure.secrets().set_secret("kept", "value")
        done = azure.arm("POST", f"{azure.vm_id}/runCommand?api-version=2024-11-01", command("Write-Output 'done'"))
        finished = done.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
        ended(azure, finished)
        before.ask("PUT", "/timings", {"run_command": 600})
        body = command("Write-Output 'never'")
        cut = azure.arm("POST", f"{azure.vm_id}/runCommand?api-version=2024-11-01", body).headers[
            "azure-asyncoperation"
        ]
        before.kill()
    with start_practice(tmp_path) as after:
        again = Azure(after, azure.student)
        state = again.arm("GET", cut.removeprefix("https://management.azure.com")).json()
        assert (state["status"], state["error"]["code"]) == ("Failed", "RunCommandInterrupted")
        assert again.arm("GET", finished).json()["status"] == "Succeeded"
        assert again.secrets().get_secret("kept").value == "value"
        after.ask("PUT", "/timings", {"run_command": 0.01})
        assert "after" in run(again, ["Write-Output 'after'"])[OUT]


def test_a_machine_stopped_under_a_command_fails_it(azure: Azure) -> None:
    with azure.cloud.conduct("timings", run_command=0.3):
        poller = begin(azure, ["Write-Output 'hi'"])
        azure.compute.virtual_machines.begin_deallocate(azure.group, azure.vm, polling_interval=POLL).result()
        with pytest.raises(HttpResponseError) as raised:
            poller.result()
    assert "stopped" in str(raised.value)


def test_the_machine_goes_by_the_clouds_clock(azure: Azure) -> None:
    with azure.cloud.conduct("clock", offset_seconds=40 * 24 * 3600):
        month = azure.cloud.ask("GET", "/clock")["now"][:7]
        assert run(azure, ["Get-Date -Format 'yyyy-MM'"])[OUT].strip() == month


def test_the_ready_made_commands_are_listed_and_shown(azure: Azure) -> None:
    place = f"{azure.scope}/providers/Microsoft.Compute/locations/eastus/runCommands"
    listed = azure.arm("GET", f"{place}?api-version=2024-11-01").json()["value"]
    assert {"RunPowerShellScript": "Windows", "RunShellScript": "Linux"}.items() <= {
        one["id"]: one["osType"] for one in listed
    }.items()
    shown = azure.arm("GET", f"{place}/runpowershellscript?api-version=2024-11-01").json()
    assert (shown["id"], shown["parameters"][0]["defaultValue"]) == ("RunPowerShellScript", "value1")
    assert shown["script"][-1].startswith("Write-Host")
    assert azure.arm("GET", f"{place}/IPConfig?api-version=2024-11-01").status_code == 501
    unknown = azure.arm("GET", f"{place}/RunPowerShell?api-version=2024-11-01")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "NotFound")


def test_the_metadata_service_is_reached_at_port_80_only(azure: Azure) -> None:
    script = "try { irm https://169.254.169.254/metadata -Headers @{Metadata='true'} } catch { $_.Exception.Message }"
    assert run(azure, [script])[OUT].strip() == "Unable to connect to the remote server"
