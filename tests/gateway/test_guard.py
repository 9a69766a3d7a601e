"""What never leaves: hosts that are not Azure's, things the portal does not do, writes by a reader."""

from __future__ import annotations

import pytest

from labportal.gateway.calls import Call
from labportal.gateway.guard import Refused, check

SUBSCRIPTION = "https://management.azure.com/subscriptions/5f7e7a0e-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg/providers"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv-one"
VM = f"{GROUP}/Microsoft.Compute/virtualMachines/vm-one"

ROLE = "providers/Microsoft.Authorization/roleAssignments/0c4f9d52-6f0e-4c0f-9a53-6b1f3b6f0d11"
DELETED = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/kv-one"
SECRETS = "https://kv-one.vault.azure.net/secrets"
GONE = "https://kv-one.vault.azure.net/deletedsecrets"

READS = [
    ("GET", f"{VAULT}?api-version=2026-05-15"),
    ("HEAD", VAULT),
    ("GET", "https://kv-one.vault.azure.net:443/secrets"),
    ("GET", f"{GONE}/name"),
    ("GET", f"{VAULT}/{ROLE.rpartition('/')[0]}?$filter=atScope()"),
    ("GET", f"{VM}/providers/Microsoft.ManagedIdentity/identities/default"),
    ("POST", "https://login.microsoftonline.com/a-tenant/oauth2/v2.0/token"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability?api-version=2026-05-15"),
    ("POST", f"{GROUP}/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version=2020-07-01"),
    ("POST", f"{VM}/runCommand?api-version=2026-04-01"),
]
WRITES = [
    ("PUT", f"{VAULT}?api-version=2026-05-15"),
    ("PATCH", VAULT),
    ("DELETE", VAULT),
    ("POST", f"{DELETED}/purge"),
    ("PUT", f"{VAULT}/accessPolicies/add?api-version=2026-05-15"),
    ("PUT", f"{VAULT}/accessPolicies/remove"),
    ("PUT", f"{VAULT}/{ROLE}"),
    ("DELETE", f"{VAULT}/{ROLE}"),
    ("PUT", f"{VAULT}/secrets/name/{ROLE}"),
    ("DELETE", f"{VAULT}/secrets/name/{ROLE}"),
    ("PATCH", VM),
    ("POST", f"{VM}/start"),
    ("POST", f"{VM}/deallocate"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/register"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.Compute/register"),
    ("PUT", f"{SECRETS}/name?api-version=2026-04-01"),
    ("PATCH", f"{SECRETS}/name/"),
    ("DELETE", f"{SECRETS}/name"),
    ("POST", f"{GONE}/name/recover"),
    ("DELETE", f"{GONE}/name"),
]
NEVER = [
    # neighbours in the subscription and the group
    ("PUT", SUBSCRIPTION),
    ("DELETE", GROUP.removesuffix("/providers")),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/unregister"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.Network/register"),
    ("PUT", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/register"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"),
    # of vaults
    ("PATCH", f"{GROUP}/Microsoft.KeyVault/managedHSMs/kv-one"),
    ("DELETE", f"{VAULT}/secrets/name"),
    ("PUT", f"{VAULT}/secrets/name"),
    ("PUT", f"{VAULT}/accessPolicies/replace"),
    ("DELETE", f"{VAULT}/accessPolicies/remove"),
    ("POST", DELETED),
    ("DELETE", DELETED),
    ("POST", f"{DELETED}/purge/more"),
    ("POST", f"{VAULT}/purge"),
    # of roles: on more than a vault, and what lies beside
    ("PUT", f"{SUBSCRIPTION}/{ROLE}"),
    ("DELETE", f"{SUBSCRIPTION}/{ROLE}"),
    ("PUT", f"{GROUP.removesuffix('/providers')}/{ROLE}"),
    ("DELETE", f"{GROUP.removesuffix('/providers')}/{ROLE}"),
    ("PUT", f"{VM}/{ROLE}"),
    ("DELETE", f"{VM}/{ROLE}"),
    ("PUT", f"{VAULT}/keys/name/{ROLE}"),
    ("DELETE", f"{VAULT}/keys/name/{ROLE}"),
    ("PUT", f"{VAULT}/secrets/name/{'5' * 32}/{ROLE}"),
    ("PATCH", f"{VAULT}/{ROLE}"),
    ("PUT", f"{VAULT}/{ROLE.replace('roleAssignments', 'roleDefinitions')}"),
    # of machines
    ("PUT", VM),
    ("DELETE", VM),
    ("POST", f"{VM}/restart"),
    ("POST", f"{VM}/powerOff"),
    ("POST", f"{VM}/start/more"),
    ("POST", f"{VM}/runCommand/more"),
    ("PUT", f"{VM}/runCommands/mine"),
    ("PUT", f"{VM}/extensions/mine"),
    # at the vault itself
    ("PUT", f"{SECRETS}/name/more"),
    ("PUT", "https://kv-one.vault.azure.net/keys/name"),
    ("PATCH", f"{SECRETS}/name"),
    ("PATCH", f"{SECRETS}/name/50644e90b13249b584c44b9f712f2e51"),
    ("DELETE", f"{SECRETS}/name/50644e90b13249b584c44b9f712f2e51"),
    ("POST", f"{SECRETS}/name/backup"),
    ("POST", f"{SECRETS}/restore"),
    ("POST", f"{GONE}/name"),
    ("DELETE", f"{GONE}/name/recover"),
    ("DELETE", "https://kv-one.vault.azure.net/deletedkeys/name"),
    ("PUT", f"{SECRETS}/.."),
    # paths that somebody would make others of
    ("GET", f"{VAULT}/../kv-two"),
    ("GET", f"{VAULT}/%2E%2e/kv-two"),
    ("GET", f"{VAULT}%2F..%2Fkv-two"),
    ("PUT", "https://login.microsoftonline.com/a-tenant/oauth2/v2.0/token"),
]
ELSEWHERE = [
    "https://example.org/",
    "https://management.azure.com.example.org/",
    "https://evil.net/kv.vault.azure.net",
    "https://vault.azure.net/secrets",
    "https://a.b.vault.azure.net/secrets",
    "https://kv_one.vault.azure.net/secrets",
    "https://user@kv-one.vault.azure.net/secrets",
    "https://kv-one.vault.azure.net:8443/secrets",
    "http://management.azure.com/",
    "http://169.254.169.254/metadata/identity",
    "file:///etc/passwd",
]


