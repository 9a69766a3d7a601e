"""Whether the machine is among those that the vault's firewall lets in, and when nobody can tell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from steps.key_vault_managed_identity.create_vault.task import TASK
from steps.kit.azure import ProblemKind
from steps.kit.course import Mode
from steps.kit.records import MachineNetwork
from steps.kit.verdict import Finding, Verdict
from tests.steps.fake_azure import GROUP_PATH, NAMES, FakeAzure, a_vm, after_task, problem, set_vault
from tests.steps.walking import context, walk

NIC = f"{GROUP_PATH}/providers/Microsoft.Network/networkInterfaces/nic"
SUBNET = f"{GROUP_PATH}/providers/Microsoft.Network/virtualNetworks/net/subnets/machines"
ENDPOINT = f"{GROUP_PATH}/providers/Microsoft.Network/privateEndpoints/way-in"
AT_HOME = MachineNetwork(SUBNET, ("203.0.113.4",))
TWO = MachineNetwork(SUBNET, ("203.0.113.4", "203.0.113.5"))
UNKNOWN, IN, OUT = "vault_network_by_rules", "vault_network_lets_vm_in", "vault_network_closed_to_vm"


def closed(network: MachineNetwork | None, *let_in: str, public_access: bool = True) -> FakeAzure:
    azure = after_task(1)
    azure.vm = a_vm(nic=NIC if network else "")
    azure.network = network or azure.network
    set_vault(azure, default_action="Deny", let_in=let_in, public_access=public_access)
    return azure


def judged(pool: ThreadPoolExecutor, azure: FakeAzure) -> Finding:
    return walk(TASK, Mode.VALIDATE, context(azure), pool).finding("vault-network")


@pytest.mark.parametrize(
    ("network", "let_in", "reason"),
    [
        (AT_HOME, ("203.0.113.4/32",), IN),
        (AT_HOME, ("198.51.100.0/24", "203.0.113.0/24"), IN),
        (replace(AT_HOME, by_endpoint=True), (SUBNET.lower(),), IN),
        (AT_HOME, (SUBNET.lower(),), OUT),  # its service endpoint was taken off
        (AT_HOME, (SUBNET, "203.0.113.4/32"), IN),
        (TWO, ("203.0.113.4/32",), UNKNOWN),
        (TWO, ("203.0.113.5/32",), UNKNOWN),
        (TWO, ("203.0.113.0/24",), IN),
        (TWO, ("198.51.100.7/32",), OUT),
        (MachineNetwork(SUBNET, ()), (SUBNET,), OUT),
        (MachineNetwork(SUBNET, (), detour=True), (SUBNET,), UNKNOWN),
        (AT_HOME, ("198.51.100.7/32",), OUT),
        (AT_HOME, (f"{SUBNET}-2",), OUT),
        (MachineNetwork(SUBNET, ("203.0.113.4",), by_endpoint=True), ("203.0.113.4/32",), OUT),
        (MachineNetwork(SUBNET, (), by_endpoint=True), (SUBNET,), IN),
        (MachineNetwork(SUBNET, ()), ("198.51.100.7/32",), UNKNOWN),
        (MachineNetwork(SUBNET, ("203.0.113.4",), detour=True), ("198.51.100.7/32",), UNKNOWN),
        (AT_HOME, ("198.51.100.7/32", ENDPOINT), UNKNOWN),
        (None, ("198.51.100.7/32",), UNKNOWN),
    ],
)
def test_the_machines_network_tells_where_it_can(
    pool: ThreadPoolExecutor, network: MachineNetwork | None, let_in: tuple[str, ...], reason: str
) -> None:
    finding = judged(pool, closed(network, *let_in))
    assert finding.reason == reason
    assert (finding.verdict is Verdict.NOT_YET) == (reason == OUT)
    assert NAMES.vm in finding.found


def test_one_that_is_kept_out_reads_where_it_comes_from_and_how_to_let_it_in(pool: ThreadPoolExecutor) -> None:
    finding = judged(pool, closed(AT_HOME, "198.51.100.7/32"))
    assert "come from 203.0.113.4" in finding.found
    assert "network-rule add" in finding.next_step
    assert "--ip-address 203.0.113.4" in finding.next_step
    assert "Settings, Networking" in finding.next_step
    by_endpoint = MachineNetwork(SUBNET, ("203.0.113.4",), by_endpoint=True)
    finding = judged(pool, closed(by_endpoint, "203.0.113.4/32"))
    assert "the subnet machines" in finding.found
    assert f"--subnet {SUBNET}" in finding.next_step


def test_a_rule_about_a_subnet_without_a_service_endpoint_is_told_as_that(pool: ThreadPoolExecutor) -> None:
    finding = judged(pool, closed(AT_HOME, SUBNET))
    assert "the subnet machines has no service endpoint Microsoft.KeyVault" in finding.found
    assert "come from 203.0.113.4" in finding.found
    assert "open the virtual network net, Settings, Subnets, machines" in finding.next_step
    assert f"az network vnet subnet update --ids {SUBNET} --service-endpoints Microsoft.KeyVault" in finding.next_step
    assert "add that" not in finding.next_step
    nowhere = judged(pool, closed(MachineNetwork(SUBNET, ()), f"{SUBNET}-2"))
    assert "an address of Azure's" in nowhere.found
    assert "tick Microsoft.KeyVault" in nowhere.next_step
    assert "Then open kv-anna-7f3c, Settings, Networking, add that subnet" in nowhere.next_step


def test_of_several_addresses_those_that_are_not_let_in_are_named(pool: ThreadPoolExecutor) -> None:
    finding = judged(pool, closed(TWO, "203.0.113.5/32"))
    assert "only 203.0.113.5 is let in" in finding.found
    assert "--ip-address 203.0.113.4`" in finding.found
    assert "--ip-address 203.0.113.4 203.0.113.5" in judged(pool, closed(TWO, "198.51.100.7/32")).next_step


def test_behind_private_endpoints_alone_nobody_can_tell(pool: ThreadPoolExecutor) -> None:
    azure = closed(AT_HOME, "203.0.113.4/32", ENDPOINT, public_access=False)
    finding = judged(pool, azure)
    assert finding.reason == UNKNOWN
    assert "Only some reach it: way-in." in finding.found


def test_a_subnet_is_told_by_its_network_too(pool: ThreadPoolExecutor) -> None:
    """Every other one is called default."""
    other = f"{SUBNET.removesuffix('machines')}default"
    assert "Only some reach it: the subnet default of net, way-in." in judged(pool, closed(TWO, other, ENDPOINT)).found


@pytest.mark.parametrize("call", ["virtual_machine", "machine_network"])
@pytest.mark.parametrize("kind", [ProblemKind.NOT_AUTHORIZED, ProblemKind.AZURE_UNAVAILABLE])
def test_a_network_that_cannot_be_seen_is_held_against_nobody(
    pool: ThreadPoolExecutor, call: str, kind: ProblemKind
) -> None:
    azure = closed(AT_HOME, "198.51.100.7/32")
    azure.before = {call: [problem(kind) for _ in range(9)]}
    assert judged(pool, azure).reason == UNKNOWN


def test_an_open_vault_is_asked_for_no_network(pool: ThreadPoolExecutor) -> None:
    azure = after_task(1)
    azure.vm = a_vm(nic=NIC)
    judged(pool, azure)
    assert dict(azure.calls) == {"vault": 1}
