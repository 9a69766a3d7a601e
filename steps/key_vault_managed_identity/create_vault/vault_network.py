"""Whether the vault can be reached over the network: by anybody, and by the student's machine."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from steps.key_vault_managed_identity import az, looks
from steps.key_vault_managed_identity.common import same
from steps.key_vault_managed_identity.explaining import if_told
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet, passed
from steps.kit.records import MachineNetwork, Seen, Vault
from steps.kit.task import Facts, Names
from steps.kit.verdict import Finding

_ENDPOINT, _SUBNET = "/privateendpoints/", "/subnets/"
_SERVICE = "Microsoft.KeyVault"


def network(names: Names, facts: Facts, seen: Seen[Vault], *, wanted: str) -> Finding:
    vault = seen.value
    if vault.open_to_all_networks:
        found = "Every network reaches it; who may read is another question."
        return passed("vault_network_open", wanted=wanted, found=found, seen=(seen,))
    let_in = _let_in(vault)
    if let_in:
        return _some(names, facts, seen, let_in, wanted=wanted)
    if not vault.public_access:
        return not_yet(
            "vault_network_private",
            wanted=wanted,
            found=f"Public access to {names.vault} is disabled, and it has no private endpoint: nobody reaches it.",
            next_step=_open(names),
            seen=(seen,),
        )
    return not_yet(
        "vault_network_closed",
        wanted=wanted,
        found=f"The firewall of {names.vault} lets nobody in: its default action is {vault.default_action}, "
        "and it has no rule.",
        next_step=_open(names),
        seen=(seen,),
    )


def _let_in(vault: Vault) -> tuple[str, ...]:
    """With public access off the firewall's rules count no more: only private endpoints do."""
    if vault.public_access:
        return vault.let_in
    return tuple(one for one in vault.let_in if _ENDPOINT in one.casefold())


def _some(names: Names, facts: Facts, seen: Seen[Vault], let_in: tuple[str, ...], *, wanted: str) -> Finding:
    """Whether the machine is among them its network tells, where that can be seen; otherwise Task 4 lets it try."""
    listed = ", ".join(_named(one) for one in let_in[:5])
    machine = _of_machine(facts)
    comes_in = None if machine is None else _comes_in(machine.value, let_in)
    if machine is None or comes_in is None:
        return passed(
            "vault_network_by_rules",
            wanted=wanted,
            found=f"Only some reach it: {listed}. {_unclear(names, machine, let_in)}",
            seen=(seen, machine) if machine else (seen,),
        )
    if comes_in:
        found = f"Only some reach it: {listed}. {names.vm} is among them."
        return passed("vault_network_lets_vm_in", wanted=wanted, found=found, seen=(seen, machine))
    return not_yet(
        "vault_network_closed_to_vm",
        wanted=wanted,
        found=f"The firewall of {names.vault} lets in only {listed}, and {names.vm} is not among them: "
        f"{_no_endpoint(machine.value, let_in)}its requests come from {_origin(machine.value)}.",
        next_step=f"Let it in: {_way_in(names, machine.value, let_in)} Or allow all networks there: "
        f"`{az.open_network(names)}`.",
        seen=(seen, machine),
    )


def _of_machine(facts: Facts) -> Seen[MachineNetwork] | None:
    """None where the machine, or its network, cannot be seen."""
    vm = if_told(facts, looks.VM)
    if vm.value is None or isinstance(vm.value, AzureProblem) or not vm.value.nic:
        return None
    told = if_told(facts, looks.network_of(vm.value.nic))
    return None if isinstance(told.value, AzureProblem) else Seen(told.value, told.source)


def _comes_in(machine: MachineNetwork, let_in: tuple[str, ...]) -> bool | None:
    """None where nobody can tell: what goes through a private endpoint, a gateway or a router has another origin, and
    a machine without a public address comes from one of Azure's. A rule about the subnet counts only for what leaves it
    by a service endpoint."""
    if machine.by_endpoint and _names_subnet(machine, let_in):
        return True
    if machine.detour or any(_ENDPOINT in one.casefold() for one in let_in):
        return None
    if machine.by_endpoint or not _ranges(let_in):
        return False
    inside = {address in _inside(machine, let_in) for address in machine.addresses}
    return inside.pop() if len(inside) == 1 else None


