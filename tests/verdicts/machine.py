"""Rows about the preflight: the machine and its identity."""

from __future__ import annotations

from tests.verdicts.before import vm_shown
from tests.verdicts.case import Case
from tests.verdicts.preflight import WAITS, row


def vm(scenario: str, **more: object) -> Case:
    return Case(scenario, "preflight", "vm", **more)  # type: ignore[arg-type]


CASES = (
    vm("vm-missing", reason="vm_missing", found=("no virtual machine {vm}",), next_step=("a Windows VM named {vm}",)),
    vm(
        "vm-in-other-group",
        reason="vm_in_other_group",
        found=("{vm} is in the resource group rg-other",),
        next_step=("{resource_group}", "rg-other"),
    ),
    vm(
        "vm-other-name",
        reason="vm_under_other_name",
        found=("has no virtual machine {vm}", "{vm}-2"),
        next_step=("Choose it below",),
        choices=("{vm}-2",),
    ),
    vm("vm-two", reason="vm_up"),
    vm(
        "vm-several-none-agreed",
        reason="vm_under_other_name",
        found=("{vm}-2, {vm}-3",),
        next_step=("Which of them",),
        choices=("{vm}-2", "{vm}-3"),
    ),
    vm(
        "vm-deallocated",
        reason="vm_not_running",
        found=("{vm} is deallocated",),
        next_step=("az vm start --resource-group {resource_group} --name {vm}",),
        remedy="start-vm",
    ),
    vm(
        "vm-powered-off",
        reason="vm_not_running",
        found=("{vm} is stopped",),
        next_step=("Start {vm}",),
        remedy="start-vm",
    ),
    vm(
        "",
        reason="vm_setup_failed",
        found=("{vm} failed", "does not run"),
        next_step=("az vm start", "Activity log"),
        remedy="start-vm",
        title="Azure could not set the VM up",
        before=(vm_shown("", "Failed"),),
    ),
    vm(
        "",
        reason="vm_being_deleted",
        found=("deleting {vm}",),
        next_step=("Wait until it is gone", "Your names"),
        title="The VM is being deleted",
        before=(vm_shown("running", "Deleting"),),
    ),
    vm(
        "",
        reason="vm_not_running",
        found=("{vm} is deallocating",),
        next_step=("Wait a moment until Azure has stopped it. Then start {vm}",),
        remedy="start-vm",
        title="The VM is just being stopped",
        before=(vm_shown("deallocating", "Updating"),),
    ),
    vm("vm-starting", reason="vm_not_up_yet", found=("{vm} is starting",), next_step=(WAITS,)),
    vm(
        "vm-agent-silent",
        reason="vm_agent_not_ready",
        found=("its agent is not ready",),
        next_step=("az vm restart --resource-group {resource_group} --name {vm}",),
    ),
    row(
        "vm-identity-off",
        "vm-identity",
        "vm_identity_off",
        ("identity of {vm} is off",),
        (
            "az vm identity assign --resource-group {resource_group} --name {vm}",
            "a new object id then",
            "let it in anew (Task 3)",
        ),
        remedy="turn-identity-on",
    ),
    row(
        "vm-user-identity-only",
        "vm-identity",
        "vm_only_user_assigned",
        ("id-lab", "user-assigned"),
        ("az vm identity assign", "may stay"),
        remedy="turn-identity-on",
    ),
    vm(
        "vm-linux",
        reason="vm_not_windows",
        found=("{vm} runs Linux",),
        next_step=("a Windows VM", "Your names"),
    ),
)
