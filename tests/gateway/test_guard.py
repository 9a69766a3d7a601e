"""What never leaves: hosts that are not Azure's, things the portal does not do, writes by a reader."""

from __future__ import annotations

import pytest

from labportal.gateway.calls import Call
from labportal.gateway.guard import Refused, check

SUBSCRIPTION = "https://management.azure.com/subscriptions/5f7e7a0e-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg/providers"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv-one"
VM = f"{GROUP}/Microsoft.Compute/virtualMachines/vm-one"

READS = [
    ("GET", f"{VAULT}?api-version=2026-05-15"),
    ("HEAD", VAULT),
    ("GET", "https://kv-one.vault.azure.net:443/secrets"),
    ("POST", "https://login.microsoftonline.com/a-tenant/oauth2/v2.0/token"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability?api-version=2026-05-15"),
    ("POST", f"{VM}/runCommand?api-version=2026-04-01"),
]
WRITES = [
    ("PUT", f"{VAULT}?api-version=2026-05-15"),
    ("PUT", f"{VAULT}/accessPolicies/add?api-version=2026-05-15"),
    ("PUT", "https://kv-one.vault.azure.net/secrets/name?api-version=2026-04-01"),
]
NEVER = [
    ("DELETE", VAULT),
    ("PATCH", VAULT),
    ("PUT", f"{VAULT}/accessPolicies/replace"),
    ("POST", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/register"),
    ("POST", f"{VM}/deallocate"),
    ("POST", f"{VM}/runCommand/more"),
    ("PUT", SUBSCRIPTION),
    ("PUT", "https://kv-one.vault.azure.net/secrets/name/more"),
    ("DELETE", "https://kv-one.vault.azure.net/secrets/name"),
    ("PUT", "https://kv-one.vault.azure.net/secrets/.."),
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


@pytest.mark.parametrize(("method", "url"), NEVER)
@pytest.mark.parametrize("may_write", [False, True])
def test_nobody_does_what_is_on_no_list(may_write: bool, method: str, url: str) -> None:
    with pytest.raises(Refused):
        check(Call(may_write), method, url)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_name_leads_elsewhere(url: str) -> None:
    with pytest.raises(Refused, match="not a host"):
        check(Call(may_write=True), "GET", url)
