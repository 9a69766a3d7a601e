"""A machine's power and identity changed; providers registered; what is seen of both."""

from __future__ import annotations

import pytest

from steps.kit.azure import AzureProblem, ProblemKind
from steps.kit.records import Done, Running, VirtualMachine
from tests.gateway.stage import Stage, Student, ended


def vm_of(student: Student) -> VirtualMachine:
    vm = student.azure(may_write=False).virtual_machine(student.group, student.told.vm).value
    assert vm is not None
    return vm


def test_a_machine_is_stopped_and_started_again(stage: Stage, student: Student) -> None:
    stage.put("timings", vm_power=0.3)
    azure, vm = student.azure(), student.told.vm
    for begin, resume, state in (
        (azure.deallocate_vm, azure.resume_deallocate_vm, "deallocated"),
        (azure.start_vm, azure.resume_start_vm, "running"),
    ):
        begun = begin(student.group, vm)
        assert isinstance(begun, Running)
        assert (begun.source.method, begun.source.status) == ("POST", 202)
        assert ended(begun, resume).value is None
        assert vm_of(student).power_state == state


def test_a_machine_that_is_not_there(student: Student) -> None:
    azure = student.azure()
    for ask in (azure.start_vm, azure.deallocate_vm, lambda *names: azure.set_system_identity(*names, on=True)):
        with pytest.raises(AzureProblem) as caught:
            ask(student.group, "no-such-vm")
        assert caught.value.kind is ProblemKind.NOT_FOUND


def test_an_identity_is_switched_off_and_a_new_one_on(student: Student) -> None:
    azure, vm = student.azure(), student.told.vm
    before = vm_of(student)
    assert isinstance(azure.set_system_identity(student.group, vm, on=True), Done)
    assert not any(one.startswith("PATCH") for one in student.requests())
    for on in (False, True):
        begun = azure.set_system_identity(student.group, vm, on=on)
        ended(begun, azure.resume_set_system_identity)
        assert bool(vm_of(student).principal_id) is on
    assert vm_of(student).principal_id != before.principal_id


def given(student: Student, name: str) -> str:
    """The id of a user-assigned identity that the student's VM has been given."""
    student.register("Microsoft.ManagedIdentity")
    group = vm_of(student).id.partition("/providers/")[0]
    identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    student.send("PUT", identity, {"location": student.told.location}, version="2023-01-31")
    kinds = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {identity: {}}}
    student.send("PATCH", vm_of(student).id, {"identity": kinds}, version="2026-04-01")
    return identity


def test_identities_that_were_given_stay_when_its_own_is_switched(student: Student) -> None:
    azure, vm = student.azure(), student.told.vm
    names = {given(student, name).lower() for name in ("id-one", "id-two")}
    before = vm_of(student).user_identities
    assert {one.id.lower() for one in before} == names
    assert all(one.principal_id and one.client_id for one in before)
    for on, kind in ((False, "UserAssigned"), (True, "SystemAssigned, UserAssigned")):
        ended(azure.set_system_identity(student.group, vm, on=on), azure.resume_set_system_identity)
        after = vm_of(student)
        assert (after.identity_type, after.user_identities) == (kind, before)


def test_a_machines_application_id_is_known_while_its_identity_is_on(student: Student) -> None:
    azure, vm = student.azure(), vm_of(student)
    seen = azure.vm_client_id(vm.id)
    assert seen.value not in (None, "", vm.principal_id)
    assert seen.source.path.startswith(f"{vm.id}/providers/Microsoft.ManagedIdentity/identities/default")
    ended(azure.set_system_identity(student.group, vm.name, on=False), azure.resume_set_system_identity)
    off = azure.vm_client_id(vm.id)
    assert (off.value, off.source.status) == (None, 404)


def test_all_machines_of_the_subscription(student: Student) -> None:
    (vm,) = student.azure(may_write=False).virtual_machines().value
    there = vm_of(student)
    assert (vm.id.lower(), vm.principal_id, vm.resource_group.lower()) == (
        there.id.lower(),
        there.principal_id,
        student.group.lower(),
    )
    assert (vm.power_state, vm.agent_status) == ("", "")


def test_a_provider_is_registered(student: Student) -> None:
    done = student.azure().register_provider("Microsoft.KeyVault")
    assert done.value.namespace == "Microsoft.KeyVault"
    assert done.value.registration_state in ("Registering", "Registered")
    assert done.source.method == "POST"
    with pytest.raises(RuntimeError, match="not among the things"):
        student.azure().register_provider("Microsoft.Network")
