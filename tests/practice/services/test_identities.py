"""Managed identities as ARM shows and keeps them: a machine's own, and those that are resources of their own."""

from __future__ import annotations

from typing import Any

from tests.practice.services.clients import POLL, Azure
from tests.practice.sign_in import claims


def own(azure: Azure, resource: str) -> Any:
    return azure.arm("GET", f"{resource}/providers/Microsoft.ManagedIdentity/identities/default?api-version=2023-01-31")


def test_a_machines_own_identity_tells_its_client_id(azure: Azure) -> None:
    shown = own(azure, azure.vm_id).json()
    token = claims(azure.vm_token("https://vault.azure.net"))
    told = shown["properties"]
    assert (told["clientId"], told["principalId"], told["tenantId"]) == (token["appid"], token["oid"], azure.tenant)
    assert (shown["name"], shown["location"]) == ("default", "eastus")


def test_there_is_none_where_it_is_off_and_where_there_is_no_machine(azure: Azure) -> None:
    patch: Any = {"identity": {"type": "None"}}
    azure.compute.virtual_machines.begin_update(azure.group, azure.vm, patch, polling_interval=POLL).result()
    assert own(azure, azure.vm_id).status_code == 404
    missing = own(azure, f"{azure.vm_id}-unknown")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ResourceNotFound")
