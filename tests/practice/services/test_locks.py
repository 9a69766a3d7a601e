"""Locks: what is kept from being deleted or changed, and by whom."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.services.clients import POLL, Azure

VERSION = "api-version=2020-05-01"


def lock(azure: Azure, scope: str, level: str, name: str = "keep") -> Any:
    path = f"{scope}/providers/Microsoft.Authorization/locks/{name}?{VERSION}"
    return azure.arm("PUT", path, {"properties": {"level": level, "notes": "of the class"}})


def places(azure: Azure) -> tuple[str, str]:
    group = f"{azure.scope}/resourceGroups/{azure.group}"
    return group, f"{group}/providers/Microsoft.KeyVault/vaults/{azure.name}"


def refused(raised: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str | None]:
    return raised.value.status_code, raised.value.error.code if raised.value.error else None


@pytest.mark.parametrize("at", ["subscription", "group", "vault"])
def test_a_locked_vault_is_not_deleted_until_the_lock_is_lifted(azure: Azure, at: str) -> None:
    azure.create_vault()
    group, vault = places(azure)
    scope = {"subscription": azure.scope, "group": group, "vault": vault}[at]
    assert lock(azure, scope, "CanNotDelete").status_code == 201
    with pytest.raises(HttpResponseError, match="following scope") as raised:
        azure.keyvault.vaults.delete(azure.group, azure.name)
    assert refused(raised) == (409, "ScopeLocked")
    assert f"'{scope}'" in str(raised.value)
    azure.create_vault(accessPolicies=[])
    lifted = azure.arm("DELETE", f"{scope}/providers/Microsoft.Authorization/locks/keep?{VERSION}")
    assert lifted.status_code == 200
    azure.keyvault.vaults.delete(azure.group, azure.name)


def test_what_holds_something_locked_is_not_deleted_either(azure: Azure) -> None:
    azure.create_vault()
    lock(azure, places(azure)[1], "CanNotDelete")
    with pytest.raises(HttpResponseError) as raised:
        azure.resources.resource_groups.begin_delete(azure.group, polling_interval=POLL).result()
    assert refused(raised) == (409, "ScopeLocked")
    azure.compute.virtual_machines.begin_delete(azure.group, azure.vm, polling_interval=POLL).result()


def test_a_read_only_lock_refuses_changes_and_leaves_secrets_alone(azure: Azure) -> None:
    azure.create_vault()
    group, vault = places(azure)
    lock(azure, group, "ReadOnly")
    for change in (
        azure.create_vault,
        lambda: azure.assign("Reader", azure.oid, vault, "6" * 8 + "-6666-4666-8666-666666666666"),
    ):
        with pytest.raises(HttpResponseError) as raised:
            change()
        assert refused(raised) == (409, "ScopeLocked")
    assert azure.arm("POST", f"{azure.vm_id}/deallocate?api-version=2024-11-01").status_code == 409
    assert azure.secrets().set_secret("lab", "value").value == "value"
    assert azure.keyvault.vaults.get(azure.group, azure.name).name == azure.name


def test_locks_are_shown_and_listed(azure: Azure) -> None:
    group, _ = places(azure)
    made = lock(azure, group, "readonly").json()
    assert made["properties"] == {"level": "ReadOnly", "notes": "of the class"}
    assert lock(azure, group, "CanNotDelete").status_code == 200
    for scope in (azure.scope, group, azure.vm_id):
        found = azure.arm("GET", f"{scope}/providers/Microsoft.Authorization/locks?{VERSION}").json()["value"]
        assert [one["id"] for one in found] == [made["id"]]
    assert azure.arm("GET", f"{made['id']}?{VERSION}").json()["properties"]["level"] == "CanNotDelete"
    assert lock(azure, group, "Sometimes").status_code == 400
    assert azure.arm("GET", f"{made['id']}-other?{VERSION}").status_code == 404
    assert azure.arm("DELETE", f"{made['id']}-other?{VERSION}").status_code == 204
