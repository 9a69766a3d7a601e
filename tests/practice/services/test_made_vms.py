"""A machine as a portal makes one in a student's subscription, with a network of its own, and gives it back."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.services.clients import POLL, Azure
from tests.practice.services.made_network import MadeNetwork
from tests.practice.sign_in import claims

VERSION = "api-version=2024-11-01"
PASSWORD = "Only-for-practice-16"
IMAGE = {
    "publisher": "MicrosoftWindowsServer",
    "offer": "WindowsServer",
    "sku": "2022-datacenter-azure-edition",
    "version": "latest",
}


def machine(interface: str = "", *, option: str = "Delete", **changed: Any) -> Any:
    """The request for a machine with that interface; ``changed`` are properties that are different."""
    nics = {"networkInterfaces": [{"id": interface, "properties": {"primary": True, "deleteOption": option}}]}
    disk = {
        "createOption": "FromImage",
        "deleteOption": option,
        "diskSizeGB": 127,
        "managedDisk": {"storageAccountType": "StandardSSD_LRS"},
    }
    system = {
        "computerName": "lab",
        "adminUsername": "labowner",
        "adminPassword": PASSWORD,
        "windowsConfiguration": {"provisionVMAgent": True, "enableAutomaticUpdates": True},
    }
    properties = {
        "hardwareProfile": {"vmSize": "Standard_B2s"},
        "storageProfile": {"imageReference": IMAGE, "osDisk": disk},
        "osProfile": system,
        **({"networkProfile": nics} if interface else {}),
        **changed,
    }
    return {
        "location": "eastus",
        "tags": {"lab": "16"},
        "identity": {"type": "SystemAssigned"},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def make(azure: Azure, name: str = "vm-made", **how: Any) -> Any:
    """With ``interface`` as ``machine`` has it; one of a network that is made first where there is none."""
    interface = how.pop("interface", None) or MadeNetwork(azure, name).all(option=how.get("option", "Delete")).id
    machines = azure.compute.virtual_machines
    body = machine(interface, **how)
    return machines.begin_create_or_update(azure.group, name, body, polling_interval=POLL).result()


def left(azure: Azure, tag: str = "") -> set[str]:
    """The kinds of what is there besides the student's own machine."""
    found = azure.resources.resources.list(filter=f"tagName eq 'lab'{tag}")
    return {str(one.type).rpartition("/")[2] for one in found}


def remove(azure: Azure, name: str = "vm-made") -> None:
    azure.compute.virtual_machines.begin_delete(azure.group, name, polling_interval=POLL).result()


def test_a_machine_is_made_with_a_disk_and_shows_what_it_was_asked_to_be(azure: Azure) -> None:
    made = make(azure)
    properties: Any = made.properties
    assert properties.provisioning_state == "Succeeded"
    assert properties.storage_profile.image_reference.sku == IMAGE["sku"]
    assert (properties.os_profile.computer_name, properties.os_profile.admin_username) == ("lab", "labowner")
    nic = properties.network_profile.network_interfaces[0]
    assert azure.network.network_interfaces.get(azure.group, "nic-vm-made").virtual_machine.id == made.id
    assert nic.properties.delete_option == properties.storage_profile.os_disk.delete_option == "Delete"
    disk: Any = azure.compute.disks.get(azure.group, properties.storage_profile.os_disk.name)
    assert disk.id == properties.storage_profile.os_disk.managed_disk.id
    assert (disk.managed_by, disk.sku.name, disk.properties.disk_size_gb) == (made.id, "StandardSSD_LRS", 127)
    assert disk.tags == {"lab": "16"}


def test_its_password_is_shown_and_kept_nowhere(azure: Azure) -> None:
    path = f"{azure.vm_id}-made?{VERSION}"
    answers = [azure.arm("PUT", path, machine()), azure.arm("GET", path), azure.arm("PUT", path, machine())]
    assert [one.status_code for one in answers] == [201, 200, 200], "the same request again changes nothing"
    assert not any(PASSWORD in one.text for one in answers)
    store = azure.cloud.state
    assert not any(PASSWORD.encode() in file.read_bytes() for file in store.rglob("*") if file.is_file())


