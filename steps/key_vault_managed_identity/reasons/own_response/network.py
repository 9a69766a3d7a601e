"""The reasons of findings about a pasted response that tells of the way to the vault."""

from __future__ import annotations

from steps.key_vault_managed_identity import az
from steps.kit.reasons import Reason

REASONS: dict[str, Reason] = {
    "answer_met_firewall": Reason(
        "The vault's firewall turned the student's request away.",
        why="A vault can look at where a request comes from, before it looks at who sends it.",
        hints=(
            lambda names: f"From which networks may {names.vault} be reached?",
            lambda names: f"Look at {names.vault}, Settings, Networking.",
            lambda names: f"`{az.open_network(names)}`",
        ),
        idea="network-rules",
        remedies=("open-network",),
    ),
    "answer_vault_unresolved": Reason(
        "The vault's name was not known where the student asked.",
        why="A vault is found by its name, and one that is deleted has none any more.",
        hints=(
            lambda names: f"Is {names.vault} there? Task 1 tells.",
            lambda names: "A vault that was made a minute ago takes another one to be known everywhere.",
        ),
        idea="network-rules",
    ),
    "answer_vault_unreachable": Reason(
        "The student's machine could not connect to the vault.",
        why="A vault is on the internet: the machine's network has to let it out there.",
        hints=(
            lambda names: "Can the machine open any page on the internet?",
            lambda names: f"`Test-NetConnection {names.vault}.vault.azure.net -Port 443` tells.",
        ),
        idea="network-rules",
    ),
    "answer_tls_failed": Reason(
        "The student's machine and the vault could not agree on an encrypted connection.",
        why="Nobody may read on the way what a vault answers, so it talks TLS 1.2 or newer only.",
        hints=(
            lambda names: "An older Windows PowerShell begins with an older way to encrypt.",
            lambda names: "`[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` before the three commands.",
        ),
        idea="network-rules",
    ),
    "answer_certificate_not_trusted": Reason(
        "The student's machine did not trust the certificate shown to it.",
        why="A certificate shows that it is the vault that answers, and nobody in between. It counts for a set time "
        "only, by the machine's clock.",
        hints=(
            lambda names: f"Is the clock of {names.vm} right? `Get-Date` tells.",
            lambda names: "A proxy that looks into what is encrypted shows a certificate of its own.",
        ),
        idea="network-rules",
    ),
    "answer_from_a_proxy": Reason(
        "A proxy answered the student in the place of Azure.",
        why="A proxy passes requests on. The metadata service can be asked by the machine alone, not through another "
        "one.",
        hints=(
            lambda names: "On which machine did you run the commands?",
            lambda names: f"On {names.vm}, `netsh winhttp show proxy` shows one that is set for all programs.",
            lambda names: "`netsh winhttp reset proxy` takes it out.",
        ),
        idea="network-rules",
    ),
    "answer_not_encrypted": Reason(
        "The student's machine and the vault came to no encrypted connection: which of two causes is not told.",
        why="Nobody may read on the way what a vault answers, and nobody may answer in its place.",
        hints=(
            lambda names: f"Is the clock of {names.vm} right? `Get-Date` tells.",
            lambda names: "`[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` before the three commands.",
            lambda names: "Does a program look into what is encrypted, an antivirus or a proxy?",
        ),
        idea="network-rules",
    ),
}