@pytest.mark.parametrize(("method", "url"), READS)
@pytest.mark.parametrize("may_write", [False, True])
def test_reading_is_always_allowed(may_write: bool, method: str, url: str) -> None:
    check(Call(may_write), method, url)


@pytest.mark.parametrize(("method", "url"), WRITES)
def test_a_reader_may_write_nothing_and_a_writer_what_is_listed(method: str, url: str) -> None:
    check(Call(may_write=True), method, url)
    with pytest.raises(Refused, match="may only read"):
        check(Call(may_write=False), method, url)


@pytest.mark.parametrize(("method", "url"), [one for one in READS + WRITES if SUBSCRIPTION in one[1]])
@pytest.mark.parametrize("spelled", ["/subscriptions/", "/SUBSCRIPTIONS/", "/%73ubscriptions/"])
def test_a_call_is_about_one_subscription(method: str, url: str, spelled: str) -> None:
    mine, other = SUBSCRIPTION.rpartition("/")[2], "5f7e7a0e-0000-4000-8000-000000000002"
    check(Call(may_write=True, subscription=mine.upper()), method, url)
    with pytest.raises(Refused, match="not for"):
        check(Call(may_write=True, subscription=other), method, url.replace("/subscriptions/", spelled))


@pytest.mark.parametrize(("method", "url"), NEVER)
@pytest.mark.parametrize("may_write", [False, True])
def test_nobody_does_what_is_on_no_list(may_write: bool, method: str, url: str) -> None:
    with pytest.raises(Refused):
        check(Call(may_write), method, url)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_name_leads_elsewhere(url: str) -> None:
    with pytest.raises(Refused, match="not a host"):
        check(Call(may_write=True), "GET", url)
