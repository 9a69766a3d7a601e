"""Machines over the wire: state, power, identity. Run Command has tests of its own."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.practice.services.clients import POLL, Azure
from tests.practice.sign_in import claims


def power(azure: Azure) -> str:
    view = azure.compute.virtual_machines.instance_view(azure.group, azure.vm)
    return next(str(status.code) for status in view.statuses or [] if str(status.code).startswith("PowerState/"))


def shown(azure: Azure) -> Any:
    return azure.compute.virtual_machines.get(azure.group, azure.vm, expand="instanceView")


def test_a_machine_shows_its_identity_and_a_ready_agent(azure: Azure) -> None:
    vm = shown(azure)
    assert vm.identity
    assert vm.identity.principal_id == azure.student["vm_principal_id"]
    assert (vm.identity.type, vm.identity.tenant_id) == ("SystemAssigned", azure.tenant)
    properties: Any = vm.properties
    assert properties.instance_view.vm_agent.statuses[0].display_status == "Ready"
    assert properties.storage_profile.os_disk.os_type == "Windows"
    assert power(azure) == "PowerState/running"
    without: Any = azure.compute.virtual_machines.get(azure.group, azure.vm).properties
    assert without.instance_view is None


def test_a_machine_is_listed_and_an_unknown_one_is_404(azure: Azure) -> None:
    assert [vm.name for vm in azure.compute.virtual_machines.list(azure.group)] == [azure.vm]
    with pytest.raises(ResourceNotFoundError):
        azure.compute.virtual_machines.get(azure.group, "unknown")


def test_a_machine_stops_and_starts_in_its_time(azure: Azure) -> None:
    machines = azure.compute.virtual_machines
    machines.begin_deallocate(azure.group, azure.vm, polling_interval=POLL).result()
    assert power(azure) == "PowerState/deallocated"
    view: Any = shown(azure).properties
    assert view.instance_view.vm_agent is None
    assert azure.imds("https://vault.azure.net").status_code == 404, "nobody can ask from a machine that is off"
    machines.begin_start(azure.group, azure.vm, polling_interval=POLL).result()
    assert power(azure) == "PowerState/running"
    machines.begin_power_off(azure.group, azure.vm, polling_interval=POLL).result()
    assert power(azure) == "PowerState/stopped"


def test_a_machine_on_its_way_says_so(azure: Azure) -> None:
    with azure.cloud.conduct("timings", vm_power=60):
        answer = azure.arm("POST", f"{azure.vm_id}/deallocate?api-version=2024-11-01")
        assert power(azure) == "PowerState/deallocating"
        with pytest.raises(HttpResponseError) as raised:
            azure.compute.virtual_machines.begin_start(azure.group, azure.vm, polling_interval=POLL).result()
        assert raised.value.status_code == 409
    operation = answer.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
    assert azure.arm("GET", operation).json()["status"] == "InProgress"
    with azure.cloud.conduct("clock", offset_seconds=61):
        assert azure.arm("GET", operation).json()["status"] == "Succeeded"
        assert power(azure) == "PowerState/deallocated"


def test_a_machine_that_has_started_in_the_meantime_has_its_metadata_service(azure: Azure) -> None:
    azure.compute.virtual_machines.begin_deallocate(azure.group, azure.vm, polling_interval=POLL).result()
    with azure.cloud.conduct("timings", vm_power=60):
        azure.arm("POST", f"{azure.vm_id}/start?api-version=2024-11-01")
        assert azure.imds("https://vault.azure.net").status_code == 404
        with azure.cloud.conduct("clock", offset_seconds=61):
            assert azure.imds("https://vault.azure.net").status_code == 200


def set_identity(azure: Azure, kind: str) -> str | None:
    patch: Any = {"identity": {"type": kind}}
    azure.compute.virtual_machines.begin_update(azure.group, azure.vm, patch, polling_interval=POLL).result()
    identity = azure.compute.virtual_machines.get(azure.group, azure.vm).identity
    return identity.principal_id if identity else None


def test_each_time_an_identity_is_turned_on_it_is_another_principal(azure: Azure) -> None:
    first = azure.student["vm_principal_id"]
    assert set_identity(azure, "SystemAssigned") == first
    assert set_identity(azure, "None") is None
    assert azure.imds("https://vault.azure.net").status_code == 400
    second = set_identity(azure, "SystemAssigned")
    assert second not in (None, first)
    with pytest.raises(HttpResponseError) as raised:
        azure.assign("Reader", first, azure.scope, "44444444-4444-4444-8444-000000000001")
    assert raised.value.error
    assert raised.value.error.code == "PrincipalNotFound"
    azure.assign("Reader", str(second), azure.scope, "44444444-4444-4444-8444-000000000001")


def test_a_whole_machine_sent_back_changes_its_tags_only(azure: Azure) -> None:
    vm = azure.compute.virtual_machines.get(azure.group, azure.vm)
    vm.tags = {"lab": "16"}
    azure.compute.virtual_machines.begin_create_or_update(azure.group, azure.vm, vm, polling_interval=POLL).result()
    after = azure.compute.virtual_machines.get(azure.group, azure.vm)
    assert after.tags == {"lab": "16"}
    assert after.identity
    assert after.identity.principal_id == azure.student["vm_principal_id"]
    vm.identity, vm.tags = None, {}
    azure.compute.virtual_machines.begin_create_or_update(azure.group, azure.vm, vm, polling_interval=POLL).result()
    last = azure.compute.virtual_machines.get(azure.group, azure.vm)
    assert (last.tags, last.identity) == ({}, after.identity)


def test_what_a_machine_cannot_become_is_not_pretended(azure: Azure) -> None:
    patch: Any = {"properties": {"hardwareProfile": {"vmSize": "Standard_D96s_v5"}}}
    with pytest.raises(HttpResponseError) as raised:
        azure.compute.virtual_machines.begin_update(azure.group, azure.vm, patch).result()
    assert raised.value.status_code == 501


def test_a_machine_is_deleted_and_its_identity_with_it(azure: Azure) -> None:
    azure.assign("Reader", str(azure.student["vm_principal_id"]), azure.vm_id, "44444444-4444-4444-8444-000000000002")
    with azure.cloud.conduct("timings", vm_power=3):
        poller = azure.compute.virtual_machines.begin_delete(azure.group, azure.vm, polling_interval=POLL)
        assert shown(azure).properties.provisioning_state == "Deleting"
        with pytest.raises(HttpResponseError, match="marked for deletion") as marked:
            azure.compute.virtual_machines.begin_start(azure.group, azure.vm)
        assert marked.value.status_code == 409
    with azure.cloud.conduct("clock", offset_seconds=4):  # set back, the machine would be there for a while more
        poller.result()
        with pytest.raises(ResourceNotFoundError):
            shown(azure)
        assert list(azure.compute.virtual_machines.list(azure.group)) == []
        assert azure.imds("https://vault.azure.net").status_code == 404
        azure.compute.virtual_machines.begin_delete(azure.group, azure.vm, polling_interval=POLL).result()
        held = azure.authorization.role_assignments.list_for_subscription()
        assert azure.student["vm_principal_id"] not in {one.principal_id for one in held}


MACHINE: Any = {
    "location": "eastus",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "hardwareProfile": {"vmSize": "Standard_B2s"},
        "storageProfile": {"imageReference": {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer"}},
        "osProfile": {"computerName": "again", "adminUsername": "azureuser", "adminPassword": "Not-kept-anywhere"},
    },
}


def test_a_machine_made_again_is_another_principal(azure: Azure) -> None:
    """What a student has who deleted the machine and made it anew: the same name, and a policy for nobody."""
    machines = azure.compute.virtual_machines
    machines.begin_delete(azure.group, azure.vm, polling_interval=POLL).result()
    again = machines.begin_create_or_update(azure.group, azure.vm, MACHINE, polling_interval=POLL).result()
    assert again.identity
    assert again.identity.principal_id not in (None, azure.student["vm_principal_id"])
    assert (again.id, shown(azure).properties.provisioning_state) == (azure.vm_id, "Succeeded")
    assert power(azure) == "PowerState/running"
    assert claims(azure.vm_token("https://vault.azure.net"))["oid"] == again.identity.principal_id


def test_several_machines_stand_in_one_group(azure: Azure) -> None:
    with azure.cloud.conduct("timings", vm_power=60):
        path = f"{azure.vm_id}-two?api-version=2024-11-01"
        made = azure.arm("PUT", path, {**MACHINE, "identity": None})
        assert (made.status_code, made.json()["properties"]["provisioningState"]) == (201, "Creating")
        assert "azure-asyncoperation" in made.headers
    assert "identity" not in azure.arm("GET", path).json()
    assert {vm.name for vm in azure.compute.virtual_machines.list_all()} == {azure.vm, f"{azure.vm}-two"}
    linux = {**MACHINE, "properties": {**MACHINE["properties"], "storageProfile": {}, "osProfile": None}}
    third = azure.arm("PUT", f"{azure.vm_id}-three?api-version=2024-11-01", linux).json()
    assert third["properties"]["storageProfile"]["osDisk"]["osType"] == "Linux"
    assert azure.arm("PUT", f"{azure.vm_id}-four?api-version=2024-11-01", {"location": "eastus"}).status_code == 400