def _names_subnet(machine: MachineNetwork, let_in: tuple[str, ...]) -> bool:
    return any(same(one, machine.subnet) for one in let_in)


def _ranges(let_in: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(one, strict=False) for one in let_in if not one.startswith("/")]


def _inside(machine: MachineNetwork, let_in: tuple[str, ...]) -> list[str]:
    """The machine's public addresses that a rule names."""
    return [one for one in machine.addresses if any(ip_address(one) in rule for rule in _ranges(let_in))]


def _unclear(names: Names, machine: Seen[MachineNetwork] | None, let_in: tuple[str, ...]) -> str:
    inside = _inside(machine.value, let_in) if machine else []
    outside = [one for one in machine.value.addresses if one not in inside] if machine else []
    if inside and outside:
        return (
            f"{names.vm} has several public addresses, of which only {' and '.join(inside)} is let in. From which of "
            "them its requests come cannot be seen from here. If Task 4 is turned away, let in the others, too: "
            f"`{_add(names, outside)}`."
        )
    return (
        f"Whether {names.vm} is among them cannot be seen from here. If it is not, Task 4 will be turned away, and "
        "in Task 2 whoever makes the secret from elsewhere: let both in under Settings, Networking, or allow all "
        "networks."
    )


def _no_endpoint(machine: MachineNetwork, let_in: tuple[str, ...]) -> str:
    """The beginning of a sentence, or ""."""
    if machine.by_endpoint or not _names_subnet(machine, let_in):
        return ""
    subnet = _short(machine.subnet)
    return f"the subnet {subnet} has no service endpoint {_SERVICE}, so its rule counts for nothing, and "


def _origin(machine: MachineNetwork) -> str:
    if machine.by_endpoint:
        return f"the subnet {_short(machine.subnet)}, by its service endpoint"
    return " or ".join(machine.addresses) or "an address of Azure's"


def _way_in(names: Names, machine: MachineNetwork, let_in: tuple[str, ...]) -> str:
    """Sentences. A service endpoint that is missing is the student's own rule, half done."""
    settings = f"open {names.vault}, Settings, Networking, add"
    if machine.by_endpoint:
        add = f"az keyvault network-rule add {_at(names)} --subnet {machine.subnet}"
        return f"{settings} that subnet, and apply. Or: `{add}`."
    if machine.addresses and not _names_subnet(machine, let_in):
        return f"{settings} that address under Firewall, and apply. Or: `{_add(names, machine.addresses)}`."
    network, _, subnet = machine.subnet.partition(_SUBNET)
    done = "" if _names_subnet(machine, let_in) else f" Then {settings} that subnet, and apply."
    command = f"az network vnet subnet update --ids {machine.subnet} --service-endpoints {_SERVICE}"
    return (
        f"open the virtual network {_short(network)}, Settings, Subnets, {subnet}, tick {_SERVICE} under Service "
        f"endpoints, and save. Or: `{command}`, with those that it has already.{done}"
    )


def _add(names: Names, addresses: Sequence[str]) -> str:
    return f"az keyvault network-rule add {_at(names)} --ip-address {' '.join(addresses)}"


def _at(names: Names) -> str:
    return f"--name {names.vault} --resource-group {names.resource_group}"


def _short(rule: str) -> str:
    """An address as it is; of an id its last part."""
    return rule.rpartition("/")[2] if rule.startswith("/") else rule


def _named(rule: str) -> str:
    """The same in a list. Most subnets are called default: it is their network that tells them apart."""
    network, _, subnet = rule.rpartition(_SUBNET)
    return f"the subnet {subnet} of {_short(network)}" if network else _short(rule)


def _open(names: Names) -> str:
    return (
        f"Open {names.vault}, Settings, Networking, choose Allow public access from all networks, and apply. "
        f"Or: `{az.open_network(names)}`."
    )
