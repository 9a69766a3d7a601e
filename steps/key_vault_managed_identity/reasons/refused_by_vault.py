"""The reasons that findings of Task 4 give where the vault did not give the VM its secret."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.reasons import Reason

_NOT_YOURS = "It says nothing about your work."
_NOT_AT_ONCE = "A change reaches all of Azure's servers one after the other, and until then some go by the old state."
_TWO_MODELS = "A vault goes by one of the two, access policies or roles, and does not look at the other."
_WHERE_FROM = (
    "A vault can look at where a request comes from, before it looks at who sends it. Who is let in by a policy or a "
    "role is turned away all the same."
)

_TOKEN: dict[str, Reason] = {
    "vault_refuses_audience": Reason(
        "401 AKV10022: the token is meant for another service.",
        why="A token opens the one service it is made out for, and Key Vault is one of its own.",
        hints=(
            lambda names: "The portal's script asked for the right one. Azure contradicts itself for a moment.",
            lambda names: (
                f"If it stays, run the guide's three commands on {names.vm}, and see whether they meet the same."
            ),
        ),
        idea="token-audience",
    ),
    "vault_refuses_issuer": Reason(
        "401 AKV10032: the vault trusts another tenant than the token's.",
        why="A vault belongs to one tenant from the day it is made, and takes no token of another.",
        hints=(
            lambda names: f"In which directory was {names.vault} made?",
            lambda names: f"{names.vault}, Overview shows its Directory ID; yours is {names.tenant_id}.",
            lambda names: "Delete and purge it, and do Task 1 again in your own subscription.",
        ),
        idea="managed-identity",
    ),
    "vault_refuses_token": Reason(
        "401: the vault does not accept the token, for another reason.",
        why="Before it looks at rights, a vault looks whether the token is real and in date.",
        hints=(
            lambda names: "The words of the vault stand in what was found.",
            lambda names: f"Is the clock of {names.vm} right? A token is good for a set time only.",
        ),
        idea="managed-identity",
    ),
}

_RIGHTS: dict[str, Reason] = {
    "vault_denies_vm": Reason(
        "403: no policy lets the VM get secrets.",
        why="The vault knows who asks, and nobody has told it to let this one in. That it is your machine and your "
        "vault does not matter to it.",
        hints=(
            lambda names: "Who is on the vault's list of those who may get secrets?",
            lambda names: f"Look at {names.vault}, Access policies: is there an entry for {names.vm}, with Get?",
            lambda names: f"Access policies, Create, template Secret Management, and as the principal {names.vm}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("add-policy-for-vm",),
    ),
    "vault_wants_role": Reason(
        "403: the vault goes by roles and the VM has none.",
        why="The vault knows who asks, and no role lets this one read secrets. Roles that manage a vault, such as "
        "Contributor, do not open what is inside.",
        hints=(
            lambda names: f"Which roles has {names.vm} on {names.vault}?",
            lambda names: f"{names.vault}, Access control (IAM), Check access tells, if you choose {names.vm} there.",
            lambda names: f"Give {names.vm} the role Key Vault Secrets User on {names.vault}.",
        ),
        idea="access-policy-and-rbac",
        remedies=("assign-role",),
    ),
    "policy_not_in_effect_yet": Reason(
        "403 although the policy is there: it does not count yet.",
        why=f"{_NOT_AT_ONCE} {_NOT_YOURS}",
        hints=(
            lambda names: "When was the policy saved? If it was a moment ago, wait for another.",
            lambda names: "After ten minutes it is no delay any more: open the policy, and see that Get is ticked.",
        ),
        idea="access-policy-and-rbac",
    ),
    "role_not_in_effect_yet": Reason(
        "403 although the role is there: it does not count yet.",
        why=f"{_NOT_AT_ONCE} For a role Azure gives itself up to ten minutes. {_NOT_YOURS}",
        hints=(
            lambda names: "When was the role given? Have a cup of tea.",
            lambda names: "After ten minutes it is no delay any more: look for a deny assignment under Check access.",
        ),
        idea="access-policy-and-rbac",
    ),
    "model_switch_not_in_effect_yet": Reason(
        "403 by the permission model that the vault had before.",
        why=f"{_TWO_MODELS} {_NOT_AT_ONCE} {_NOT_YOURS}",
        hints=(
            lambda names: "The vault was switched a moment ago. Wait for another.",
            lambda names: f"{names.vault}, Settings, Access configuration shows what it goes by.",
        ),
        idea="access-policy-and-rbac",
    ),
}

_NETWORK: dict[str, Reason] = {
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
        why=f"{_NOT_AT_ONCE} {_NOT_YOURS}",
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

_SECRET: dict[str, Reason] = {
    "vault_forbids": Reason(
        "403 for a reason nobody foresaw.",
        why=f"A vault says no in the same words for many reasons; what it adds tells them apart. {_NOT_YOURS}",
        hints=(
            lambda names: "The words of the vault stand in what was found.",
            lambda names: f"Run the guide's three commands on {names.vm}: do they meet the same?",
            lambda names: f"If Task 2 and Task 3 pass, look at {names.vault}, Settings, Networking.",
        ),
        idea="control-and-data-plane",
    ),
    "vm_met_disabled_secret": Reason(
        "403: the secret is disabled.",
        why="A disabled secret is kept, and given to nobody: a way to stop its use without losing it.",
        hints=(
            lambda names: "The vault let the machine in. What about the secret itself?",
            lambda names: f"Open {names.secret} and its current version: is Enabled set to Yes?",
            lambda names: f"`{az.enable_secret(names)}`. Or let the portal do it.",
        ),
        idea="control-and-data-plane",
        remedies=("enable-secret",),
    ),
    "vm_met_secret_outside_dates": Reason(
        "403, and the secret is expired or not active yet.",
        why="A secret may carry the day it begins and the day it ends, so that an old one is not used for ever.",
        hints=(
            lambda names: "From when to when is the secret good?",
            lambda names: f"Open {names.secret} and its current version, and look at both dates.",
            lambda names: f"A new version has no dates: `{az.new_version(names)}`.",
        ),
        idea="control-and-data-plane",
        remedies=("new-version",),
    ),
    "secret_enabled_meanwhile": Reason(
        "403 for a disabled secret, which is enabled now.",
        why=_NOT_YOURS,
        hints=(
            lambda names: "It was enabled just now. The machine is asked once more.",
            lambda names: "Check now asks at once.",
        ),
        idea="control-and-data-plane",
    ),
    "vm_found_no_secret": Reason(
        "404: the vault has no such secret.",
        why="The machine asks for the secret by its name, and there is none of that name.",
        hints=(
            lambda names: f"Which secrets has {names.vault}?",
            lambda names: f"Look at {names.vault}, Objects, Secrets, and there at Manage deleted secrets.",
            lambda names: f"Create {names.secret}, or recover it: `{az.recover_secret(names)}`.",
        ),
        idea="soft-delete",
        remedies=("recover-secret",),
    ),
    "secret_not_seen_by_vm_yet": Reason(
        "404 although Azure shows the secret.",
        why=f"{_NOT_AT_ONCE} {_NOT_YOURS}",
        hints=(
            lambda names: "The secret was made or recovered a moment ago. Wait for another.",
            lambda names: f"{names.vault}, Objects, Secrets asks the vault itself.",
        ),
        idea="soft-delete",
    ),
    "vault_busy": Reason(
        "429 or 5xx from the vault.",
        why=f"A vault takes some thousand requests in ten seconds, from all who use it. {_NOT_YOURS}",
        hints=(
            lambda names: "Wait for a moment.",
            lambda names: f"Does something else use {names.vault}, over and over again?",
        ),
        idea="control-and-data-plane",
    ),
    "vault_answer_unknown": Reason(
        "The vault answered with a status nobody foresaw.",
        why=f"The portal does not know what that means, so it does not judge by it. {_NOT_YOURS}",
        hints=(
            lambda names: "The words of the vault stand in what was found.",
            lambda names: f"Run the guide's three commands on {names.vm}, and see what they print.",
        ),
        idea="control-and-data-plane",
    ),
}

REASONS: dict[str, Reason] = {**_TOKEN, **_RIGHTS, **_NETWORK, **_SECRET}
