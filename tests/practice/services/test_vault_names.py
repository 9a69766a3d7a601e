"""A vault's host name: it leads somewhere from the day the vault is ready to the day it is deleted."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError, ServiceRequestError

from tests.practice.services.clients import Azure
from tests.practice.services.test_run_command import OUT, run


def unresolved() -> Any:
    """What the SDK raises where no connection comes about."""
    return pytest.raises(ServiceRequestError, match="does not resolve")


def test_a_deleted_vault_answers_no_more_and_its_name_leads_nowhere_until_it_is_recovered(azure: Azure) -> None:
    azure.create_vault()
    client = azure.secrets()
    client.set_secret("there", "value")
    azure.keyvault.vaults.delete(azure.group, azure.name)
    with pytest.raises(HttpResponseError) as raised:
        client.get_secret("there")  # on a connection that is older than the deletion
    assert (raised.value.status_code, raised.value.error and raised.value.error.code) == (404, "VaultNotFound")
    with unresolved():
        azure.secrets().get_secret("there")
    azure.create_vault(createMode="recover")
    assert azure.secrets().get_secret("there").value == "value"


def test_a_vault_has_no_name_before_it_is_ready(azure: Azure) -> None:
    path = f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.KeyVault/vaults/{azure.name}"
    with azure.cloud.conduct("timings", vault_create=60):
        created = azure.arm("PUT", f"{path}?api-version=2026-02-01", azure.parameters())
        assert created.json()["properties"]["provisioningState"] == "RegisteringDns"
        with unresolved():
            azure.secrets().get_secret("there")
        with azure.cloud.conduct("clock", offset_seconds=61), pytest.raises(ResourceNotFoundError):
            azure.secrets().get_secret("there")


def test_a_program_on_the_vm_meets_a_name_that_does_not_resolve(azure: Azure) -> None:
    host = f"{azure.name}.vault.azure.net"
    script = f"try {{ Invoke-RestMethod -Uri 'https://{host}/secrets' }} catch {{ $_.Exception.Message }}"
    assert f"The remote name could not be resolved: '{host}'" in run(azure, [script])[OUT]


def test_vaults_share_a_certificate_that_passes_strict_checking(azure: Azure) -> None:
    azure.create_vault()
    context = ssl.create_default_context(cafile=azure.cloud.ca_bundle)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 does by default
    with httpx.Client(proxy=azure.cloud.proxy, verify=context, trust_env=False) as http:
        assert http.get(f"https://{azure.name}.vault.azure.net/secrets").status_code == 401
