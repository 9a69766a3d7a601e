"""A machine as a portal makes one in a student's subscription, with a network of its own, and gives it back."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.services.clients import POLL, Azure
from tests.practice.services.made_machine import IMAGE, PASSWORD, VERSION, left, machine, make, prints, remove
from tests.practice.services.made_network import MadeNetwork
from tests.practice.sign_in import claims


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
