"""No name can make one request look like another to the gateway's guard."""

from __future__ import annotations

import pytest

from labportal.gateway import guard
from labportal.gateway.calls import Call

GROUP = "https://management.azure.com/subscriptions/s/resourceGroups/rg-(lab)_1.x/providers"
MACHINES = f"{GROUP}/Microsoft.Compute/virtualMachines"


@pytest.mark.parametrize(
    "name",
    [
        *("v%2Fdeallocate%3F", "v%2fdeallocate%3f", "v%5C..%5Cdeallocate", "v\\deallocate", "v%23", "v%252Fdeallocate"),
        *("v%00", "v%0a", "v\n", "v\t", " v", "v%7F", "."),
    ],
)
@pytest.mark.parametrize("may_write", [True, False])
def test_a_name_that_could_be_read_as_a_path_is_refused(name: str, *, may_write: bool) -> None:
    with pytest.raises(guard.Refused):
        guard.check(Call(may_write=may_write), "POST", f"{MACHINES}/{name}/runCommand?api-version=1")


@pytest.mark.parametrize(
    "address",
    [
        "https://management.azure.com\\@evil.example/",
        "https://evil.example\\.vault.azure.net/secrets/x",
        "https://evil.example#.vault.azure.net/",
        "https://kv.vault.azure.net@evil.example/",
        "https://kv.vault.azure.net:8443/secrets/x",
        "https://management.azure.com.evil.example/",
        "https://man\nagement.azure.com/",
        "http://kv-lab.vault.azure.net/secrets/x",
        "https://169.254.169.254/metadata/identity/oauth2/token",
        "https://127.0.0.1/",
    ],
)
def test_no_address_leads_to_another_host(address: str) -> None:
    with pytest.raises(guard.Refused):
        guard.check(Call(may_write=True), "GET", address)


def test_names_that_azure_allows_pass() -> None:
    for name in ("vm-lab", "VM_1", "vm%20x"):
        guard.check(Call(may_write=False), "POST", f"{MACHINES}/{name}/runCommand?api-version=1&x=%2F%0a")
    guard.check(Call(may_write=False), "GET", f"{GROUP}/Microsoft.KeyVault/vaults?$skiptoken=a%2Fb%25")
