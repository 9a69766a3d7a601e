"""What the SDKs send for the portal's changes, word for word: enough, and nothing that changes more than is meant."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from labportal.gateway.sdk import SdkAzure
from labportal.gateway.transport import SharedTransport
from steps.kit.azure import Azure
from steps.kit.reader import AzureReader
from steps.kit.records import AccessPolicy
from tests.gateway.stage import Student, ended

Bodies = list[tuple[str, Any]]
ROLE = "4633458b-17de-408a-b874-0445c86b69e6"
SKU = {"family": "A", "name": "standard"}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Bodies:
    """Method and body of every request that has one and is no GET."""
    bodies: Bodies = []
    send = SharedTransport.send

    def sending(self: SharedTransport, request: Any, **kwargs: Any) -> Any:
        if request.method != "GET" and "oauth2" not in request.url:
            content = getattr(request, "content", None) or getattr(request, "body", None)
            bodies.append((request.method, json.loads(content) if content else None))
        return send(self, request, **kwargs)

    monkeypatch.setattr(SharedTransport, "send", sending)
    return bodies


@pytest.mark.parametrize("name", sorted(one for one in [*vars(AzureReader), *vars(Azure)] if not one.startswith("_")))
def test_every_method_is_there_as_the_protocol_has_it(name: str) -> None:
    wanted, has = (inspect.signature(getattr(one, name)) for one in (Azure, SdkAzure))
    assert list(has.parameters.values()) == list(wanted.parameters.values())
    assert has.return_annotation == wanted.return_annotation


def test_a_vault_that_comes_back_is_told_nothing_but_that(student: Student, vault_ready: str, sent: Bodies) -> None:
    azure = student.azure()
    azure.delete_vault(student.group, vault_ready)
    (gone,) = azure.deleted_vaults().value
    sent.clear()
    ended(azure.recover_vault(gone.vault_id, gone.location), azure.resume_create_vault)
    properties = {"tenantId": student.told.tenant_id, "sku": SKU, "createMode": "recover"}
    assert sent == [("PUT", {"location": student.told.location, "properties": properties})]


def test_a_vaults_settings_change_one_at_a_time(student: Student, vault_ready: str, sent: Bodies) -> None:
    azure = student.azure()
    azure.set_permission_model(student.group, vault_ready, rbac=True)
    azure.open_network(student.group, vault_ready)
    (_, model), (_, network) = sent
    assert model == {"properties": {"enableRbacAuthorization": True}}
    assert set(network["properties"]) == {"publicNetworkAccess", "networkAcls"}
    assert network["properties"]["publicNetworkAccess"] == "Enabled"
    assert network["properties"]["networkAcls"]["defaultAction"] == "Allow"


def test_a_machine_is_told_of_its_identities_only(student: Student, sent: Bodies) -> None:
    azure = student.azure()
    for on in (False, True):
        begun = azure.set_system_identity(student.group, student.told.vm, on=on)
        ended(begun, azure.resume_set_system_identity)
    kinds = [("PATCH", {"identity": {"type": kind}}) for kind in ("None", "SystemAssigned")]
    assert sent == kinds


GIVEN = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"


@pytest.mark.parametrize(
    ("has", "on", "kind"),
    [("UserAssigned", True, "SystemAssigned, UserAssigned"), ("SystemAssigned, UserAssigned", False, "UserAssigned")],
)
def test_identities_that_were_given_are_named_so_that_they_stay(
    student: Student, sent: Bodies, has: str, on: bool, kind: str
) -> None:
    there = {"identity": {"type": has, "userAssignedIdentities": {GIVEN: {"principalId": "p", "clientId": "c"}}}}
    student.fault(method="GET", path=f"/{student.told.vm}$", status=200, body=there)
    student.fault(method="PATCH", path=f"/{student.told.vm}$", status=200, body=there)
    student.azure().set_system_identity(student.group, student.told.vm, on=on)
    assert sent == [("PATCH", {"identity": {"type": kind, "userAssignedIdentities": {GIVEN: {}}}})]


def test_a_secret_is_enabled_and_nothing_else_of_it_changes(student: Student, vault_ready: str, sent: Bodies) -> None:
    azure, address = student.azure(), f"https://{vault_ready}.vault.azure.net/"
    azure.set_secret(address, "name", "value")
    sent.clear()
    azure.enable_secret(address, "name")
    assert [body for method, body in sent if method == "PATCH" and body] == [{"attributes": {"enabled": True}}]


def test_a_role_is_asked_for_by_one_name_however_often(student: Student, vault_ready: str, sent: Bodies) -> None:
    azure, vm = student.azure(), student.told.vm_principal_id
    vault = azure.vault(student.group, vault_ready).value
    assert vault is not None
    for scope in (vault.id, vault.id.upper()):
        azure.assign_role(scope, ROLE, vm)
    definition = (
        f"/subscriptions/{student.told.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}"
    )
    properties = {"roleDefinitionId": definition, "principalId": vm, "principalType": "ServicePrincipal"}
    assert sent == [("PUT", {"properties": properties})] * 2
    puts = [one for one in student.requests() if one.startswith("PUT") and "roleAssignments" in one]
    assert len({one.rpartition("/")[2] for one in puts}) == 1


def test_a_policys_entry_is_taken_in_the_case_it_was_written_in(
    student: Student, vault_ready: str, sent: Bodies
) -> None:
    azure, vm = student.azure(), student.told.vm_principal_id
    entry = {"tenantId": student.told.tenant_id, "objectId": vm, "permissions": {"secrets": ["Get", "LIST", "set"]}}
    vault = {"id": "/x", "name": vault_ready, "location": "eastus", "properties": {"accessPolicies": [entry]}}
    student.fault(method="GET", path=f"/vaults/{vault_ready}$", status=200, body=vault)
    wanted = AccessPolicy(vm, student.told.tenant_id, secrets=("get", "list", "purge"))
    azure.remove_access_policy(student.group, vault_ready, wanted)
    ((_, body),) = sent
    assert body["properties"]["accessPolicies"][0]["permissions"]["secrets"] == ["Get", "LIST"]


def test_the_vault_that_is_asked_about_is_of_the_model_that_is_meant(student: Student, sent: Bodies) -> None:
    azure = student.azure(may_write=False)
    for rbac in (False, True):
        azure.vault_denials(student.group, student.vault_name, student.told.location, rbac)
    planned = [body["resourceDetails"]["resourceContent"]["properties"] for _, body in sent]
    assert [one["enableRbacAuthorization"] for one in planned] == [False, True]
