"""Whether the machine is among those that the vault's firewall lets in, and when nobody can tell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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
        (AT_HOME, (SUBNET.lower(),), IN),
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


def test_behind_private_endpoints_alone_nobody_can_tell(pool: ThreadPoolExecutor) -> None:
    azure = closed(AT_HOME, "203.0.113.4/32", ENDPOINT, public_access=False)
    finding = judged(pool, azure)
    assert finding.reason == UNKNOWN
    assert "Only some reach it: way-in." in finding.found


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
