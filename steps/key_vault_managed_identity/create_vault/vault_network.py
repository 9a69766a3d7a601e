"""Whether the vault can be reached over the network, as far as its own settings tell."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.findings import not_yet, passed
from steps.kit.records import Seen, Vault
from steps.kit.task import Names
from steps.kit.verdict import Finding


def network(names: Names, seen: Seen[Vault], *, wanted: str) -> Finding:
    vault = seen.value
    if vault.open_to_all_networks:
        found = "Every network reaches it; who may read is another question."
        return passed("vault_network_open", wanted=wanted, found=found, seen=(seen,))
    let_in = _let_in(vault)
    if let_in:
        return _some(names, seen, let_in, wanted=wanted)
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
    return tuple(one for one in vault.let_in if "/privateendpoints/" in one.casefold())


def _some(names: Names, seen: Seen[Vault], let_in: tuple[str, ...], *, wanted: str) -> Finding:
    """Whether the VM is among them, its network knows and the vault does not: Task 4 lets the machine try."""
    listed = ", ".join(_short(one) for one in let_in[:5])
    return passed(
        "vault_network_by_rules",
        wanted=wanted,
        found=f"Only some reach it: {listed}. If {names.vm} is not among them, Task 4 will be turned away; then let it "
        f"in under Settings, Networking, or allow all networks.",
        seen=(seen,),
    )


def _short(rule: str) -> str:
    """An address as it is; of an id its last part."""
    return rule.rpartition("/")[2] if rule.startswith("/") else rule


def _open(names: Names) -> str:
    return (
        f"Open {names.vault}, Settings, Networking, choose Allow public access from all networks, and apply. "
        f"Or: `{az.open_network(names)}`."
    )
