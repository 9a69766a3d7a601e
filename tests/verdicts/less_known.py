"""Rows about Task 4's response of the student's own: errors that give no reason, what stands in the way, and parts."""

from __future__ import annotations

from tests.verdicts import asking
from tests.verdicts.responses import AGAIN, RIGHT, paste, reply, row

NOTHING = (
    ("The VM is missing, and nothing was pasted", "vm-missing", {"vm-answered": "vm_missing"}),
    ("The VM is off, and nothing was pasted", "read-vm-stopped", {"vm-answered": "vm_not_running"}),
    ("The vault is missing, and nothing was pasted", "vault-missing", {"secret-read": "vault_missing"}),
    ("The secret is missing, and nothing was pasted", "secret-missing", {"secret-read": "secret_missing"}),
    ("The policy is missing, and nothing was pasted", "read-policy-removed", {"secret-read": "vault_denies_vm"}),
    ("The identity is off, and nothing was pasted", "policy-identity-off", {"token": "vm_identity_off"}),
    ("The firewall is shut, and nothing was pasted", "read-firewall", {"secret-read": "vault_firewall"}),
)
WAITING = tuple(
    row("waits_for_another_check", title, "", ("This waits for",), ("the other check",), scenario=scenario, also=also)
    for title, scenario, also in NOTHING
)

PARTS = (
    row(
        "answer_from_other_vault",
        "Neither the vault nor the secret of the response fits",
        RIGHT.replace("{vault_uri}", "https://kv-bert.vault.azure.net/").replace("{secret}", "other"),
        ("from the vault kv-bert; yours is {vault}", "called other, and yours {secret}"),
        ("{vault_uri}secrets/{secret}",),
    ),
    row(
        "answer_from_other_vault",
        "The response is JSON, and from another vault",
        '{"value":"x","id":"https://kv-bert.vault.azure.net/secrets/{secret}/{version}","attributes":{"enabled":true}}',
        ("from the vault kv-bert", "The secret's name, {secret}, fits"),
        ("{vault_uri}",),
    ),
    row(
        "answer_right",
        "Only the line with the id was pasted, in capital letters",
        "{vault_uri}secrets/{secret}/{version}".replace("{vault_uri}", "https://{vault}.VAULT.AZURE.NET/"),
        ("the vault {vault}, the secret {secret}, and its version {version}", "not kept"),
        (),
    ),
    row(
        "answer_cut_off",
        "The version in the response has a sign too many",
        "id : {vault_uri}secrets/{secret}/{version}a",
        ("33 letters and digits instead of 32",),
        ("ends in 32 letters and digits",),
    ),
    row(
        "answer_cut_off",
        "The identifier in the response has no version",
        "id : {vault_uri}secrets/{secret}",
        ("its version is missing",),
        ("ends in 32 letters and digits",),
    ),
    row(
        "answer_without_id",
        "Only the line with the value was pasted",
        "value : x",
        ("the line with the id is not in it", "dropped at once"),
        ("the line that begins with id",),
    ),
)

SERVICES = (
    row(
        "answer_imds_refused",
        "The metadata service refused, and the paste does not say why",
        paste("the metadata service, 400 in French"),
        ("The metadata service answered the first command with an error",),
        ("Copy the first command whole", AGAIN),
    ),
    row(
        "answer_token_for_other_audience",
        "The token is for Key Vault with a slash at the end",
        reply(aud="https://vault.azure.net/"),
        ("with a slash at the end",),
        ("resource=https%3A%2F%2Fvault.azure.net",),
    ),
    row(
        "answer_token_for_other_audience",
        "The token is for the address of the student's vault",
        paste("audience of one vault"),
        ("the address of one vault", "no name before it"),
        ("resource=https%3A%2F%2Fvault.azure.net",),
    ),
    row(
        "answer_nothing_there",
        "404, and the paste does not say of what",
        paste("a 404 without a body"),
        ("Nothing was found at the address",),
        ("{secret} is there now", "{vault_uri}secrets/{secret}?api-version=2016-10-01"),
    ),
    row(
        "answer_vault_refused",
        "The vault answered the student with an error nobody foresaw",
        paste("the vault, in words nobody foresaw"),
        ("{vault} answered with an error that the portal does not know", "nothing you did"),
        ("Azure's own words",),
    ),
    row(
        "answer_forbidden",
        "A refusal for a reason that the portal does not know, and it is over",
        paste("a private link that leads elsewhere"),
        ("no reason that the portal knows",),
        ("{vault} lets {vm} in now",),
    ),
    row(
        "answer_certificate_not_trusted",
        "The certificate of who answered was not trusted",
        paste("a certificate that is not trusted"),
        ("did not trust the certificate", "clock"),
        ("date and time are right",),
    ),
    row(
        "answer_from_a_proxy",
        "A proxy answered in the metadata service's place",
        paste("a proxy before the metadata service"),
        ("A proxy answered in the place of the metadata service",),
        ("169.254.169.254", "{vault}.vault.azure.net"),
    ),
)
CASES = (*WAITING, *PARTS, *SERVICES, *asking.CASES)
