"""Machines that are not to be had: what is refused, what fails, and what can be known beforehand."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.services.clients import POLL, Azure
from tests.practice.services.made_machine import IMAGE, PASSWORD, VERSION, left, machine, make, remove
from tests.practice.services.made_network import MadeNetwork


def test_a_machine_whose_making_fails_leaves_nothing(azure: Azure) -> None:
    interface = MadeNetwork(azure).all().id
    azure.cloud.ask("POST", f"/students/{azure.sid}/scenarios", {"name": "operation-fails"})
    with pytest.raises(HttpResponseError):
        make(azure, interface=interface)
    assert "virtualMachines" not in left(azure)
    assert "disks" not in left(azure)


def test_a_machine_that_gets_no_place_is_there_failed_until_it_is_started_or_deleted(azure: Azure) -> None:
    interface = MadeNetwork(azure).all().id
    azure.cloud.ask("POST", f"/students/{azure.sid}/scenarios", {"name": "vm-allocation-fails"})
    with pytest.raises(HttpResponseError) as raised:
        make(azure, interface=interface)
    assert raised.value.error
    assert raised.value.error.code == "AllocationFailed"
    machines = azure.compute.virtual_machines
    found: Any = machines.get(azure.group, "vm-made").properties
    assert found.provisioning_state == "Failed"
    assert {"virtualMachines", "disks"} <= left(azure)
    azure.cloud.ask("DELETE", f"/students/{azure.sid}/scenarios")
    machines.begin_start(azure.group, "vm-made", polling_interval=POLL).result()
    found = machines.get(azure.group, "vm-made").properties
    assert found.provisioning_state == "Succeeded"
    remove(azure)
    assert left(azure) == {"virtualNetworks", "networkSecurityGroups"}


def test_a_machine_that_got_no_place_is_tried_again_by_the_same_request(azure: Azure) -> None:
    interface = MadeNetwork(azure).all().id
    azure.cloud.ask("POST", f"/students/{azure.sid}/scenarios", {"name": "vm-allocation-fails"})
    for _ in range(2):
        with pytest.raises(HttpResponseError, match="AllocationFailed"):
            make(azure, interface=interface)
    azure.cloud.ask("DELETE", f"/students/{azure.sid}/scenarios")
    assert make(azure, interface=interface).properties.provisioning_state == "Succeeded"


def refused(azure: Azure, name: str = "vm-made", **how: Any) -> tuple[int, str]:
    path = azure.vm_id.rpartition("/")[0]
    answer = azure.arm("PUT", f"{path}/{name}?{VERSION}", machine(**how))
    error = answer.json().get("error", {})
    assert answer.status_code >= 400, answer.text
    assert azure.arm("GET", f"{path}/{name}?{VERSION}").status_code == 404
    assert list(azure.compute.disks.list()) == []
    return answer.status_code, str(error["code"])


@pytest.mark.parametrize(
    "change",
    [
        {"adminPassword": "short1!"},
        {"adminPassword": "onlyletters-here"},
        {"adminPassword": "A1" + "x" * 122},
        {"adminPassword": ""},
        {"adminUsername": "Administrator"},
        {"adminUsername": ""},
        {"computerName": "longer-than-fifteen"},
        {"computerName": "12345"},
        {"computerName": "with_score"},
    ],
)
def test_what_azure_does_not_take_for_a_system_is_refused(azure: Azure, change: dict[str, str]) -> None:
    system = {"computerName": "lab", "adminUsername": "labowner", "adminPassword": PASSWORD}
    assert refused(azure, osProfile={**system, **change}) == (400, "InvalidParameter")


def test_what_is_no_size_or_goes_beyond_the_quota_is_refused(azure: Azure) -> None:
    assert refused(azure, hardwareProfile={"vmSize": "Standard_Z1"}) == (400, "InvalidParameter")
    assert refused(azure, hardwareProfile={"vmSize": "Standard_D96s_v5"}) == (409, "OperationNotAllowed")


def test_an_interface_that_is_not_there_or_of_another_machine_is_refused(azure: Azure) -> None:
    network = MadeNetwork(azure, "vm-made")
    assert refused(azure, interface=f"{network.place}/networkInterfaces/none") == (404, "NotFound")
    make(azure)
    path = azure.vm_id.rpartition("/")[0]
    answer = azure.arm("PUT", f"{path}/vm-two?{VERSION}", machine(f"{network.place}/networkInterfaces/nic-vm-made"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "NicInUse")


def test_what_is_not_implemented_of_a_machine_says_so(azure: Azure) -> None:
    storage = {"imageReference": IMAGE, "dataDisks": [{"lun": 0, "createOption": "Empty"}]}
    assert refused(azure, storageProfile=storage) == (501, "NotImplementedByPracticeCloud")
    assert refused(azure, priority="Spot") == (501, "NotImplementedByPracticeCloud")
    place = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.Compute/disks/empty?api-version=2023-10-02"
    assert azure.arm("PUT", place, {"location": "eastus"}).status_code == 501


def test_sizes_and_quota_are_told_beforehand(azure: Azure) -> None:
    skus: Any = {one.name: one for one in azure.compute.resource_skus.list(filter="location eq 'eastus'")}
    small = skus["Standard_B2s"]
    told = {one.name: one.value for one in small.capabilities}
    assert (small.resource_type, told["vCPUs"], told["MemoryGB"]) == ("virtualMachines", "2", "4")
    assert (small.locations, small.restrictions, skus["Premium_LRS"].resource_type) == (["eastus"], [], "disks")
    sizes: Any = {one.name: one for one in azure.compute.virtual_machine_sizes.list("eastus")}
    assert (sizes["Standard_B2s"].number_of_cores, sizes["Standard_B2s"].memory_in_mb) == (2, 4096)
    usage: Any = {one.name.value: one for one in azure.compute.usage.list("eastus")}
    assert (usage["cores"].current_value, usage["cores"].limit) == (2, 10)
    assert usage["standardBSFamily"].current_value == usage["cores"].current_value
    assert (usage["virtualMachines"].current_value, usage["standardDSv5Family"].current_value) == (1, 0)
    with pytest.raises(HttpResponseError) as raised:
        list(azure.compute.resource_skus.list(filter="name eq 'Standard_B2s'"))
    assert raised.value.status_code == 400
    with pytest.raises(HttpResponseError):
        list(azure.compute.usage.list("nowhere"))
