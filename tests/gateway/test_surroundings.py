"""What lies around the lab: locks, what the caller may do in the subscription, and a machine's network."""

from __future__ import annotations

from typing import Any

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import MachineNetwork
from tests.gateway.stage import Student

NETWORK = "/providers/Microsoft.Network"


def test_locks_are_told_with_what_they_are_on_page_after_page(student: Student) -> None:
    group = f"/subscriptions/{student.told.subscription_id}/resourcegroups/{student.group}"
    one = {"id": f"{group}/providers/microsoft.authorization/locks/a", "name": "a", "properties": {"level": "ReadOnly"}}
    two = {
        "id": f"/subscriptions/{student.told.subscription_id}/providers/Microsoft.Authorization/locks/b",
        "name": "b",
        "properties": {"level": "CanNotDelete", "notes": "kept"},
    }
    more = f"https://management.azure.com{group}/providers/Microsoft.Authorization/locks?api-version=2020-05-01&$skip=1"
    student.fault(path="locks", times=1, status=200, body={"value": [one], "nextLink": more})
    student.fault(path="locks", times=1, status=200, body={"value": [two]})
    first, second = student.azure(may_write=False).locks(student.group).value
    assert (first.scope, first.name, first.read_only, first.notes) == (group, "a", True, "")
    assert (second.name, second.read_only, second.notes) == ("b", False, "kept")
    assert second.scope == f"/subscriptions/{student.told.subscription_id}"


def test_a_group_without_locks_and_one_that_is_not_there(student: Student) -> None:
    azure = student.azure(may_write=False)
    assert azure.locks(student.group).value == ()
    with pytest.raises(AzureProblem) as caught:
        azure.locks("rg-nowhere")
    assert caught.value.kind is ProblemKind.NOT_FOUND
    assert caught.value.code == "ResourceGroupNotFound"


def test_a_next_page_elsewhere_is_not_asked_for(student: Student) -> None:
    elsewhere = "https://example.org/locks"
    student.fault(path="locks", times=1, status=200, body={"value": [], "nextLink": elsewhere})
    with pytest.raises(Exception, match="not a host this portal talks to"):
        student.azure(may_write=False).locks(student.group)


def test_what_the_caller_may_do_in_the_subscription(student: Student) -> None:
    seen = student.azure(may_write=False).permissions_in_subscription()
    assert any("*" in one.actions for one in seen.value)
    assert seen.source.path.startswith(f"/subscriptions/{student.told.subscription_id}/providers/")


def _answers(student: Student, path: str, properties: dict[str, Any]) -> None:
    student.fault(method="GET", path=path, status=200, body={"id": path, "properties": properties})


def test_a_machines_network_from_its_interface_on(student: Student) -> None:
    group = f"/subscriptions/{student.told.subscription_id}/resourceGroups/{student.group}"
    net = f"{group}{NETWORK}/virtualNetworks/net"
    inside = {"subnet": {"id": f"{net}/subnets/a"}, "publicIPAddress": {"id": f"{group}{NETWORK}/publicIPAddresses/ip"}}
    _answers(student, "networkInterfaces/nic$", {"ipConfigurations": [{"name": "one", "properties": inside}]})
    _answers(student, "publicIPAddresses/ip$", {"ipAddress": "203.0.113.9"})
    subnets = [
        {"id": f"{net}/subnets/b", "properties": {"natGateway": {"id": "x"}}},
        {"id": f"{net}/subnets/A", "properties": {"serviceEndpoints": [{"service": "Microsoft.KeyVault"}]}},
    ]
    _answers(student, "virtualNetworks/net$", {"subnets": subnets})
    seen = student.azure(may_write=False).machine_network(f"{group}{NETWORK}/networkInterfaces/nic")
    assert seen.value == MachineNetwork(f"{net}/subnets/a", ("203.0.113.9",), by_endpoint=True, detour=False)
    assert seen.source.path.endswith("networkInterfaces/nic?api-version=2024-05-01")


def test_a_machine_without_a_public_address_behind_a_gateway(student: Student) -> None:
    group = f"/subscriptions/{student.told.subscription_id}/resourceGroups/{student.group}"
    net = f"{group}{NETWORK}/virtualNetworks/net"
    inside = {"subnet": {"id": f"{net}/subnets/a"}}
    _answers(student, "networkInterfaces/nic$", {"ipConfigurations": [{"name": "one", "properties": inside}]})
    subnets = [{"id": f"{net}/subnets/a", "properties": {"natGateway": {"id": "nat"}}}]
    _answers(student, "virtualNetworks/net$", {"subnets": subnets})
    seen = student.azure(may_write=False).machine_network(f"{group}{NETWORK}/networkInterfaces/nic")
    assert seen.value == MachineNetwork(f"{net}/subnets/a", (), by_endpoint=False, detour=True)
