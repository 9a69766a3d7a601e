"""The Azure in memory is the whole protocol, and keeps what Azure promises."""

from __future__ import annotations

import inspect

import pytest

from steps.kit.azure import Azure, AzureProblem, ProblemKind
from steps.kit.reader import AzureReader
from steps.kit.records import AccessPolicy, Done, Running
from tests.steps.fake_azure import (
    CALLER,
    GROUP_PATH,
    NAMES,
    PRINCIPAL,
    SECRETS_OFFICER,
    SECRETS_USER,
    FakeAzure,
    a_user_identity,
    a_vault,
    a_vm,
    after_task,
    policy_for,
    set_vault,
)

METHODS = [*vars(AzureReader), *vars(Azure)]


@pytest.mark.parametrize("name", sorted(name for name in METHODS if not name.startswith("_")))
def test_every_method_is_there_as_the_protocol_has_it(name: str) -> None:
    wanted, has = (inspect.signature(getattr(one, name)) for one in (Azure, FakeAzure))
    assert list(has.parameters.values()) == list(wanted.parameters.values())
    assert has.return_annotation == wanted.return_annotation


def test_a_deleted_vault_keeps_its_name_until_it_is_purged_and_comes_back_with_its_secrets() -> None:
    azure = after_task(3)
    azure.delete_vault("rg-anna", NAMES.vault)
    azure.delete_vault("rg-anna", NAMES.vault)
    assert azure.vault("rg-anna", NAMES.vault).value is None
    assert azure.secret("rg-anna", NAMES.vault, NAMES.secret).value is None
    assert not azure.vault_name_availability(NAMES.vault).value.available
    (gone,) = azure.deleted_vaults().value
    azure.recover_vault(gone.vault_id, gone.location)
    assert azure.deleted_vaults().value == ()
    assert azure.secret("rg-anna", NAMES.vault, NAMES.secret).value is not None
    azure.delete_vault("rg-anna", NAMES.vault)
    for _ in range(2):
        assert isinstance(azure.purge_vault(NAMES.vault, NAMES.location), Done)
    assert azure.vault_name_availability(NAMES.vault).value.available
    assert azure.kept_secrets == {}


def test_what_takes_a_while_is_over_when_it_is_resumed() -> None:
    azure = FakeAzure(slow=True, vm=a_vm(power_state="deallocated", agent_status="Not Ready"))
    begun = azure.start_vm("rg-anna", NAMES.vm)
    assert isinstance(begun, Running)
    assert azure.vm is not None
    assert azure.vm.power_state == "starting"
    assert isinstance(azure.resume_start_vm(begun.token), Done)
    assert (azure.vm.power_state, azure.vm.agent_status) == ("running", "Ready")


def test_a_secret_deleted_slowly_is_seen_among_the_deleted_at_the_second_look() -> None:
    azure = after_task(2)
    azure.slow = True
    azure.delete_secret(NAMES.vault_uri, NAMES.secret)
    seen = [azure.deleted_secret(NAMES.vault_uri, NAMES.secret).value for _ in range(2)]
    assert [one is not None for one in seen] == [False, True]


def test_a_vault_deleted_just_now_may_be_listed_late() -> None:
    azure = after_task(1)
    azure.lists_late = True
    azure.delete_vault("rg-anna", NAMES.vault)
    assert [len(azure.deleted_vaults().value) for _ in range(2)] == [0, 1]


def test_an_identity_switched_on_anew_is_another_one_and_others_stay() -> None:
    azure = FakeAzure(vm=a_vm(user_identities=(a_user_identity("id-anna", "77777777"),)))
    for on in (False, True):
        azure.set_system_identity("rg-anna", NAMES.vm, on=on)
    vm = azure.virtual_machine("rg-anna", NAMES.vm).value
    assert vm is not None
    assert (vm.identity_type, len(vm.user_identities)) == ("SystemAssigned, UserAssigned", 1)
    assert vm.principal_id not in ("", PRINCIPAL)
    assert azure.vm_client_id(vm.id).value


def test_rights_are_joined_and_taken_one_by_one_and_an_empty_entry_goes() -> None:
    azure = FakeAzure(kept_vaults=[a_vault()])
    for rights in (("get",), ("list", "get")):
        azure.add_access_policy("rg-anna", NAMES.vault, policy_for(PRINCIPAL, *rights))
    azure.remove_access_policy("rg-anna", NAMES.vault, policy_for(PRINCIPAL, "get"))
    assert azure.kept_vaults[0].access_policies == (AccessPolicy(PRINCIPAL, NAMES.tenant_id, ("list",)),)
    azure.remove_access_policy("rg-anna", NAMES.vault, policy_for(PRINCIPAL, "list"))
    assert len(azure.kept_vaults[0].access_policies) == 0


def test_a_vault_goes_by_roles_or_by_policies_never_by_both() -> None:
    azure = after_task(2)
    set_vault(azure, rbac=True)
    with pytest.raises(AzureProblem) as caught:
        azure.set_secret(NAMES.vault_uri, NAMES.secret, "value")
    assert (caught.value.kind, caught.value.code) == (ProblemKind.NOT_AUTHORIZED, "ForbiddenByRbac")
    azure.assign_role(GROUP_PATH, SECRETS_USER, CALLER)
    assert azure.deleted_secret(NAMES.vault_uri, NAMES.secret).value is None
    for _ in range(2):
        azure.assign_role(a_vault().id, SECRETS_OFFICER, CALLER)
    azure.set_secret(NAMES.vault_uri, NAMES.secret, "value")
    mine = azure.role_assignments(a_vault().id, CALLER).value
    assert {one.role_name for one in mine} == {"Key Vault Secrets User", "Key Vault Secrets Officer"}
    assert [one.scope for one in azure.role_assignments(GROUP_PATH, CALLER).value] == [GROUP_PATH]
    for one in mine:
        azure.remove_role(one.id)
    assert azure.assignments == []
