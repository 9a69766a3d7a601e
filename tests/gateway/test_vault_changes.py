"""A vault's life after it was made: whom it lets in, deleted, brought back, purged."""

from __future__ import annotations

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import AccessPolicy, Done, Running, Vault
from tests.gateway.stage import Stage, Student, ended

SOMEONE = "99999999-9999-4999-8999-999999999999"


def vault_of(student: Student) -> Vault:
    vault = student.azure(may_write=False).vault(student.group, student.vault_name).value
    assert vault is not None
    return vault


def rights(student: Student, object_id: str) -> dict[str, set[str]]:
    found = [one for one in vault_of(student).access_policies if one.object_id == object_id]
    return {"secrets": set(found[0].secrets), "keys": set(found[0].keys)} if found else {}


@pytest.fixture
def made(student: Student) -> Student:
    ended(student.begin_vault(), student.azure().resume_create_vault)
    return student


@pytest.mark.parametrize("rbac", [False, True])
def test_a_vault_is_made_with_the_permission_model_asked_for(student: Student, rbac: bool) -> None:
    told, azure = student.told, student.azure()
    begun = azure.create_vault(
        student.group, student.vault_name, location=told.location, tenant_id=told.tenant_id, policies=(), rbac=rbac
    )
    assert ended(begun, azure.resume_create_vault).value.rbac is rbac
    assert vault_of(student).rbac is rbac


def test_the_permission_model_changes_and_nothing_else_does(made: Student) -> None:
    before = vault_of(made)
    for rbac in (True, False):
        done = made.azure().set_permission_model(made.group, made.vault_name, rbac=rbac)
        assert done.value.rbac is rbac
        assert done.source.method == "PATCH"
    assert vault_of(made) == before


def test_permissions_are_taken_one_by_one_and_an_empty_entry_goes(made: Student) -> None:
    azure, tenant = made.azure(), made.told.tenant_id
    given = AccessPolicy(SOMEONE, tenant, secrets=("get", "list", "purge"), keys=("get",))
    other = AccessPolicy(made.told.vm_principal_id, tenant, secrets=("get",))
    for policy in (given, other):
        azure.add_access_policy(made.group, made.vault_name, policy)
    azure.remove_access_policy(made.group, made.vault_name, AccessPolicy(SOMEONE, tenant, secrets=("list", "set")))
    assert rights(made, SOMEONE) == {"secrets": {"get", "purge"}, "keys": {"get"}}
    azure.remove_access_policy(made.group, made.vault_name, given)
    assert rights(made, SOMEONE) == {}
    assert rights(made, other.object_id)["secrets"] == {"get"}


def test_what_nobody_has_is_not_asked_to_be_taken(made: Student) -> None:
    gone = AccessPolicy(SOMEONE, made.told.tenant_id, secrets=("get",))
    done = made.azure().remove_access_policy(made.group, made.vault_name, gone)
    assert (done.source.method, done.source.status) == ("GET", 200)
    assert not any("accessPolicies" in one for one in made.requests())


def test_a_vault_that_is_closed_is_opened_and_closed_again_with_its_rules_kept(made: Student) -> None:
    azure = made.azure()
    assert vault_of(made).open_to_all_networks
    made.patch_vault({"networkAcls": {"defaultAction": "Deny", "bypass": "None", "ipRules": [{"value": "1.2.3.4"}]}})
    closed = vault_of(made)
    assert (closed.default_action, closed.public_access, closed.open_to_all_networks) == ("Deny", True, False)
    assert [one.partition("/")[0] for one in closed.let_in] == ["1.2.3.4"]

    opened = azure.open_network(made.group, made.vault_name).value
    assert opened.open_to_all_networks
    assert opened.let_in == closed.let_in
    azure.restrict_network(made.group, made.vault_name, public_access=False, default_action="Deny")
    assert not vault_of(made).public_access
    again = azure.restrict_network(made.group, made.vault_name, public_access=True, default_action="Deny").value
    assert again == closed


def test_a_deleted_vault_is_listed_and_comes_back_as_it_was(made: Student) -> None:
    azure = made.azure()
    azure.add_access_policy(made.group, made.vault_name, AccessPolicy(SOMEONE, made.told.tenant_id, secrets=("get",)))
    before = vault_of(made)
    for status in (200, 204):
        assert azure.delete_vault(made.group, made.vault_name).source.status == status
    (gone,) = azure.deleted_vaults().value
    assert (gone.vault_id.lower(), gone.purge_protection) == (before.id.lower(), False)
    back = ended(azure.recover_vault(gone.vault_id, gone.location), azure.resume_create_vault)
    assert back.value.name == made.vault_name
    assert vault_of(made) == before
    assert azure.deleted_vaults().value == ()


def test_a_vault_in_a_group_that_is_not_there_is_gone_already(student: Student) -> None:
    assert student.azure().delete_vault("no-such-group", student.vault_name).source.status == 404


def test_purging_starts_and_returns_and_ends(stage: Stage, made: Student) -> None:
    stage.put("timings", vault_purge=0.3)
    azure = made.azure()
    azure.delete_vault(made.group, made.vault_name)
    begun = azure.purge_vault(made.vault_name, made.told.location)
    assert isinstance(begun, Running)
    assert (begun.source.method, begun.source.status) == ("POST", 202)
    assert ended(begun, azure.resume_purge_vault).value is None
    assert azure.deleted_vaults().value == ()
    assert azure.vault_name_availability(made.vault_name).value.available
    again = azure.purge_vault(made.vault_name, made.told.location)
    assert isinstance(again, Done)
    assert again.source.status == 404


def test_what_is_protected_from_purging_says_so(made: Student) -> None:
    azure = made.azure()
    made.patch_vault({"enablePurgeProtection": True})
    assert vault_of(made).purge_protection
    azure.delete_vault(made.group, made.vault_name)
    (gone,) = azure.deleted_vaults().value
    assert gone.purge_protection
    with pytest.raises(AzureProblem) as caught:
        azure.purge_vault(made.vault_name, made.told.location)
    assert caught.value.kind is ProblemKind.PROTECTED
    assert not caught.value.transient
