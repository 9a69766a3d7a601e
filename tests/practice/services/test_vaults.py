"""Vaults over the wire: what azure-mgmt-keyvault sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

from tests.practice.services.clients import POLL, Azure


def code(raised: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str | None]:
    error = raised.value.error
    return raised.value.status_code, error.code if error else None


def path(azure: Azure, name: str | None = None) -> str:
    return f"{azure.scope}/resourceGroups/{azure.group}/providers/Microsoft.KeyVault/vaults/{name or azure.name}"


def test_a_vault_is_registering_first_and_has_its_slash_when_it_is_ready(azure: Azure) -> None:
    with azure.cloud.conduct("timings", vault_create=60):
        answer = azure.arm("PUT", f"{path(azure)}?api-version=2026-02-01", azure.parameters())
    assert answer.status_code == 200
    assert not {"location", "azure-asyncoperation", "retry-after"} & set(answer.headers)
    properties = answer.json()["properties"]
    assert properties["provisioningState"] == "RegisteringDns"
    assert properties["vaultUri"] == f"https://{azure.name}.vault.azure.net"
    with azure.cloud.conduct("clock", offset_seconds=61):
        later = azure.keyvault.vaults.get(azure.group, azure.name).properties
    assert later.provisioning_state == "Succeeded"
    assert later.vault_uri == f"https://{azure.name}.vault.azure.net/"


def test_the_poller_waits_until_a_vault_is_ready(azure: Azure) -> None:
    vault = azure.create_vault()
    assert vault.properties.provisioning_state == "Succeeded"
    assert vault.properties.soft_delete_retention_in_days == 90
    assert vault.properties.enable_soft_delete is True


@pytest.mark.parametrize(
    ("version", "said", "expected"),
    [
        ("2026-02-01", None, True),
        ("2026-05-15", False, False),
        ("2024-11-01", None, None),
        ("2024-11-01", True, True),
        ("2016-10-01", None, None),
    ],
)
def test_roles_are_the_default_since_2026(azure: Azure, version: str, said: bool | None, expected: bool | None) -> None:
    body = azure.parameters(enableRbacAuthorization=said)
    answer = azure.arm("PUT", f"{path(azure)}?api-version={version}", body)
    properties = answer.json()["properties"]
    assert properties.get("enableRbacAuthorization") is expected
    assert None not in properties.values(), "what was never said is left out"


def test_an_update_that_does_not_speak_of_roles_leaves_them_as_they_are(azure: Azure) -> None:
    azure.create_vault()
    azure.create_vault(enableRbacAuthorization=None)
    assert azure.keyvault.vaults.get(azure.group, azure.name).properties.enable_rbac_authorization is False


@pytest.mark.parametrize("name", ["ab", "1abc", "abc-", "a--b", "a" * 25, "a_bc"])
def test_names_against_the_rule_are_refused(azure: Azure, name: str) -> None:
    answer = azure.arm("PUT", f"{path(azure, name)}?api-version=2026-02-01", azure.parameters())
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VaultNameNotValid")
    available = azure.keyvault.vaults.check_name_availability({"name": name, "type": "Microsoft.KeyVault/vaults"})
    assert (available.name_available, available.reason) == (False, "AccountNameInvalid")


def test_a_name_is_taken_everywhere_and_in_any_case(azure: Azure, other: Azure) -> None:
    assert other.keyvault.vaults.check_name_availability(
        {"name": azure.name, "type": "Microsoft.KeyVault/vaults"}
    ).name_available
    azure.create_vault()
    with pytest.raises(ResourceExistsError) as raised:
        other.create_vault(azure.name.upper())
    assert code(raised) == (409, "VaultAlreadyExists")
    taken = other.keyvault.vaults.check_name_availability({"name": azure.name, "type": "Microsoft.KeyVault/vaults"})
    assert (taken.name_available, taken.reason) == (False, "AlreadyExists")


def test_a_deleted_vault_keeps_its_name_until_it_is_purged(azure: Azure, other: Azure) -> None:
    azure.create_vault()
    answer = azure.arm("DELETE", f"{path(azure)}?api-version=2026-02-01")
    assert (answer.status_code, answer.content) == (200, b"")
    with pytest.raises(ResourceNotFoundError):
        azure.keyvault.vaults.get(azure.group, azure.name)
    with pytest.raises(ResourceExistsError) as mine:
        azure.create_vault()
    assert code(mine) == (409, "ConflictError")
    with pytest.raises(ResourceExistsError) as theirs:
        other.create_vault(azure.name)
    assert code(theirs) == (409, "VaultAlreadyExists")
    azure.keyvault.vaults.begin_purge_deleted(azure.name, "eastus", polling_interval=POLL).result()
    other.create_vault(azure.name)


def test_a_deleted_vault_is_shown_and_comes_back_with_its_secrets(azure: Azure) -> None:
    azure.create_vault(softDeleteRetentionInDays=7)
    azure.secrets().set_secret("kept", "value")
    azure.keyvault.vaults.delete(azure.group, azure.name)
    deleted = azure.keyvault.vaults.get_deleted(azure.name, "eastus").properties
    assert deleted
    assert deleted.deletion_date
    assert deleted.scheduled_purge_date
    assert (deleted.scheduled_purge_date - deleted.deletion_date).days == 7
    assert [one.name for one in azure.keyvault.vaults.list_deleted()] == [azure.name]
    azure.create_vault(createMode="recover", accessPolicies=None)
    assert azure.secrets().get_secret("kept").value == "value"
    assert list(azure.keyvault.vaults.list_deleted()) == []


def test_a_purge_takes_its_time_and_the_secrets_with_it(azure: Azure) -> None:
    azure.create_vault()
    azure.secrets().set_secret("gone", "value")
    azure.keyvault.vaults.delete(azure.group, azure.name)
    deleted = f"{azure.scope}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/{azure.name}"
    with azure.cloud.conduct("timings", vault_purge=60):
        answer = azure.arm("POST", f"{deleted}/purge?api-version=2026-02-01")
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "60")
    poll = answer.headers["location"].removeprefix("https://management.azure.com")
    assert azure.arm("GET", poll).status_code == 202
    assert azure.arm("GET", f"{deleted}?api-version=2026-02-01").status_code == 200
    with azure.cloud.conduct("clock", offset_seconds=61):
        assert azure.arm("GET", poll).status_code == 200
        assert azure.arm("GET", f"{deleted}?api-version=2026-02-01").json()["error"]["code"] == "DeletedVaultNotFound"
    azure.create_vault()
    assert list(azure.secrets().list_properties_of_secrets()) == []


def test_a_deleted_vault_ends_with_its_retention(azure: Azure) -> None:
    azure.create_vault(softDeleteRetentionInDays=7)
    azure.keyvault.vaults.delete(azure.group, azure.name)
    with azure.cloud.conduct("clock", offset_seconds=7 * 86400 + 5):
        fresh = Azure(azure.cloud, azure.student)
        assert list(fresh.keyvault.vaults.list_deleted()) == []


def test_purge_protection_cannot_be_undone_and_forbids_the_purge(azure: Azure) -> None:
    azure.create_vault(enablePurgeProtection=True)
    with pytest.raises(HttpResponseError) as undone:
        azure.create_vault(enablePurgeProtection=False)
    assert code(undone) == (400, "BadRequest")
    azure.keyvault.vaults.delete(azure.group, azure.name)
    with pytest.raises(HttpResponseError) as purged:
        azure.keyvault.vaults.begin_purge_deleted(azure.name, "eastus", polling_interval=POLL).result()
    assert code(purged) == (405, "MethodNotAllowed")


@pytest.mark.parametrize("days", [6, 91])
def test_retention_is_7_to_90_days(azure: Azure, days: int) -> None:
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault(softDeleteRetentionInDays=days)
    assert code(raised) == (400, "BadRequest")


def test_retention_is_fixed_at_creation(azure: Azure) -> None:
    azure.create_vault(softDeleteRetentionInDays=30)
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault(softDeleteRetentionInDays=31)
    assert code(raised) == (400, "BadRequest")
    azure.create_vault(softDeleteRetentionInDays=30)


def test_a_patch_changes_what_it_names(azure: Azure) -> None:
    azure.create_vault()
    patch: Any = {"tags": {"lab": "16"}, "properties": {"enabledForDeployment": True}}
    azure.keyvault.vaults.update(azure.group, azure.name, patch)
    vault = azure.keyvault.vaults.get(azure.group, azure.name)
    assert (vault.tags, vault.properties.enabled_for_deployment) == ({"lab": "16"}, True)
    assert [policy.object_id for policy in vault.properties.access_policies or []] == [azure.oid]


def test_access_policies_are_added_replaced_and_removed(azure: Azure) -> None:
    azure.create_vault()
    vm = azure.student["vm_principal_id"]

    def change(kind: str, permissions: list[str]) -> dict[str, list[str]]:
        sent: Any = {"properties": {"accessPolicies": [azure.policy(permissions, vm)]}}
        azure.keyvault.vaults.update_access_policy(azure.group, azure.name, kind, sent)
        policies = azure.keyvault.vaults.get(azure.group, azure.name).properties.access_policies or []
        return {policy.object_id: list(policy.permissions.secrets or []) for policy in policies}

    assert change("add", ["get"])[vm] == ["get"]
    assert change("add", ["list", "Get"])[vm] == ["get", "list"]
    assert change("replace", ["set"])[vm] == ["set"]
    left = change("remove", ["set"])
    assert vm not in left
    assert set(left) == {azure.oid}


def test_a_vault_has_at_most_1024_policies(azure: Azure) -> None:
    many = [azure.policy(["get"], f"00000000-0000-4000-8000-{number:012x}") for number in range(1025)]
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault(accessPolicies=many)
    assert code(raised) == (400, "BadRequest")
    azure.create_vault(accessPolicies=many[:1024])
    sent: Any = {"properties": {"accessPolicies": [many[-1]]}}
    with pytest.raises(HttpResponseError):
        azure.keyvault.vaults.update_access_policy(azure.group, azure.name, "add", sent)


@pytest.mark.parametrize(
    "wrong",
    [
        {"accessPolicies": None},
        {"sku": {"family": "A", "name": "gold"}},
        {"tenantId": "00000000-0000-0000-0000-000000000000"},
        {"enableSoftDelete": False},
        {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "here"}]}},
    ],
)
def test_what_a_vault_cannot_be_is_a_bad_request(azure: Azure, wrong: dict[str, Any]) -> None:
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault(**wrong)
    assert code(raised) == (400, "BadRequest")


def test_permissions_that_do_not_exist_are_refused(azure: Azure) -> None:
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault(accessPolicies=[azure.policy(["read"])])
    assert code(raised) == (400, "BadRequest")


def test_ids_are_found_in_any_case(azure: Azure) -> None:
    azure.create_vault()
    shouted = path(azure).replace("resourceGroups", "RESOURCEGROUPS").replace(azure.name, azure.name.upper())
    found = azure.arm("GET", f"{shouted.replace('Microsoft.KeyVault', 'microsoft.keyvault')}?api-version=2026-02-01")
    assert found.json()["name"] == azure.name


def test_vaults_are_listed_in_pages(azure: Azure) -> None:
    names = [f"{azure.name[:18]}-{number}" for number in range(3)]
    for name in names:
        azure.create_vault(name)
    assert [vault.name for vault in azure.keyvault.vaults.list_by_resource_group(azure.group, top=2)] == names
    assert [vault.name for vault in azure.keyvault.vaults.list_by_subscription()] == names
    assert [vault.name for vault in azure.keyvault.vaults.list()] == names


def test_arm_shows_secrets_without_their_values(azure: Azure) -> None:
    azure.create_vault()
    azure.secrets().set_secret("shown", "canary-value", content_type="text/plain", tags={"a": "b"})
    answer = azure.arm("GET", f"{path(azure)}/secrets?api-version=2026-02-01")
    (secret,) = answer.json()["value"]
    assert (secret["name"], secret["properties"]["contentType"], secret["tags"]) == ("shown", "text/plain", {"a": "b"})
    assert "canary-value" not in answer.text
    one = azure.keyvault.secrets.get(azure.group, azure.name, "shown")
    assert one.properties.attributes
    assert one.properties.attributes.enabled
    assert str(one.properties.secret_uri_with_version).startswith(
        f"https://{azure.name}.vault.azure.net/secrets/shown/"
    )
    with pytest.raises(ResourceNotFoundError):
        azure.keyvault.secrets.get(azure.group, azure.name, "unknown")


def test_a_secret_can_be_set_through_arm(azure: Azure) -> None:
    azure.create_vault()
    sent: Any = {"properties": {"value": "from a template"}}
    azure.keyvault.secrets.create_or_update(azure.group, azure.name, "deployed", sent)
    assert azure.secrets().get_secret("deployed").value == "from a template"


def test_a_missing_vault_and_a_missing_group_are_told_apart(azure: Azure) -> None:
    with pytest.raises(ResourceNotFoundError) as vault:
        azure.keyvault.vaults.get(azure.group, "nothere")
    assert code(vault) == (404, "ResourceNotFound")
    with pytest.raises(ResourceNotFoundError) as group:
        azure.keyvault.vaults.get("nothere", "nothere")
    assert code(group) == (404, "ResourceGroupNotFound")


def test_a_managed_hsms_name_is_free_by_its_rule(azure: Azure) -> None:
    hsms = azure.keyvault.managed_hsms
    assert hsms.check_mhsm_name_availability({"name": azure.name}).name_available
    refused = hsms.check_mhsm_name_availability({"name": "9-starts-with-a-digit"})
    assert (refused.name_available, refused.reason) == (False, "AccountNameInvalid")


def test_times_are_written_as_azure_writes_them(azure: Azure) -> None:
    azure.create_vault()
    system = azure.arm("GET", f"{path(azure)}?api-version=2026-02-01").json()["systemData"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", system["createdAt"])
    azure.keyvault.vaults.delete(azure.group, azure.name)
    deleted = f"{azure.scope}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/{azure.name}"
    told = azure.arm("GET", f"{deleted}?api-version=2026-02-01").json()["properties"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["deletionDate"])


def test_network_rules_are_checked_and_told_as_azure_tells_them(azure: Azure) -> None:
    subnet = f"{azure.scope}/resourceGroups/Net/providers/Microsoft.Network/virtualNetworks/V/subnets/S"
    acls = {"ipRules": [{"value": "124.56.78.91"}], "virtualNetworkRules": [{"id": subnet}]}
    shown: Any = azure.create_vault(networkAcls=acls).properties
    assert [rule.value for rule in shown.network_acls.ip_rules] == ["124.56.78.91/32"]
    assert [rule.id for rule in shown.network_acls.virtual_network_rules] == [subnet.lower()]
    refused: list[Any] = [
        {"ipRules": [{"value": "x"}]},
        {"virtualNetworkRules": [{}]},
        {"virtualNetworkRules": ["x"]},
    ]
    for wrong in refused:
        with pytest.raises(HttpResponseError) as raised:
            azure.create_vault(networkAcls=wrong)
        assert raised.value.status_code == 400


@pytest.mark.parametrize(
    ("address", "forbidden"),
    [
        ("10.0.1.0/24", "10.0.0.0–10.255.255.255"),  # noqa: RUF001 - Azure's own dash
        ("172.20.10.5/32", "172.16.0.0–172.31.255.255"),  # noqa: RUF001
        ("192.168.1.4", "192.168.0.0–192.168.255.255"),  # noqa: RUF001
    ],
)
def test_a_private_address_is_no_network_rule(azure: Azure, address: str, forbidden: str) -> None:
    with pytest.raises(HttpResponseError) as raised:
        azure.create_vault(networkAcls={"ipRules": [{"value": "20.1.2.3"}, {"value": address}]})
    assert raised.value.error
    assert (raised.value.status_code, raised.value.error.code, raised.value.error.message) == (
        400,
        "BadRequest",
        f"Invalid value found at properties.networkAcls.ipRules[1].value: {address} belongs to forbidden range"
        f" {forbidden} (private IP addresses)",
    )


def test_a_vault_on_its_way_out_is_in_neither_list_and_keeps_its_name(azure: Azure) -> None:
    azure.create_vault()
    with azure.cloud.conduct("timings", vault_delete=60):
        azure.keyvault.vaults.delete(azure.group, azure.name)
        with pytest.raises(ResourceNotFoundError):
            azure.keyvault.vaults.get(azure.group, azure.name)
        with pytest.raises(ResourceNotFoundError):
            azure.keyvault.vaults.get_deleted(azure.name, "eastus")
        assert list(azure.keyvault.vaults.list_deleted()) == []
        with pytest.raises(HttpResponseError) as raised:
            azure.create_vault()
        assert raised.value.status_code == 409
        with azure.cloud.conduct("clock", offset_seconds=61):
            assert azure.keyvault.vaults.get_deleted(azure.name, "eastus").name == azure.name
