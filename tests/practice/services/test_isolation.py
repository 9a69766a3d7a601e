"""No student sees, changes or guesses anything of another's."""

from __future__ import annotations

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.mgmt.keyvault import KeyVaultManagementClient

from tests.practice.services.clients import Azure


def test_another_students_subscription_is_of_the_wrong_tenant(azure: Azure, other: Azure) -> None:
    theirs = KeyVaultManagementClient(azure.credential, other.sid, **azure.cloud.sdk)
    with pytest.raises(ClientAuthenticationError) as raised:
        theirs.vaults.get(other.group, "any")
    assert raised.value.error
    assert raised.value.error.code == "InvalidAuthenticationTokenTenant"
    assert other.tenant in str(raised.value)


def test_an_unknown_and_a_malformed_subscription_are_told_apart(azure: Azure) -> None:
    unknown = azure.arm("GET", "/subscriptions/00000000-0000-4000-8000-000000000000?api-version=2022-12-01")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "SubscriptionNotFound")
    malformed = azure.arm("GET", "/subscriptions/mine?api-version=2022-12-01")
    assert (malformed.status_code, malformed.json()["error"]["code"]) == (400, "InvalidSubscriptionId")


def test_lists_hold_ones_own_only(azure: Azure, other: Azure) -> None:
    azure.create_vault()
    other.create_vault()
    assert [vault.name for vault in azure.keyvault.vaults.list_by_subscription()] == [azure.name]
    assert [one.subscription_id for one in azure.subscriptions.subscriptions.list()] == [azure.sid]
    assert {group.name for group in azure.resources.resource_groups.list()} == {azure.group}
    assert [vm.name for vm in azure.compute.virtual_machines.list_all()] == [azure.vm]


def test_another_students_deleted_vault_cannot_be_seen_recovered_or_purged(azure: Azure, other: Azure) -> None:
    other.create_vault()
    other.keyvault.vaults.delete(other.group, other.name)
    with pytest.raises(ResourceNotFoundError):
        azure.keyvault.vaults.get_deleted(other.name, "eastus")
    with pytest.raises(ResourceNotFoundError):
        azure.keyvault.vaults.begin_purge_deleted(other.name, "eastus").result()
    with pytest.raises(ResourceNotFoundError):
        azure.create_vault(other.name, createMode="recover")
    assert [vault.name for vault in other.keyvault.vaults.list_deleted()] == [other.name]


def test_another_students_secrets_are_out_of_reach(azure: Azure, other: Azure) -> None:
    other.create_vault(accessPolicies=[other.policy(["get"], azure.oid)])
    token = azure.credential.get_token("https://vault.azure.net/.default").token
    with azure.cloud.http() as http:
        url = f"https://{other.name}.vault.azure.net/secrets/any?api-version=7.4"
        answer = http.get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith("AKV10032")


def test_a_principal_of_another_tenant_cannot_be_given_a_role(azure: Azure, other: Azure) -> None:
    with pytest.raises(HttpResponseError) as raised:
        azure.assign("Reader", other.oid, azure.scope, "22222222-2222-4222-8222-000000000001")
    assert raised.value.error
    assert raised.value.error.code == "PrincipalNotFound"


def test_another_students_operation_cannot_be_followed(azure: Azure, other: Azure) -> None:
    path = f"{other.vm_id}/start?api-version=2024-11-01"
    started = other.arm("POST", path)
    operation = started.headers["azure-asyncoperation"].removeprefix("https://management.azure.com")
    mine = azure.arm("GET", operation.replace(other.sid, azure.sid))
    assert mine.status_code == 404