def test_a_machine_that_is_made_says_how_far_it_is(azure: Azure) -> None:
    def codes() -> tuple[list[str], str]:
        view: Any = azure.arm("GET", f"{azure.vm_id}-made/instanceView?{VERSION}").json()
        agent = view.get("vmAgent", {}).get("statuses", [{}])[0].get("displayStatus", "")
        return [one["code"] for one in view["statuses"]], agent

    with azure.cloud.conduct("timings", vm_power=100):
        answer = azure.arm("PUT", f"{azure.vm_id}-made?{VERSION}", machine())
        assert answer.json()["properties"]["provisioningState"] == "Creating"
    assert codes() == (["ProvisioningState/creating"], "")
    with azure.cloud.conduct("clock", offset_seconds=60):
        assert codes() == (["ProvisioningState/creating/OSProvisioningInprogress", "PowerState/running"], "")
        command: Any = {"commandId": "RunPowerShellScript", "script": ["hostname"]}
        assert azure.arm("POST", f"{azure.vm_id}-made/runCommand?{VERSION}", command).status_code == 409
    with azure.cloud.conduct("clock", offset_seconds=101):
        assert codes() == (["ProvisioningState/succeeded", "PowerState/running"], "Ready")


def test_the_made_machine_serves_the_lab(azure: Azure) -> None:
    """Its own identity reads a secret by a policy, asked with Run Command."""
    made = make(azure)
    azure.create_vault(accessPolicies=[azure.policy(["get", "set"]), azure.policy(["get"], made.identity.principal_id)])
    azure.secrets().set_secret("lab-secret", "found it")
    script = [
        "$u = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'",
        "$r = Invoke-RestMethod -Uri ($u + '&resource=https%3A%2F%2Fvault.azure.net') -Headers @{Metadata='true'}",
        f"$s = 'https://{azure.name}.vault.azure.net/secrets/lab-secret?api-version=7.4'",
        '(Invoke-RestMethod -Uri $s -Headers @{Authorization="Bearer $($r.access_token)"}).value',
        "$r.access_token",
    ]
    command: Any = {"commandId": "RunPowerShellScript", "script": script}
    poller = azure.compute.virtual_machines.begin_run_command(azure.group, "vm-made", command, polling_interval=POLL)
    result: Any = poller.result()
    assert result.value[1].message == ""
    value, token = result.value[0].message.split()[:2], result.value[0].message.split()[-1]
    assert value == ["found", "it"]
    assert claims(token)["oid"] == made.identity.principal_id


def prints(azure: Azure, script: str) -> str:
    """What a script writes on the made machine, errors too."""
    command: Any = {"commandId": "RunPowerShellScript", "script": [script]}
    poller = azure.compute.virtual_machines.begin_run_command(azure.group, "vm-made", command, polling_interval=POLL)
    result: Any = poller.result()
    return str(result.value[0].message + result.value[1].message)


def test_a_machine_in_a_private_subnet_gets_nowhere_but_to_its_own_host(azure: Azure) -> None:
    """What a portal meets that makes a machine without a public address by today's versions of the interface."""
    network = MadeNetwork(azure)
    azure.create_vault()
    assert network.virtual_network().subnets[0].default_outbound_access is False
    make(azure, interface=network.interface().id)
    ask = f"Invoke-RestMethod -Uri 'https://{azure.name}.vault.azure.net/secrets/x?api-version=7.4'"
    assert "Unable to connect to the remote server" in prints(azure, ask)
    token = (
        "169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
    )
    asked = f"(Invoke-RestMethod -Uri 'http://{token}' -Headers @{{Metadata='true'}}).token_type"
    assert prints(azure, asked).strip() == "Bearer"
    network.virtual_network(defaultOutboundAccess=True)
    assert "AKV10000" in prints(azure, ask), "the vault answers"
    assert network.virtual_network().subnets[0].default_outbound_access is True, "what is not named stays"


