"""The virtual machine as the preflight wants it: there, Windows, running, listening, with an identity of its own."""

from __future__ import annotations

from typing import Any

from steps.key_vault_managed_identity import az, common, looks
from steps.key_vault_managed_identity.explaining import if_told
from steps.key_vault_managed_identity.grant_access.strangers import note_of
from steps.kit.azure import AzureProblem
from steps.kit.findings import not_yet, passed
from steps.kit.records import Seen, VirtualMachine
from steps.kit.task import Context, Facts, Names
from steps.kit.verdict import Choice, Finding

_MOST = 10
"""Candidates that are named."""


def judge_vm(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The Windows VM {names.vm}, running, with its agent ready."
    seen = facts.of(looks.VM)
    if seen.value is None:
        return no_vm(names, facts, seen, wanted=wanted)
    no_use = _going_or_failed(names, Seen(seen.value, seen.source), wanted=wanted)
    if no_use is not None:
        return no_use
    asleep = common.vm_asleep(names, seen, wanted=wanted)
    if asleep is not None:
        return asleep
    return passed("vm_up", wanted=wanted, found=f"{names.vm} is running and its agent is ready.", seen=(seen,))


def _going_or_failed(names: Names, seen: Seen[VirtualMachine], *, wanted: str) -> Finding | None:
    """A machine that runs is of use, however the last operation on it went."""
    vm = seen.value
    if vm.provisioning_state == "Deleting":
        return not_yet(
            "vm_being_deleted",
            wanted=wanted,
            found=f"Azure is deleting {names.vm}.",
            next_step=f"Wait until it is gone, then create a Windows VM named {names.vm} in {names.resource_group} "
            "again. Or choose another machine of that group under Your names.",
            seen=(seen,),
        )
    if vm.provisioning_state != "Failed" or vm.power_state == "running":
        return None
    return not_yet(
        "vm_setup_failed",
        wanted=wanted,
        found=f"What Azure last did with {names.vm} failed, and it {_state(vm)}.",
        next_step=f"Start it once more (Overview, Start; or `{az.start_vm(names)}`). If that fails, too, {names.vm}, "
        "Activity log says why; often another size of machine does. Then delete it and create it again.",
        seen=(seen,),
    )


def _state(vm: VirtualMachine) -> str:
    return f"is {vm.power_state}" if vm.power_state else "does not run"


def no_vm(names: Names, facts: Facts, seen: Seen[Any], *, wanted: str) -> Finding:
    """There is no VM of that name in the group; what the subscription has instead, as far as it may be seen."""
    everywhere = if_told(facts, looks.ALL_VMS)
    if isinstance(everywhere.value, AzureProblem):
        return common.vm_missing(names, seen, wanted=wanted)
    both = (seen, everywhere)
    here = [vm for vm in everywhere.value if common.same(vm.resource_group, names.resource_group)]
    if here:
        return _other_name(names, here[:_MOST], both, wanted=wanted)
    for vm in everywhere.value:
        if common.same(vm.name, names.vm):
            return _other_group(names, vm, both, wanted=wanted)
    return common.vm_missing(names, seen, wanted=wanted)


def _other_name(names: Names, here: list[VirtualMachine], seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    listed = ", ".join(vm.name for vm in here)
    ask = f"Is {listed} the one" if len(here) == 1 else "Which of them is the one"
    return not_yet(
        "vm_under_other_name",
        wanted=wanted,
        found=f"{names.resource_group} has no virtual machine {names.vm}. It has: {listed}.",
        next_step=f"{ask} you want to use? Choose it below; under Your names you can change that later.",
        seen=seen,
        choices=tuple(Choice("vm", vm.name, f"Use {vm.name}{_about(vm)}") for vm in here),
    )


def _about(vm: VirtualMachine) -> str:
    """What helps to choose: the list of all VMs does not tell whether they run."""
    remarks = [vm.os_type] if vm.os_type and vm.os_type != "Windows" else []
    remarks += [] if vm.principal_id else ["its identity is off"]
    return f" ({', '.join(remarks)})" if remarks else ""


def _other_group(names: Names, vm: VirtualMachine, seen: tuple[Seen[Any], ...], *, wanted: str) -> Finding:
    return not_yet(
        "vm_in_other_group",
        wanted=wanted,
        found=f"{vm.name} is in the resource group {vm.resource_group}, not in {names.resource_group}.",
        next_step=f"Create a Windows VM named {names.vm} in {names.resource_group}, "
        f"or connect again with the resource group {vm.resource_group}.",
        seen=seen,
    )


def judge_identity(ctx: Context, facts: Facts) -> Finding:
    names = ctx.names
    wanted = f"The system-assigned managed identity of {names.vm} is on."
    told = if_told(facts, looks.VM)
    if told.value is None or isinstance(told.value, AzureProblem):
        return common.waits_for("vm", names.vm, (told,), wanted=wanted)
    seen: Seen[VirtualMachine | None] = Seen(told.value, told.source)
    if not told.value.principal_id:
        return common.identity_off(names, seen, wanted=wanted)
    found = f"It is on; its object id is {told.value.principal_id}."
    return passed("vm_identity_on", wanted=wanted, found=found, seen=(seen,), notes=note_of(told.value))
