"""The reasons that findings of Task 4 give about the way from the VM to the vault."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.key_vault_managed_identity.reasons.words import NOT_AT_ONCE, NOT_YOURS
from steps.kit.reasons import Reason

_WHERE_FROM = (
    "A vault can look at where a request comes from, before it looks at who sends it. Who is let in by a policy or a "
    "role is turned away all the same."
)

REASONS: dict[str, Reason] = {
    "vault_firewall": Reason(
        "403: the vault's firewall keeps the VM out.",
        why=_WHERE_FROM,
        hints=(
            lambda names: f"From which networks may {names.vault} be reached?",
            lambda names: f"Look at {names.vault}, Settings, Networking: is {names.vm} among those let in?",
            lambda names: f"Allow all networks: `{az.open_network(names)}`. Or let the portal do it.",
        ),
        idea="network-rules",
        remedies=("open-network",),
    ),
    "vault_closed_to_networks": Reason(
        "403: public network access to the vault is disabled.",
        why=_WHERE_FROM,
        hints=(
            lambda names: f"Can {names.vault} be reached from anywhere at all?",
            lambda names: f"Look at {names.vault}, Settings, Networking, Public network access.",
            lambda names: f"`{az.open_network(names)}`. Or let the portal do it.",
        ),
        idea="network-rules",
        remedies=("open-network",),
    ),
    "firewall_still_in_effect": Reason(
        "403 by the firewall, which has been opened meanwhile.",
        why=f"{NOT_AT_ONCE} {NOT_YOURS}",
        hints=(
            lambda names: "The firewall was changed a moment ago. Wait for another.",
            lambda names: f"{names.vault}, Settings, Networking shows what it is set to.",
        ),
        idea="network-rules",
    ),
    "vault_unreachable_from_vm": Reason(
        "The VM could not connect to the vault.",
        why="A vault is on the internet: the machine's network has to let it out there.",
        hints=(
            lambda names: f"Can {names.vm} open any page on the internet?",
            lambda names: f"On {names.vm}: `Test-NetConnection {names.vault}.vault.azure.net -Port 443`.",
            lambda names: f"Look at {names.vm}, Networking, Outbound port rules for one that denies 443.",
        ),
        idea="network-rules",
    ),
    "vault_unresolved_on_vm": Reason(
        "The VM could not resolve the vault's name.",
        why="A vault is found by its name. One that was just made takes a moment to be known everywhere.",
        hints=(
            lambda names: "Was the vault made a minute ago? Then wait for another.",
            lambda names: f"On {names.vm}: `Resolve-DnsName {names.vault}.vault.azure.net`.",
            lambda names: "If only this name fails, look for a private DNS zone privatelink.vaultcore.azure.net.",
        ),
        idea="network-rules",
    ),
    "vault_not_trusted_on_vm": Reason(
        "The VM did not trust the certificate of who answered as the vault.",
        why="A certificate shows that it is the vault that answers, and nobody in between. It counts for a set time "
        "only, by the machine's clock.",
        hints=(
            lambda names: f"Is the clock of {names.vm} right? `Get-Date` tells.",
            lambda names: "A proxy that looks into what is encrypted shows a certificate of its own.",
        ),
        idea="network-rules",
    ),
    "proxy_on_vm": Reason(
        "407: a proxy on the VM's way answered instead of Azure.",
        why="A proxy passes requests on, and may ask who you are. The metadata service can be asked by the machine "
        "alone, and no other computer can do it for it.",
        hints=(
            lambda names: f"Is {names.vm} set to use a proxy?",
            lambda names: f"On {names.vm}: `netsh winhttp show proxy`.",
            lambda names: "`netsh winhttp reset proxy` takes out one that is set for all programs.",
        ),
        idea="network-rules",
    ),
    "vault_tls_failed_on_vm": Reason(
        "VM and vault could not agree on an encrypted connection.",
        why="Nobody may read on the way what a vault answers, so it talks TLS 1.2 or newer only.",
        hints=(
            lambda names: f"How old is Windows on {names.vm}, and does it get updates?",
            lambda names: "In PowerShell, `[Net.ServicePointManager]::SecurityProtocol` shows what it uses.",
        ),
        idea="network-rules",
    ),
}