def test_subnets_of_older_versions_of_the_interface_are_open(azure: Azure) -> None:
    subnets = [{"name": "machines", "properties": {"addressPrefix": "10.0.0.0/24"}}]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    place = f"{MadeNetwork(azure).place}/virtualNetworks/net?api-version=2025-05-01"
    made = azure.arm("PUT", place, {"location": "eastus", "properties": properties}).json()
    assert made["properties"]["subnets"][0]["properties"]["defaultOutboundAccess"] is True


def test_all_of_it_goes_with_the_machine(azure: Azure) -> None:
    make(azure)
    assert left(azure) == {
        "virtualMachines",
        "disks",
        "networkInterfaces",
        "publicIPAddresses",
        "virtualNetworks",
        "networkSecurityGroups",
    }
    remove(azure)
    assert left(azure) == {"virtualNetworks", "networkSecurityGroups"}, "nobody says that these go with it"
    azure.network.virtual_networks.begin_delete(azure.group, "vnet-vm-made", polling_interval=POLL).result()
    azure.network.network_security_groups.begin_delete(azure.group, "nsg-vm-made", polling_interval=POLL).result()
    assert left(azure) == set()


def test_what_is_only_detached_stays_and_is_to_be_cleaned_up(azure: Azure) -> None:
    made = make(azure, option="Detach")
    disk: Any = made.properties.storage_profile.os_disk.name
    with pytest.raises(HttpResponseError) as held:
        azure.compute.disks.begin_delete(azure.group, disk)
    assert (held.value.status_code, held.value.error and held.value.error.code) == (409, "OperationNotAllowed")
    with pytest.raises(HttpResponseError, match="NicInUse"):
        azure.network.network_interfaces.begin_delete(azure.group, "nic-vm-made")
    remove(azure)
    assert {"disks", "networkInterfaces", "publicIPAddresses"} <= left(azure)
    found: Any = azure.compute.disks.get(azure.group, disk)
    assert (found.managed_by, found.properties.disk_state) == (None, "Unattached")
    azure.compute.disks.begin_delete(azure.group, disk, polling_interval=POLL).result()
    azure.network.network_interfaces.begin_delete(azure.group, "nic-vm-made", polling_interval=POLL).result()
    azure.network.public_ip_addresses.begin_delete(azure.group, "ip-vm-made", polling_interval=POLL).result()
    assert left(azure) == {"virtualNetworks", "networkSecurityGroups"}
    assert list(azure.compute.disks.list()) == []


def test_a_group_takes_its_disks_with_it(azure: Azure) -> None:
    make(azure, option="Detach")
    azure.resources.resource_groups.begin_delete(azure.group, polling_interval=POLL).result()
    assert left(azure) == set()


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


def test_the_same_requests_again_change_nothing(azure: Azure) -> None:
    """As after a crash in the middle: names are the same, and so is what is there."""
    first = make(azure)
    before = {one.id for one in azure.resources.resources.list()}
    again = make(azure)
    assert {one.id for one in azure.resources.resources.list()} == before
    assert (again.vm_id, again.identity.principal_id) == (first.vm_id, first.identity.principal_id)
    interface: Any = azure.network.network_interfaces.get(azure.group, "nic-vm-made")
    assert interface.ip_configurations[0].private_ip_address == "10.0.0.4"
    assert interface.virtual_machine.id == first.id


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


def test_disks_are_listed_and_tagged(azure: Azure) -> None:
    make(azure)
    (disk,) = azure.compute.disks.list_by_resource_group(azure.group)
    tagged: Any = {"tags": {"lab": "kept"}}
    azure.compute.disks.begin_update(azure.group, str(disk.name), tagged, polling_interval=POLL).result()
    assert azure.compute.disks.get(azure.group, str(disk.name)).tags == {"lab": "kept"}
    azure.compute.disks.begin_delete(azure.group, "none", polling_interval=POLL).result()
    with pytest.raises(HttpResponseError) as raised:
        azure.compute.disks.get(azure.group, "none")
    assert raised.value.status_code == 404
