"""Every look, against a fresh student: what is there, what is not, and the request that showed it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from steps.kit.records import AccessPolicy
from tests.gateway.stage import Student, ended


def test_the_subscription_its_providers_and_its_group(student: Student) -> None:
    azure = student.azure(may_write=False)
    seen = azure.subscription()
    assert seen.value is not None
    assert (seen.value.id, seen.value.state) == (student.told.subscription_id, "Enabled")
    assert (seen.source.method, seen.source.status) == ("GET", 200)
    assert seen.source.path.startswith(f"/subscriptions/{student.told.subscription_id}?api-version=")
    assert seen.source.request_id

    provider = azure.provider("Microsoft.KeyVault").value
    assert provider is not None
    assert (provider.namespace, provider.registration_state) == ("Microsoft.KeyVault", "Registered")

    group = azure.resource_group(student.group).value
    assert group is not None
    assert (group.name, group.location) == (student.group, student.told.location)


def test_when_azure_answered_is_told_by_its_own_clock(student: Student) -> None:
    azure = student.azure(may_write=False)
    assert abs((azure.resource_group(student.group).now - datetime.now(UTC)).total_seconds()) < 60
    student.stage.put("clock", offset_seconds=1800)
    until = time.monotonic() + 10  # the cloud writes a new date once a second
    while (ahead := (azure.resource_group(student.group).now - datetime.now(UTC)).total_seconds()) < 60:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert 1740 < ahead < 1860


def test_a_virtual_machine_with_its_state_in_one_request(student: Student) -> None:
    azure = student.azure(may_write=False)
    azure.subscription()
    before = len(student.requests())
    machine = azure.virtual_machine(student.group, student.told.vm).value
    assert len(student.requests()) == before + 1
    assert machine is not None
    assert (machine.name, machine.principal_id) == (student.told.vm, student.told.vm_principal_id)
    assert machine.identity_type == "SystemAssigned"
    assert (machine.power_state, machine.agent_status, machine.os_type) == ("running", "Ready", "Windows")


def test_what_is_not_there_is_an_answer_with_its_source(student: Student) -> None:
    azure = student.azure(may_write=False)
    for seen in (
        azure.resource_group("no-such-group"),
        azure.provider("Microsoft.NoSuchProvider"),
        azure.vault(student.group, student.vault_name),
        azure.vault("no-such-group", student.vault_name),
        azure.secret(student.group, student.vault_name, "no-such-secret"),
        azure.virtual_machine(student.group, "no-such-vm"),
    ):
        assert seen.value is None
        assert seen.source.status == 404
    assert azure.vaults_in_subscription().value == ()
    none = azure.secrets(student.group, student.vault_name)
    assert (none.value, none.source.status) == ((), 404)


def test_a_vault_as_it_was_made(student: Student) -> None:
    azure = student.azure()
    ended(student.begin_vault(), azure.resume_create_vault)
    vault = azure.vault(student.group, student.vault_name).value
    assert vault is not None
    assert (vault.name, vault.resource_group) == (student.vault_name, student.group)
    assert (vault.location, vault.tenant_id) == (student.told.location, student.told.tenant_id)
    assert vault.uri == f"https://{student.vault_name}.vault.azure.net/"
    assert (vault.provisioning_state, vault.rbac) == ("Succeeded", False)
    assert vault.tags == {"created-by": "lab-portal"}
    assert azure.vaults_in_subscription().value == (vault,)


def test_a_deleted_vault_is_seen_with_its_dates(student: Student) -> None:
    azure = student.azure()
    ended(student.begin_vault(), azure.resume_create_vault)
    student.delete(f"Microsoft.KeyVault/vaults/{student.vault_name}")
    (deleted,) = azure.deleted_vaults().value
    assert (deleted.name, deleted.location) == (student.vault_name, student.told.location)
    assert deleted.deletion_date is not None
    assert deleted.scheduled_purge_date is not None
    assert (deleted.scheduled_purge_date - deleted.deletion_date).days == 90
    assert azure.vault(student.group, student.vault_name).value is None


def test_whether_a_vault_name_is_free(student: Student) -> None:
    azure = student.azure()
    free = azure.vault_name_availability(student.vault_name).value
    assert (free.available, free.reason) == (True, "")
    ended(student.begin_vault(), azure.resume_create_vault)
    taken = azure.vault_name_availability(student.vault_name).value
    assert (taken.available, taken.reason) == (False, "AlreadyExists")
    assert taken.message
    bad = azure.vault_name_availability("1-bad--name").value
    assert (bad.available, bad.reason) == (False, "AccountNameInvalid")


def test_permissions_are_added_to_those_already_there(student: Student) -> None:
    azure = student.azure()
    ended(student.begin_vault(), azure.resume_create_vault)
    someone, tenant = student.told.vm_principal_id, student.told.tenant_id
    for permissions in (("get",), ("list", "set")):
        done = azure.add_access_policy(student.group, student.vault_name, AccessPolicy(someone, tenant, permissions))
        assert done.source.method == "PUT"
    vault = azure.vault(student.group, student.vault_name).value
    assert vault is not None
    (policy,) = vault.access_policies
    assert (policy.object_id, policy.tenant_id) == (someone, tenant)
    assert set(policy.secrets) == {"get", "list", "set"}


def test_a_secret_is_written_to_the_vault_and_read_through_arm(student: Student, vault_ready: str) -> None:
    azure = student.azure()
    written = azure.set_secret(f"https://{vault_ready}.vault.azure.net/", "lab-secret", "its value")
    assert (written.value.name, written.value.vault_name) == ("lab-secret", vault_ready)
    assert written.value.version
    assert written.source.method == "PUT"

    seen = azure.secret(student.group, vault_ready, "lab-secret")
    assert seen.value == written.value
    assert seen.source.path.startswith("/subscriptions/")
    assert [one.name for one in azure.secrets(student.group, vault_ready).value] == ["lab-secret"]


def test_a_key_is_no_secret_and_the_other_way_round(student: Student, vault_ready: str) -> None:
    azure = student.azure(may_write=False)
    assert azure.key(student.group, vault_ready, "lab-key").value is None
    wanted = {"name": "key-instead-of-secret", "vault": vault_ready, "secret": "lab-key"}
    student.stage.practice.ask("POST", f"/students/{student.told.subscription_id}/scenarios", wanted)
    seen = azure.key(student.group, vault_ready, "lab-key")
    assert (seen.value, seen.source.status) == ("EC", 200)
    assert azure.secret(student.group, vault_ready, "lab-key").value is None


def test_many_secrets_are_all_seen_whatever_the_pages(student: Student, vault_ready: str) -> None:
    azure = student.azure()
    names = {f"secret-{number:02d}" for number in range(30)}
    for name in names:
        azure.set_secret(f"https://{vault_ready}.vault.azure.net/", name, "value")
    assert {one.name for one in azure.secrets(student.group, vault_ready).value} == names


def test_the_caller_is_known_from_the_token_alone(student: Student) -> None:
    azure = student.azure(may_write=False)
    oid = azure.caller_object_id()
    before = student.requests()
    assert all("login.microsoftonline.com" in one for one in before)
    assert azure.caller_object_id() == oid
    assert student.requests() == before
    assert oid not in ("", student.told.client_id, student.told.vm_principal_id)
